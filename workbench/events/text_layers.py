"""The layers of a text: as it is, and with its escapes undone again and again until none is left.

A secret is looked for in every layer, and what is found has its place in the first. To undo the escapes of a text takes
time in proportion to its length, whatever the text; a pattern for all forms of a secret, tried at each place, does not.
"""

import contextlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from html.entities import html5

_STEPS = 8
"""Layers that are made one escape at a time; what is nested deeper is collapsed first."""
_LONG = 10_000
"""Characters from which on bytes that are read as Latin-1 get their lower case by a table, three times as fast."""
_LATIN_1_LOWER = bytes(ord(chr(code).lower()) for code in range(256))
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

_ESCAPE = re.compile(
    r"%(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})"
    r"|\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}"
    r"|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|[0-3][0-7]{2}|[nrtbf\"'/\\])"
    r"|&(?:#(?:[0-9]{1,8}|[xX][0-9A-Fa-f]{1,8})|[A-Za-z][A-Za-z0-9]{1,30});"
    r"|\"\"|''|\x00"
)
"""Percent, backslash and HTML escapes, the doubled quotes of CSV and SQL, and the zero bytes of UTF-16."""
_BEGINNINGS = ("%", "\\", "&", '""', "''", "\x00")
"""With one of them begins each of these."""
_REPEATED = re.compile(r"%(?:25)+(?=25|[0-9A-Fa-f]{2})|\\{2,}|&(?:amp;)+|\"{2,}|'{2,}")
_SPELLED_OUT = tuple(
    (beginning, re.compile(pattern))
    for beginning, pattern in (
        ("%", "%(?:25)*(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])"),
        ("u00", "u00[3-7][0-9A-Fa-f]"),
        ("x", "x[3-7][0-9A-Fa-f]"),
        ("U000000", "U000000[3-7]"),
        ("u0000", "u0000"),
        ("u{", r"u\{0*[3-7][0-9A-Fa-f]\}"),
        ("\\1", r"\\1[0-7]{2}"),
        ("#", "#[xX]?[0-9A-Fa-f]{2,8}(?:;|%(?:25)*3[Bb])"),
        ("%", "%(?:25)*23[xX]?[0-9A-Fa-f]{2,8}(?:;|%(?:25)*3[Bb])"),
    )
)
"""What an encoder writes that escapes even letters and digits, with what each begins with: a literal is found at once,
while one pattern of them all is tried at each character."""


def fold(text: str) -> str:
    """``text`` in lower case, each character at its place."""
    if len(text) > _LONG and not text.isascii():
        with contextlib.suppress(UnicodeEncodeError):
            return text.encode("latin-1").translate(_LATIN_1_LOWER).decode("latin-1")
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(map(_lower, text))


class Layer:
    """A text, made from the one ``below`` by undoing what ``pattern`` finds; the first has none below."""

    def __init__(
        self,
        text: str,
        below: "Layer | None" = None,
        pattern: re.Pattern[str] = _ESCAPE,
        undo: Callable[[str], str] = str,
    ) -> None:
        self.text = text
        self._below = below
        self._pattern = pattern
        self._undo = undo

    @cached_property
    def folded(self) -> str:
        """The text in lower case, each character at its place."""
        return fold(self.text)

    def place(self, position: int, *, end: bool = False) -> int:
        """Where a boundary between two characters lies in the first text of all."""
        if self._below is None:
            return position
        here, there = self._bounds
        index = bisect_right(here, position) - 1
        if index < 0:
            return self._below.place(position, end=end)
        within = position - here[index]
        if within and index % 2 == 0:  # within an escape that stands for several characters
            return self._below.place(there[index + 1] if end else there[index], end=end)
        return self._below.place(there[index] + within, end=end)

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """Where each escape begins and ends, in this text and in the one below; made when something is found."""
        here: list[int] = []
        there: list[int] = []
        read = length = 0
        assert self._below is not None  # noqa: S101  the first layer is asked for no bounds
        for match in self._pattern.finditer(self._below.text):
            start, end = match.span()
            size = len(self._undo(match[0]))
            length += start - read
            here += (length, length + size)
            there += (start, end)
            length += size
            read = end
        return here, there


class TextLayers:
    """All layers of one text, made when they are first asked for."""

    def __init__(self, text: str) -> None:
        self.plain = Layer(text)

    @property
    def where_letters_stand(self) -> Iterable[Layer]:
        """The layers one of which has each run of letters and digits that any has: the first, where none is escaped."""
        return self if self.spell_out else (self.plain,)

    @cached_property
    def spell_out(self) -> bool:
        """Whether letters or digits may be escaped or apart, so that nothing need occur in the text as it stands."""
        text = self.plain.text
        return "\x00" in text or any(start in text and pattern.search(text) for start, pattern in _SPELLED_OUT)

    def __iter__(self) -> Iterator[Layer]:
        yield self.plain
        yield from self._undone

    @property
    def last(self) -> Layer:
        """The text without escapes."""
        return self._undone[-1] if self._undone else self.plain

    @cached_property
    def _undone(self) -> list[Layer]:
        found = list(_steps(self.plain))
        if len(found) == _STEPS and (made := _layer(found[-1], _REPEATED, _first)) is not None:
            found += [made, *_steps(made)]
        return found


def _steps(layer: Layer) -> Iterator[Layer]:
    for _ in range(_STEPS):
        made = _layer(layer, _ESCAPE, _undo)
        if made is None:
            return
        yield made
        layer = made


def _layer(below: Layer, pattern: re.Pattern[str], undo: Callable[[str], str]) -> Layer | None:
    """The layer above, or None where there is nothing to undo."""
    if not any(beginning in below.text for beginning in _BEGINNINGS):
        return None
    known = _Known(undo)
    text = pattern.sub(lambda match: known[match[0]], below.text)
    return None if len(text) == len(below.text) else Layer(text, below, pattern, undo)


class _Known(dict[str, str]):
    """What escapes stand for, each worked out once: a text has few kinds of them, many times."""

    def __init__(self, undo: Callable[[str], str]) -> None:
        self._undo = undo

    def __missing__(self, escape: str) -> str:
        made = self[escape] = self._undo(escape)
        return made


def _first(repeated: str) -> str:
    return repeated[0]


def _lower(char: str) -> str:
    folded = char.lower()
    return folded if len(folded) == 1 else char


def _undo(escape: str) -> str:
    """What an escape stands for. A percent escape is a byte, read as Latin-1."""
    mark = escape[0]
    if mark == "%":
        return chr(int(escape[2:] if escape[1] == "u" else escape[1:], 16))
    if mark == "\\":
        return _backslash(escape)
    if mark == "&":
        return _entity(escape)
    return "" if mark == "\x00" else mark


def _backslash(escape: str) -> str:
    if len(escape) == 2:
        return _SHORT.get(escape[1], escape[1])
    if escape[1].isdigit():
        return chr(int(escape[1:], 8))
    if escape[2] == "{":
        return _char(int(escape[3:-1], 16))
    if len(escape) == 12:
        high, low = int(escape[2:6], 16), int(escape[8:], 16)
        return chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))
    return _char(int(escape[2:], 16))


def _entity(escape: str) -> str:
    """A number is taken as it is, unlike in a browser, which maps some to other characters."""
    if escape[1] != "#":
        return html5.get(escape[1:], escape)
    return _char(int(escape[3:-1], 16) if escape[2] in "xX" else int(escape[2:-1]))


def _char(number: int) -> str:
    return chr(number) if number <= 0x10FFFF else "\ufffd"
