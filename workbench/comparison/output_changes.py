"""The output of two runs, line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.comparison.alignment import align
from workbench.comparison.volatile_values import VOLATILE
from workbench.domain import Output
from workbench.domain.masked_text import join

_COMPARED: Final = 20_000
"""Lines of each run that are compared."""
MOST: Final = 400
"""Lines that are listed."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line of one run alone. ``number`` is its own, from 1; ``is_new``: it is the second's."""

    text: str
    number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class OutputChanges:
    """The lines that differ, the first 400 of ``total``; times and uuids in them do not count."""

    lines: tuple[LineChange, ...] = ()
    total: int = 0

    def __bool__(self) -> bool:
        """Whether some line differs."""
        return bool(self.total)


def output_changes(first: Iterable[Output], second: Iterable[Output]) -> OutputChanges:
    """What one run printed and logged and the other did not."""
    before, after = _lines(first), _lines(second)
    pairs = align([_key(line) for line in before], [_key(line) for line in after], pairs_changed=False)
    found: list[LineChange] = []
    for i, j in pairs:
        if j is None and i is not None:
            found.append(LineChange(before[i], i + 1, is_new=False))
        elif i is None and j is not None:
            found.append(LineChange(after[j], j + 1, is_new=True))
    return OutputChanges(tuple(found[:MOST]), len(found))


def _lines(output: Iterable[Output]) -> Sequence[str]:
    text = join(item.text if item.source in ("stdout", "stderr") else f"{item.text}\n" for item in output)
    return text.splitlines()[:_COMPARED]


def _key(line: str) -> str:
    return VOLATILE.sub("", str(line))
