"""Two texts as the few lines in which they differ, numbered, with a line of what stands around."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

CONTEXT = 1
"""Unchanged lines around a change."""
SHOWN = 200
"""Lines of a difference that are shown."""
_COMPARED = 3_000
"""Lines that are matched to each other; longer stretches are shown as one taken out and one put in."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """``mark`` is ``+``, ``-``, a blank, or ``…`` for lines left out; ``number`` is the line's own, in its own text."""

    mark: str
    number: int
    text: str


def difference(before: str, after: str) -> tuple[DiffLine, ...]:
    """The lines taken out and put in, less the margin that they share; empty where the texts are equal."""
    old, new = before.splitlines(), after.splitlines()
    first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    tail = 0
    while tail < min(len(old), len(new)) - first and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    changes = list(_changes(old, new, first, tail))
    made = [line for place, change in enumerate(changes) for line in _hunk(old, new, changes, place, change)]
    more = (DiffLine("…", 0, f"{len(made) - SHOWN} more lines"),) if len(made) > SHOWN else ()
    return (*_outdented(made[:SHOWN]), *more)


def _outdented(lines: Sequence[DiffLine]) -> Iterator[DiffLine]:
    """The lines without the margin that all of them have: deep in a file it would push them out of sight."""
    margins = [len(line.text) - len(line.text.lstrip()) for line in lines if line.text.strip()]
    margin = min(margins, default=0)
    yield from (replace(line, text=_with_blanks(line.text[margin:])) for line in lines)


def _with_blanks(text: str) -> str:
    """Tabs as blanks; the text itself, with what is masked in it, where there are none."""
    return text.replace("\t", "    ") if "\t" in text else text


type _Change = tuple[int, int, int, int]


def _changes(old: Sequence[str], new: Sequence[str], first: int, tail: int) -> Iterator[_Change]:
    """Stretches ``old[a:b]`` that became ``new[c:d]``."""
    left, right = old[first : len(old) - tail], new[first : len(new) - tail]
    if not left and not right:
        return
    if len(left) + len(right) > _COMPARED:
        yield first, first + len(left), first, first + len(right)
        return
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            yield first + a, first + b, first + c, first + d


def _hunk(
    old: Sequence[str], new: Sequence[str], changes: Sequence[_Change], place: int, change: _Change
) -> Iterator[DiffLine]:
    a, b, c, d = change
    shown = changes[place - 1][1] + CONTEXT if place else 0
    start = max(a - CONTEXT, min(shown, a)) if place else max(0, a - CONTEXT)
    if place and start > shown:
        yield DiffLine("…", 0, "")
    yield from (DiffLine(" ", number + 1, old[number]) for number in range(start, a))
    yield from (DiffLine("-", number + 1, old[number]) for number in range(a, b))
    yield from (DiffLine("+", number + 1, new[number]) for number in range(c, d))
    following = changes[place + 1][0] if place + 1 < len(changes) else len(old)
    yield from (DiffLine(" ", number + 1, old[number]) for number in range(b, min(b + CONTEXT, following)))
