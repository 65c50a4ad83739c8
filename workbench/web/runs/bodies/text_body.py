"""Text as it is, and anything else as hex with a column of text."""

from collections.abc import Iterator, Sequence, Set

from workbench.web.runs.bodies import search
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View, cut_note, shown_part
from workbench.web.runs.bodies.charset import TEXT_TYPES, printable_share
from workbench.web.ui.highlight import Token

_ROW = 16
"""Bytes in a line."""
_HEX_SHOWN = 4_096
"""Bytes of a binary body that are shown."""
_KINDS = (
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"OggS", "Ogg audio or video"),
    (b"ID3", "MP3 audio"),
    (b"SQLite format 3\0", "an SQLite database"),
)
"""What a body is by its first bytes."""


def view(source: Source) -> View | None:
    """The text of a body that reads as text."""
    text = source.text
    if text is None or (printable_share(text) < 0.9 and not source.media.startswith(TEXT_TYPES)):
        return None
    if source.find:
        return view_matches(text, [(Token(line),) for line in shown_part(text, source.find).splitlines()], source.find)
    return View("text", text=text[:TEXT_SHOWN], notes=cut_note(text))


def view_matches(text: str, lines: Sequence[Sequence[Token]], find: str) -> View:
    """The shown lines of a text with what was searched for marked, and how often the whole text has it."""
    shown = shown_part(text, find)
    matches = min(str(text).lower().count(find.lower()), search.MOST)
    return View("markup", lines=search.marked(lines, find), notes=cut_note(text, shown), matches=matches)


def view_hex(source: Source) -> View:
    """The first bytes of any body, sixteen to a line, or those around the first match of what is searched for."""
    body, wanted = source.message.body, source.find.lower().encode("utf-8", "replace")
    at = body.lower().find(wanted) if wanted else 0
    first = max(0, at - 64) // 16 * 16 if at > _HEX_SHOWN - 64 else 0
    stop = min(len(body), first + _HEX_SHOWN)
    hits = set(_places(body[:stop].lower(), wanted, first)) if wanted else set[int]()
    rows = [(start, body[start : min(stop, start + _ROW)]) for start in range(first, stop, _ROW)]
    lines = tuple(tuple(_hex_line(start, row, hits)) for start, row in rows)
    kind = tuple(words for magic, words in _KINDS if body.startswith(magic))
    shown = f"{_HEX_SHOWN:,} bytes around the first match" if first else f"the first {_HEX_SHOWN:,}"
    note = (f"The hex view shows {shown} of {len(body):,} recorded bytes.",) if len(body) > _HEX_SHOWN else ()
    matches = min(body.lower().count(wanted), search.MOST) if wanted else None
    return View("binary", lines=lines, notes=note, facts=kind, matches=matches)


def _places(body: bytes, wanted: bytes, start: int) -> Iterator[int]:
    """The places of all bytes of all matches from ``start`` on."""
    at = body.find(wanted, start)
    while at >= 0:
        yield from range(at, at + len(wanted))
        at = body.find(wanted, at + len(wanted))


def _hex_line(start: int, row: bytes, hits: Set[int]) -> Iterator[Token]:
    """A line in tokens: the place of its first byte, the bytes, and as text what can be printed of them."""
    head, text = f"{start:04x}  ", "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
    line = Token(f"{head}{row.hex(' '):<{3 * _ROW - 1}}  {text}")
    found = [at for at in range(len(row)) if start + at in hits]
    column = len(head) + 3 * _ROW + 1
    in_hex = [(len(head) + 3 * at, len(head) + 3 * at + (3 if at + 1 in found else 2)) for at in found]
    return search.pieces(line, [*in_hex, *((column + at, column + at + 1) for at in found)])
