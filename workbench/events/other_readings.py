"""Other readings of a text or of bytes that may hold a secret: quoted-printable, wrapped lines, compressed data."""

import re
import zlib
from collections.abc import Callable, Iterator, Sequence

from workbench.events.text_layers import Layer, fold

SHORTEST = 12
"""Characters of what is looked for in these readings: two lines may hold a shorter one by accident."""

_QUOTED = re.compile(r"=(?:[0-9A-F]{2}|[ \t]*(?:\r?\n|(?:\\r)?\\n))")
_IS_QUOTED = re.compile(r"=(?:3D|[C-F][0-9A-F]|[0-9A-F]{2}(?:=[0-9A-F]{2}){3}|[ \t]*(?:\r?\n|(?:\\r)?\\n)(?=[^\s=]))")
"""What tells quoted-printable from the parameters of a URL: its equals sign, a byte beyond ASCII, a soft line break."""

_COLOUR = r"(?:\x1b|\\u001b|\\x1b)\[[0-9;:]*[A-Za-z]"
_UNSEEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
"""Characters that are not seen; bytes are read as Latin-1, so that they stand there as their UTF-8."""
_NOT_ASCII = (*(char.encode().decode("latin-1") for char in _UNSEEN), *_UNSEEN)
_ENDS_OF_LINES = ("\\r", "\\n", "\r", "\n")
_BETWEEN = re.compile("|".join((_COLOUR, *map(re.escape, (*_NOT_ASCII, *_ENDS_OF_LINES)))))
_COLOURS = re.compile(_COLOUR)
_BEGINNINGS_OF_COLOURS = ("\x1b[", "1b[")

_HEADS = (b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""What gzip and zlib begin with."""
_ANY_HEAD = 32 + zlib.MAX_WBITS
_MOST = 8 * 1024 * 1024
"""Bytes that are inflated at most."""


def places_otherwise(text: str, literals: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Where literals, given in lower case with their names, stand in quoted-printable or with something in between."""
    if "=" in text and _IS_QUOTED.search(text):
        quoted = _QUOTED.sub(lambda match: _unquoted(match[0]), text)
        yield from _places(text, quoted, _QUOTED, _unquoted, literals)
    joined = _COLOURS.sub("", text) if any(start in text for start in _BEGINNINGS_OF_COLOURS) else text
    for each in _ENDS_OF_LINES if text.isascii() else (*_NOT_ASCII, *_ENDS_OF_LINES):
        joined = joined.replace(each, "")
    if len(joined) < len(text):
        yield from _places(text, joined, _BETWEEN, _nothing, literals)


def inflated(data: bytes) -> bytes:
    """What gzip or zlib had compressed, as far as it can be read; empty where it is neither."""
    if not data.startswith(_HEADS):
        return b""
    try:
        return zlib.decompressobj(_ANY_HEAD).decompress(data, _MOST)
    except zlib.error:
        return b""


def _places(
    text: str, reading: str, pattern: re.Pattern[str], undo: Callable[[str], str], literals: Sequence[tuple[str, str]]
) -> Iterator[tuple[int, int, str]]:
    folded, layer = fold(reading), Layer(reading, Layer(text), pattern, undo)
    for literal, name in literals:
        start = folded.find(literal)
        while start >= 0:
            end = start + len(literal)
            # what stands behind the last character of a secret, as the end of its line, is not of it
            last = layer.place(end - 1) + 1 if undo is _nothing else layer.place(end, end=True)
            yield layer.place(start), last, name
            start = folded.find(literal, end)


def _unquoted(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) == 3 and escape[1:].isalnum() else ""


def _nothing(_: str) -> str:
    return ""
