"""A JSON value as a bounded, foldable tree: what is near opens, the rest waits behind gaps that load on demand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from workbench.domain import JSON
from workbench.domain.masked_text import join, json_text
from workbench.explain.http.http_body import RepeatedKeys, SpelledNumber
from workbench.jsondoc import pointer as pointers
from workbench.web.ui.tree_windows import windows

WINDOW = 60
"""Entries of one object or list that are shown at once; a gap stands for the others."""
BUDGET = 400
"""Nodes of one tree that are shown at once."""
OPEN_DEPTH = 3
"""Levels that open by themselves while the budget lasts."""
DEEPEST = 16
"""Levels that the first rendering holds; deeper ones load behind a gap."""
LONGEST_WAY = 60
"""Levels on the way to a mark; a deeper mark is shown at the last of them."""
TEXT = 2_000
"""Characters of one string that are shown."""
KEY = 200
"""Characters of one key that are shown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said at a place; ``tone`` is ``bad``, ``warn`` or ``calm``."""

    note: str
    tone: str = "bad"


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its key. ``text`` is a scalar's JSON; ``note`` is what is said at a marked node, in its ``tone``.

    ``length`` counts all entries, whether shown or not. ``label`` is the key as printed, empty at the root. ``errors``
    counts those at it and, where it is folded, below it. ``above`` counts the levels over the root of a tree that does
    not show them.
    """

    pointer: str
    label: str
    kind: str
    text: str = ""
    length: int = 0
    children: "tuple[Node | Gap, ...]" = ()
    open: bool = False
    hit: bool = False
    note: str = ""
    tone: str = ""
    last: bool = True
    index: bool = False
    errors: int = 0
    above: int = 0

    @property
    def brackets(self) -> tuple[str, str]:
        """What opens and closes the value."""
        return ("[", "]") if self.kind == "array" else ("{", "}")

    @property
    def is_gap(self) -> bool:
        """A node is none."""
        return False


@dataclass(frozen=True, slots=True)
class Gap:
    """Entries ``start`` to ``stop`` (exclusive) of the value at ``pointer`` that are not shown yet."""

    pointer: str
    start: int
    stop: int
    label: str

    @property
    def is_gap(self) -> bool:
        """A gap is one."""
        return True


@dataclass(slots=True)
class _Growth:
    """What one tree still may spend, and what is marked in it."""

    budget: int
    marks: Mapping[str, Mark]
    way: frozenset[str]
    errors: Mapping[str, int]


def grow(
    value: JSON,
    marks: Mapping[str, Mark] | None = None,
    *,
    pointer: str = "",
    budget: int = BUDGET,
    errors: Mapping[str, int] | None = None,
) -> Node:
    """The tree of ``value``, which stands at ``pointer`` of its document.

    The way to each of ``marks`` is open, neighbours on it are folded. A pointer to an entry that is missing is marked
    where it would stand. ``errors`` counts those at a place and below it, as :func:`tally` does.
    """
    reached = dict(_reachable(place, mark) for place, mark in (marks or {}).items())
    way = frozenset(step for mark in reached for step in pointers.ancestors(mark))
    return _node(_Growth(budget, reached, way, errors or {}), value, pointer, "", 0, True)


def tally(places: Iterable[str]) -> dict[str, int]:
    """How many of the places lie at or below each place on the way to them."""
    counted: dict[str, int] = {}
    for place in places:
        for step in pointers.ancestors(place)[:LONGEST_WAY]:
            counted[step] = counted.get(step, 0) + 1
    return counted


def _reachable(place: str, mark: Mark) -> tuple[str, Mark]:
    way = pointers.ancestors(place)
    return (
        (place, mark)
        if len(way) <= LONGEST_WAY
        else (way[LONGEST_WAY - 1], Mark(f"{mark.note} (deeper in)", mark.tone))
    )


def members(value: JSON, pointer: str, start: int, stop: int) -> "tuple[Node | Gap, ...]":
    """Entries ``start`` to ``stop`` of the object or list ``value``, cut at the window; for a gap that is opened."""
    growth = _Growth(BUDGET, {}, frozenset(), {})
    shown = min(stop, start + WINDOW)
    return _run(growth, value, pointer, start, shown, 1) + _gap(value, pointer, shown, min(stop, _length(value)))


def _length(value: JSON) -> int:
    return len(value) if isinstance(value, dict | list) else 0


