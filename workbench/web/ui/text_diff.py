"""Two texts as the few lines in which they differ, numbered, with a line of what stands around."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

from workbench.web.ui import line_diff
from workbench.web.ui.line_diff import Stretches

CONTEXT = 1
"""Unchanged lines around a change."""
SHOWN = 200
"""Lines of a difference that are shown."""
_COMPARED = 3_000
"""Lines that are matched to each other; longer stretches are shown as one taken out and one put in."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """``mark`` is ``+``, ``-``, a blank, or ``…`` for lines left out; ``number`` is the line's own, in its own text.

    ``stretches`` are the text as it is shown: with the changed words marked, and without what a long line repeats.
    """

    mark: str
    number: int
    text: str
    stretches: Stretches = ()


def difference(before: str, after: str) -> tuple[DiffLine, ...]:
    """The lines taken out and put in, less the margin that they share; empty where the texts are equal."""
    old, new = before.splitlines(), after.splitlines()
    first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    tail = 0
    while tail < min(len(old), len(new)) - first and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    changes = list(_changes(old, new, first, tail))
    made = [line for place, change in enumerate(changes) for line in _hunk(old, new, changes, place, change)]
    more = (DiffLine("…", 0, f"{len(made) - SHOWN:,} more lines"),) if len(made) > SHOWN else ()
    return (*_with_stretches([*_outdented(made[:SHOWN])]), *more)


def _with_stretches(lines: Sequence[DiffLine]) -> Iterator[DiffLine]:
    """The lines with their stretches; a line that was taken out is compared to the one put in for it."""
    for is_change, run in groupby(lines, lambda line: line.mark in "+-"):
        if not is_change:
            yield from (replace(line, stretches=line_diff.alone(line.text, changed=False)) for line in run)
            continue
        pending: list[DiffLine] = []
        for line in run:
            if line.mark == "-" and pending and pending[-1].mark == "+":
                yield from _compared(pending)
                pending = []
            pending.append(line)
        yield from _compared(pending)


def _compared(lines: Sequence[DiffLine]) -> Iterator[DiffLine]:
    """Lines taken out, then lines put in, each beside the one at the same place of the other."""
    old, new = ([line for line in lines if line.mark == mark] for mark in "-+")
    put_in: list[DiffLine] = []
    for before, after in zip_longest(old, new):
        if before and after:
            left, right = line_diff.compare(before.text, after.text)
        else:
            left = right = line_diff.alone((before or after).text, changed=True)
        if before:
            yield replace(before, stretches=left)
        if after:
            put_in.append(replace(after, stretches=right))
    yield from put_in


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
