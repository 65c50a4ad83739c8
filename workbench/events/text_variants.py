"""The variants of a text: as it is, and with its escapes undone, up to three deep, each with its places in the text.

A secret is looked for in every variant. To undo the escapes of a text takes time in proportion to its length, whatever
the text; a pattern for all forms of a secret, tried at every place, does not.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from html.entities import html5

_DEPTH = 3
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

_PERCENT = re.compile(r"%(?:([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))")
_BACKSLASH = re.compile(
    r"\\(?:u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})"
    r"|U([0-9A-Fa-f]{8})|([nrtbf\"'/\\]))"
)
_ENTITY = re.compile(r"&(?:#([0-9]{1,8}|[xX][0-9A-Fa-f]{1,8})|[A-Za-z][A-Za-z0-9]{1,30});")


class TextVariant:
    """A text, and the place of each of its characters in the text that it was made from."""

    def __init__(
        self, text: str, *, of: "TextVariant | None" = None, bounds: tuple[list[int], list[int]] = ([], [])
    ) -> None:
        self.text = text
        self._of = of
        self._here, self._there = bounds

    def place(self, position: int, *, end: bool = False) -> int:
        """Where a boundary between two characters lies in the first text of all."""
        if self._of is None:
            return position
        index = bisect_right(self._here, position) - 1
        if index < 0:
            return self._of.place(position, end=end)
        within = position - self._here[index]
        if within and index % 2 == 0:  # within an escape that stands for several characters
            return self._of.place(self._there[index + 1] if end else self._there[index], end=end)
        return self._of.place(self._there[index] + within, end=end)


class TextVariants:
    """All variants of one text, made when they are first asked for."""

    def __init__(self, text: str) -> None:
        self.plain = TextVariant(text)
        self._known: dict[str, bool] = {}

    def have(self, literal: str) -> bool:
        """Whether it occurs in the text as it stands; asked once, since many needles share an anchor."""
        known = self._known.get(literal)
        if known is None:
            known = self._known[literal] = literal in self.plain.text
        return known

    def __iter__(self) -> Iterator[TextVariant]:
        yield self.plain
        yield from self._undone

    @cached_property
    def _undone(self) -> list[TextVariant]:
        found, seen, layer = [], {self.plain.text}, [self.plain]
        for _ in range(_DEPTH):
            layer = [made for variant in layer for made in _undo_each(variant) if _is_new(made.text, seen)]
            found += layer
        return found


def _is_new(text: str, seen: set[str]) -> bool:
    if text in seen:
        return False
    seen.add(text)
    return True


def _undo_each(variant: TextVariant) -> Iterator[TextVariant]:
    for mark, pattern, decode in _ESCAPES:
        if mark in variant.text:
            yield _undo(variant, pattern, decode)


def _undo(variant: TextVariant, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str]) -> TextVariant:
    """The variant with one kind of escape undone once. Bounds come in pairs: where an escape begins, where it ends."""
    text = variant.text
    pieces: list[str] = []
    here: list[int] = []
    there: list[int] = []
    read, length = 0, 0
    for match in pattern.finditer(text):
        start, end = match.span()
        char = decode(match)
        pieces += (text[read:start], char)
        length += start - read
        here += (length, length + len(char))
        there += (start, end)
        length += len(char)
        read = end
    pieces.append(text[read:])
    return TextVariant("".join(pieces), of=variant, bounds=(here, there))


def _percent(match: re.Match[str]) -> str:
    """A byte read as Latin-1; the UTF-8 of a character is looked for in that form."""
    return chr(int(match[1] or match[2], 16))


def _backslash(match: re.Match[str]) -> str:
    high, low, unit, byte, point, short = match.groups()
    if short:
        return _SHORT.get(short, short)
    if low:
        return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
    number = int(unit or byte or point, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def _entity(match: re.Match[str]) -> str:
    """A number is taken as it is, unlike in a browser, which maps some to other characters."""
    if match[1] is None:
        return html5.get(match[0][1:], match[0])
    number = int(match[1][1:], 16) if match[1][0] in "xX" else int(match[1])
    return chr(number) if number <= 0x10FFFF else "\ufffd"


_ESCAPES = (("%", _PERCENT, _percent), ("\\", _BACKSLASH, _backslash), ("&", _ENTITY, _entity))
