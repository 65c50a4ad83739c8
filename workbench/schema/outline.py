"""A document as rows of a tree: the marked places open, all else folded, so that 2 MB are a screenful.

The same rows draw the data and the schema. What is folded is loaded by :func:`branch` when somebody opens it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.domain import ABSENT, JSON
from workbench.jsondoc import pointer as pointers
from workbench.schema.words import count, kind, quote

PAGE = 50
"""Members or items that are drawn at once where nothing is marked."""

AROUND = 2
"""Neighbours drawn on each side of a marked member in a container with more than a page of them."""

MOST_ROWS = 1000
"""Rows of one outline; further marked places stay folded, with their number."""


class State(StrEnum):
    """How a row is drawn."""

    LEAF = "leaf"
    OPEN = "open"
    CLOSED = "closed"
    GAP = "gap"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the tree. ``key`` is the member's name or the item's index, None for the document.

    ``kind`` is the JSON type. A ``GAP`` stands for the members ``start`` to ``stop`` (exclusive) of the container at
    ``pointer``; a ``MISSING`` row is a marked member that the data lacks. ``marks`` are those of this very place,
    ``within`` counts those that a closed row or a gap hides.
    """

    depth: int
    key: str | int | None
    kind: str
    preview: str
    pointer: str
    state: State
    marks: tuple[str, ...] = ()
    within: int = 0
    size: int = 0
    start: int = 0
    stop: int = 0


def outline(document: JSON, marks: Mapping[str, str] | None = None) -> tuple[Row, ...]:
    """The whole document, open along every marked pointer. ``marks`` maps pointers to labels, the weightiest first."""
    drawing = _Drawing(marks or {})
    return tuple(drawing.rows(document, "", None, 0, opened=True))


def branch(
    document: JSON, pointer: str, marks: Mapping[str, str] | None = None, *, start: int = 0, stop: int | None = None
) -> tuple[Row, ...]:
    """The rows under the container at ``pointer``, from member ``start`` on: a page, and a gap for what is left.

    Marked places in it are open too. Empty where the document has no such container.
    """
    container = pointers.resolve(document, pointer)
    if not isinstance(container, dict | list):
        return ()
    drawing = _Drawing(marks or {})
    end = len(container) if stop is None else min(stop, len(container))
    depth = len(pointers.split(pointer)) + 1
    return tuple(drawing.children(container, pointer, depth, start=max(0, start), stop=end))


class _Drawing:
    """Draws rows until there are enough."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        self._marks = marks
        self._inside: dict[str, int] = {}
        self._drawn = 0
        for pointer in marks:
            while pointer:
                pointer = pointers.parent(pointer)
                self._inside[pointer] = self._inside.get(pointer, 0) + 1

    def rows(self, value: Any, pointer: str, key: str | int | None, depth: int, *, opened: bool) -> Iterator[Row]:
        """The row of a value and, where it is open, those below; without recursion, for the deepest of documents."""
        waiting: list[Iterator[tuple[Any, str, str | int | None, int, bool] | Row]] = [
            iter([(value, pointer, key, depth, opened)])
        ]
        while waiting:
            item = next(waiting[-1], None)
            if item is None:
                waiting.pop()
            elif isinstance(item, Row):
                self._drawn += 1
                yield item
            else:
                row = self._row(*item)
                self._drawn += 1
                yield row
                if row.state is State.OPEN:
                    value, pointer, _, depth, _ = item
                    waiting.append(self._parts(value, pointer, depth + 1, 0, len(value)))

    def children(self, container: Any, pointer: str, depth: int, *, start: int, stop: int) -> Iterator[Row]:
        """The rows of some members, marked ones open."""
        for part in self._parts(container, pointer, depth, start, stop):
            if isinstance(part, Row):
                yield part
            else:
                value, place, key, level, opened = part
                yield from self.rows(value, place, key, level, opened=opened)

    def _row(self, value: Any, pointer: str, key: str | int | None, depth: int, opened: bool) -> Row:
        marks = (self._marks[pointer],) if pointer in self._marks else ()
        if not isinstance(value, dict | list):
            return Row(depth, key, kind(value), quote(value), pointer, State.LEAF, marks)
        inside = self._inside.get(pointer, 0)
        state = State.OPEN if value and opened and self._drawn < MOST_ROWS else State.CLOSED if value else State.LEAF
        if not value and inside and opened:
            state = State.OPEN
        hidden = 0 if state is State.OPEN else inside
        return Row(depth, key, kind(value), quote(value), pointer, state, marks, hidden, len(value))

    def _parts(
        self, container: Any, pointer: str, depth: int, start: int, stop: int
    ) -> Iterator[tuple[Any, str, str | int | None, int, bool] | Row]:
        names = list(container) if isinstance(container, dict) else range(len(container))
        shown = self._shown(names, pointer, start, stop)
        before = start
        for index in shown:
            if index > before:
                yield self._gap(names, pointer, depth, before, index)
            name = names[index]
            place = pointers.join(pointer, name)
            yield container[name], place, name, depth, self._inside.get(place, 0) > 0
            before = index + 1
        if before < stop:
            yield self._gap(names, pointer, depth, before, stop)
        if stop == len(names):
            yield from self._missing(container, pointer, depth)

    def _shown(self, names: Sequence[Any], pointer: str, start: int, stop: int) -> list[int]:
        """Which members are drawn: all of a small container, else a page or what stands around the marked ones."""
        if stop - start <= PAGE:
            return list(range(start, stop))
        near: set[int] = set()
        if self._inside.get(pointer):
            for index in range(start, stop):
                place = pointers.join(pointer, names[index])
                if place in self._marks or place in self._inside:
                    near.update(range(max(start, index - AROUND), min(stop, index + AROUND + 1)))
                if len(near) > MOST_ROWS:
                    break
        return sorted(near) or list(range(start, start + PAGE))

    def _gap(self, names: Sequence[Any], pointer: str, depth: int, start: int, stop: int) -> Row:
        places = (pointers.join(pointer, names[index]) for index in range(start, stop)) if self._inside else ()
        hidden = sum(self._inside.get(place, 0) + (place in self._marks) for place in places)
        words = count(stop - start, "more", "more")
        return Row(depth, None, "", words, pointer, State.GAP, within=hidden, start=start, stop=stop)

    def _missing(self, container: Any, pointer: str, depth: int) -> Iterator[Row]:
        """Rows for marked members that are not there."""
        if not self._inside.get(pointer):
            return
        for place, label in self._marks.items():
            if place and pointers.parent(place) == pointer:
                name = pointers.last(place)
                if pointers.child(container, name) is ABSENT and name not in container:
                    yield Row(depth, name, "", "missing", place, State.MISSING, (label,))
