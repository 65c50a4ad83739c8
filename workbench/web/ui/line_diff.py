"""A line of a difference as stretches: what changed within it, and what is left out because both texts have it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

BESIDE = 72
"""Characters of an unchanged stretch that stay beside a change, or at the start of a line without one."""
_LEAST_HIDDEN = 60
"""Characters that are worth leaving out."""
_LONGEST_CHANGE = 4_000
"""Characters of a changed stretch that are shown."""
_MATCHED = 2_000
"""Words that are matched to each other; between longer stretches everything counts as changed."""
_ALIKE = 0.35
"""The share that two lines have in common, from which on the changed words are marked."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line. ``hidden`` counts the characters in whose place it stands; its ``text`` is then empty."""

    text: str
    is_changed: bool = False
    hidden: int = 0

    @property
    def size(self) -> str:
        """``3,412 characters``: what is left out."""
        return f"{self.hidden:,} character{'s' * (self.hidden != 1)}"


type Stretches = tuple[Stretch, ...]


def alone(line: str, *, changed: bool) -> Stretches:
    """A line with no counterpart; of a ``changed`` one as much as can be read is shown."""
    return tuple(_shown(line, 0, _LONGEST_CHANGE) if changed else _shown(line, BESIDE, BESIDE))


def compare(old: str, new: str) -> tuple[Stretches, Stretches]:
    """Two versions of a line with the changed words marked; without marks where they have little in common."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    same = list(_same(left, right))
    common = sum(len(token) for a, b, _ in same for token in left[a:b])
    if 2 * common < _ALIKE * (len(old) + len(new)):
        return alone(old, changed=True), alone(new, changed=True)
    return (
        tuple(_marked(old, left, [(a, b) for a, b, _ in same])),
        tuple(_marked(new, right, [(c, c + b - a) for a, b, c in same])),
    )


type _Same = tuple[int, int, int]


def _same(left: Sequence[str], right: Sequence[str]) -> Iterator[_Same]:
    """Stretches of tokens that both have: ``left[a:b]``, which starts at ``c`` of ``right``, in order."""
    least = min(len(left), len(right))
    head = next((i for i in range(least) if left[i] != right[i]), least)
    tail = next((i for i in range(least - head) if left[-1 - i] != right[-1 - i]), least - head)
    if head:
        yield 0, head, 0
    a, b = left[head : len(left) - tail], right[head : len(right) - tail]
    if a and b and len(a) + len(b) <= _MATCHED:
        for match in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
            if "".join(a[match.a : match.a + match.size]).strip():  # blanks alone would only cut a change in two
                yield head + match.a, head + match.a + match.size, head + match.b
    if tail:
        yield len(left) - tail, len(left), len(right) - tail


def _marked(line: str, tokens: Sequence[str], same: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """The line, in which all but the stretches of tokens ``same`` is changed."""
    places = (0, *accumulate(map(len, tokens)))
    at = 0
    for start, stop in same:
        first, last = places[start], places[stop]
        if first > at:
            yield Stretch(line[at:first], is_changed=True)
        yield from _shown(line[first:last], BESIDE if first else 0, BESIDE if last < len(line) else 0)
        at = last
    if at < len(line):
        yield Stretch(line[at:], is_changed=True)


def _shown(text: str, head: int, tail: int) -> Iterator[Stretch]:
    """The text, without its middle where that is long; ``head`` and ``tail`` are what stays of its ends."""
    hidden = len(text) - head - tail
    if hidden < _LEAST_HIDDEN:
        yield Stretch(text)
        return
    yield from (Stretch(text[:head]),) if head else ()
    yield Stretch("", hidden=hidden)
    yield from (Stretch(text[len(text) - tail :]),) if tail else ()
