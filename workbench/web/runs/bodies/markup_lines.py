"""XML that stands on one long line, as indented lines: breaks between tags only, so that no text changes."""

from collections.abc import Iterator
from typing import Final

from workbench.domain.masked_text import join

_LONG: Final = 160
"""Characters of a line from which on XML is indented."""
_DEEPEST: Final = 40
_WHOLE: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<", ">"))
"""What begins a piece of markup, and what ends it."""


def is_long(text: str) -> bool:
    """Whether a line of the text is too long to be read."""
    return any(len(line) > _LONG and "><" in line for line in str(text).splitlines())


def indent(text: str) -> list[str]:
    """The lines. A tag stands on the line of the text before it."""
    lines: list[str] = []
    pieces: list[str] = []
    depth, before = 0, ""
    for piece, kind in _pieces(text):
        if kind == "blank":
            continue
        if kind == "end":
            depth = max(0, depth - 1)
        goes_on = kind == "text" or before == "text" or (kind == "end" and before == "start")
        if pieces and not goes_on:
            lines.append(join(pieces))
            pieces = []
        if not pieces:
            pieces.append("  " * min(depth, _DEEPEST))
        pieces.append(piece)
        depth += kind == "start"
        before = kind
    return [*lines, join(pieces)] if pieces else lines


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Each piece of the text with its kind: ``start``, ``end``, ``other`` markup, ``text``, ``blank``."""
    plain, at = str(text), 0
    while at < len(plain):
        stop = plain.find("<", at)
        stop = len(plain) if stop < 0 else stop
        if stop > at:
            yield text[at:stop], "text" if plain[at:stop].strip() else "blank"
        if stop == len(plain):
            return
        start, end = next((start, end) for start, end in _WHOLE if plain.startswith(start, stop))
        close = plain.find(end, stop + len(start))
        at = len(plain) if close < 0 else close + len(end)
        yield text[stop:at], _kind(plain[stop : stop + 2], plain[at - 2 : at])


def _kind(start: str, end: str) -> str:
    if start == "</":
        return "end"
    return "other" if start in ("<!", "<?") or end == "/>" else "start"
