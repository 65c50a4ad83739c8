"""The body of a request or response as a value: its media type, its text, its JSON."""

import codecs
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Self

from workbench.domain import ABSENT, JSON, Absent, Headers
from workbench.domain.content_type import content_type_of
from workbench.domain.masked_text import decode_text, read_with_masks

PARSED = 4_000_000
"""Bytes of JSON that are parsed for showing; a longer body is shown as text."""

_OF_NAMES = ("punycode", "idna")
"""Charsets of Python for names of hosts: no body has them, and for a long text they take minutes."""


_MARKS = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}
_SAMPLE = 2_000


def content_type(headers: Headers) -> tuple[str, str]:
    """The media type in lower case and the charset (``utf-8`` where none is named)."""
    found = content_type_of(headers)
    return found.media, found.charset if found.charset not in ("", *_OF_NAMES) else "utf-8"


def decode(body: bytes, charset: str) -> str | None:
    """The text of a body, or None where it is not text. A character cut in two at the end does not count."""
    try:
        "x".encode(charset)  # refuses what is no encoding of text, such as "zlib", which would unpack
        decoder = codecs.getincrementaldecoder(with_byte_order(charset, body))
        return decode_text(body, lambda data: decoder().decode(data))
    except LookupError:
        return decode(body, "utf-8")
    except ValueError:
        return None


def with_byte_order(charset: str, body: bytes) -> str:
    """The charset, with a byte order where it has two and the body no mark: the one in which more zeros come first.

    RFC 2781 takes big endian then; servers of Windows send little endian. Raises :class:`LookupError`.
    """
    name = codecs.lookup(charset).name
    if name not in _MARKS or body.startswith(_MARKS[name]):
        return charset
    width = len(_MARKS[name][0])
    sample = bytes(body[:_SAMPLE])
    is_little = sample[width - 1 :: width].count(0) > sample[::width].count(0)
    return f"{name}-le" if is_little else f"{name}-be"


class SpelledNumber(float):
    """A number of a body, with the text that it was written as: ``1.10``, ``1e400``."""

    text: str

    def __new__(cls, text: str) -> Self:
        """The number that ``text`` is in JSON."""
        number = super().__new__(cls, text)
        number.text = text
        return number


class RepeatedKeys(dict[str, JSON]):
    """An object of a body that has some keys more than once; ``times`` says how often, the last value is in it."""

    times: Mapping[str, int]

    def __init__(self, pairs: Sequence[tuple[str, JSON]]) -> None:
        """The object of the ``pairs`` as they were written."""
        super().__init__(pairs)
        self.times = {name: times for name, times in Counter(name for name, _ in pairs).items() if times > 1}


def parse(headers: Headers, body: bytes) -> JSON | Absent:
    """The JSON value of a body, or ABSENT where it is none."""
    return _parse(headers, body, json.loads)


def parse_text(text: str) -> JSON | Absent:
    """The JSON value that a text is, fractions as they were written; ABSENT where it is none."""
    try:
        value: JSON = read_with_masks(text, partial(json.loads, parse_float=SpelledNumber))
    except (ValueError, RecursionError):
        return ABSENT
    return value


def parse_as_written(headers: Headers, body: bytes) -> tuple[JSON | Absent, frozenset[str]]:
    """The same for showing, and the keys that an object has more than once.

    Fractions are :class:`SpelledNumber`; where nothing is masked, objects with such keys are :class:`RepeatedKeys`.
    """
    repeated: set[str] = set()

    def pairs(found: list[tuple[str, JSON]]) -> JSON:
        made = dict(found)
        if len(made) == len(found):
            return made
        marked = RepeatedKeys(found)
        repeated.update(marked.times)
        return marked

    value = _parse(headers, body, partial(json.loads, parse_float=SpelledNumber, object_pairs_hook=pairs))
    return value, frozenset(repeated)


def _parse(headers: Headers, body: bytes, loads: Callable[[str], JSON]) -> JSON | Absent:
    media, charset = content_type(headers)
    looks = body[:1].strip() in (b"{", b"[") or "json" in media
    if not looks or len(body) > PARSED:
        return ABSENT
    try:
        value: JSON = read_with_masks(decode(body, _json_charset(headers, body, charset)) or "", loads)
    except (ValueError, RecursionError):
        return ABSENT
    return value


def _json_charset(headers: Headers, body: bytes, charset: str) -> str:
    """The ``charset``; where none is named, UTF-16 or UTF-32 if its first bytes show it: requests reads it so."""
    found = "" if content_type_of(headers).charset else json.detect_encoding(body[:4])
    return found if found.startswith(("utf-16", "utf-32")) else charset