def _node(growth: _Growth, value: JSON, pointer: str, label: str, depth: int, last: bool, index: bool = False) -> Node:
    growth.budget -= 1
    mark = growth.marks.get(pointer)
    hit, note, tone = mark is not None, mark.note if mark else "", mark.tone if mark else ""
    errors = growth.errors.get(pointer, 0)
    if not isinstance(value, dict | list):
        scalar = _scalar(value)
        return Node(pointer, label, _kind(value), scalar, 0, (), False, hit, note, tone, last, index, errors)
    kind = "array" if isinstance(value, list) else "object"
    on_way = pointer in growth.way
    opened = on_way or (
        depth < OPEN_DEPTH and not growth.marks and growth.budget > 0 and (depth == 0 or len(value) <= WINDOW)
    )
    grown = opened or (depth < DEEPEST and growth.budget > len(value) and not growth.marks)
    children = _children(growth, value, pointer, depth + 1) if grown else _gap(value, pointer, 0, len(value))
    return Node(
        pointer, label, kind, length=len(value), children=children, open=opened or depth == 0, hit=hit, note=note,
        tone=tone, last=last, index=index, errors=errors,
    )  # fmt: skip


def _children(growth: _Growth, value: JSON, pointer: str, depth: int) -> "tuple[Node | Gap, ...]":
    made: tuple[Node | Gap, ...] = ()
    length, at = _length(value), 0
    for start, stop in _windows(growth, value, pointer):
        made += _gap(value, pointer, at, start) + _run(growth, value, pointer, start, stop, depth)
        at = stop
    made += _gap(value, pointer, at, length)
    return made + _missing(growth, value, pointer)


def _windows(growth: _Growth, value: JSON, pointer: str) -> list[tuple[int, int]]:
    tokens = [pointers.last(step) for step in growth.way if step and pointers.parent(step) == pointer]
    lean = bool(growth.marks) and pointer in growth.way
    return windows(value, tokens, 2 if lean else WINDOW)


def _run(growth: _Growth, value: JSON, pointer: str, start: int, stop: int, depth: int) -> tuple[Node | Gap, ...]:
    made: list[Node | Gap] = []
    length, in_list = _length(value), isinstance(value, list)
    for position, (key, item) in enumerate(islice(_pairs(value), start, stop), start):
        child = pointers.join(pointer, key)
        if growth.budget <= 0 and child not in growth.way:
            return (*made, *_gap(value, pointer, position, stop))
        label = key_text(key) if isinstance(key, str) else str(key)
        grown = _node(growth, item, child, label, depth, position == length - 1, in_list)
        made.append(_repeated(grown, value.times.get(str(key), 1)) if isinstance(value, RepeatedKeys) else grown)
    return tuple(made)


def _repeated(node: Node, times: int) -> Node:
    """The node, marked where its key stands in the object more than once."""
    return node if times < 2 else replace(node, note=f"the last of {times} values of this key", tone="warn")


def _pairs(value: JSON) -> Iterable[tuple[str | int, JSON]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _gap(value: JSON, pointer: str, start: int, stop: int) -> tuple[Gap, ...]:
    if start >= stop:
        return ()
    if isinstance(value, list):
        return (Gap(pointer, start, stop, f"{start} … {stop - 1}" if stop - start > 1 else str(start)),)
    names = [json_text(name[:40]) for name in islice(value, start, min(stop, start + 2))] \
        if isinstance(value, dict) else []  # fmt: skip
    more = stop - start - len(names)
    return (Gap(pointer, start, stop, join(names, ", ") + (f" and {more:,} more" if more else "")),)


def _missing(growth: _Growth, value: JSON, pointer: str) -> tuple[Node, ...]:
    """Nodes for marked entries that the value lacks, at the place where they belong."""
    absent: list[Node] = []
    for place, mark in growth.marks.items():
        if not place or pointers.parent(place) != pointer or len(absent) >= WINDOW:
            continue
        token = pointers.last(place)
        if isinstance(value, dict) and token not in value:
            label = key_text(token)
            absent.append(Node(place, label, "absent", "missing", hit=True, note=mark.note, tone=mark.tone))
    return tuple(absent)


def key_text(key: str) -> str:
    """An entry's name as JSON prints it, cut where it is very long."""
    return json_text(key[:KEY]) + ("…" if len(key) > KEY else "")


def _kind(value: JSON) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "number"


def _scalar(value: JSON) -> str:
    if isinstance(value, str) and len(value) > TEXT:
        return json_text(value[:TEXT]) + f" … {len(value) - TEXT:,} more characters"
    return value.text if isinstance(value, SpelledNumber) else json_text(value)
