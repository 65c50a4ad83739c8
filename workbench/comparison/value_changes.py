"""What differs between two JSON values: places with the value before and after, arrays aligned."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import eq
from typing import Any, Final

from workbench.comparison.alignment import Pair, align, align_by_key
from workbench.comparison.volatile_values import VOLATILE, common_kind
from workbench.domain import ABSENT, JSON, Absent, NoiseKind
from workbench.jsondoc import pointer as pointers

MOST: Final = 500
"""Changes that are listed one by one; the rest is counted."""
COUNTED: Final = 10_000
"""Changes that are counted."""
_KEYS: Final = ("id", "key", "uuid", "guid", "_id", "slug", "name", "url")
"""Names of properties by which the items of an array are found again, the first that is unique in both."""
_DEEPEST: Final = 400
"""Levels of nesting below which a value counts as changed as a whole."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One place that differs; ABSENT before is a value that was added, after one that was removed.

    ``pointer`` is the place in the second value, or in the first where the second has none; ``was_at`` that in the
    first where it is another: items of an array moved. ``noise`` is the kind of values that differ in each run.
    """

    pointer: str
    before: JSON | Absent
    after: JSON | Absent
    was_at: str = ""
    noise: NoiseKind | None = None


@dataclass(frozen=True, slots=True)
class ValueChanges:
    """The changes of a value: ``changes`` and, apart, ``noise``, each at most 500, of ``total`` and ``total_noise``.

    Together they are counted up to 10,000, and ``is_open``: there are more.
    """

    changes: tuple[ValueChange, ...] = ()
    noise: tuple[ValueChange, ...] = ()
    total: int = 0
    total_noise: int = 0
    is_open: bool = False

    def __bool__(self) -> bool:
        """Whether something differs but noise."""
        return bool(self.total)


def value_changes(before: JSON | Absent, after: JSON | Absent) -> ValueChanges:
    """What differs between two values; nothing where they are the same JSON."""
    found: dict[bool, list[ValueChange]] = {False: [], True: []}
    totals = {False: 0, True: 0}
    changes = _walk(before, after)
    for change in islice(changes, COUNTED):
        is_noise = change.noise is not None
        totals[is_noise] += 1
        if len(found[is_noise]) < MOST:
            found[is_noise].append(change)
    return ValueChanges(
        tuple(found[False]), tuple(found[True]), totals[False], totals[True], next(changes, None) is not None
    )


def _walk(before: Any, after: Any) -> Iterator[ValueChange]:
    """The changes in the order of the second value; without recursion, so that no value is too deep."""
    todo: list[tuple[str, str, Any, Any, int]] = [("", "", before, after, 0)]
    while todo:
        was_at, at, old, new, depth = todo.pop()
        if old is new:
            continue
        if depth < _DEEPEST and isinstance(old, dict) and isinstance(new, dict):
            names = [*new, *(name for name in old if name not in new)]
            inner = [
                (pointers.join(was_at, name), pointers.join(at, name), one, other)
                for name in names
                if not _is_same(one := old.get(name, ABSENT), other := new.get(name, ABSENT))
            ]
        elif depth < _DEEPEST and isinstance(old, list) and isinstance(new, list):
            inner = [
                (
                    f"{was_at}/{i}" if i is not None else "",
                    f"{at}/{j}" if j is not None else f"{at}/{i}",
                    old[i] if i is not None else ABSENT,
                    new[j] if j is not None else ABSENT,
                )
                for i, j in _items(old, new)
                if i is None or j is None or not _is_same(old[i], new[j])
            ]
        else:
            if not _is_same(old, new):
                yield ValueChange(at, old, new, was_at if was_at and was_at != at else "", common_kind(old, new))
            continue
        todo += [(*each, depth + 1) for each in reversed(inner)]


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are seen to be the same without a walk through them; most of a large document are."""
    if one is other:
        return True
    try:
        if one != other:
            return False
    except RecursionError:
        return False
    if isinstance(one, str):  # masked in one of them, perhaps
        return True
    return type(one) is type(other) and (isinstance(one, int) or _text(one) == _text(other))  # 1 == 1.0 == True


def _items(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Pair]:
    """The items of two arrays beside each other: by a property that identifies them, or else those that are equal."""
    if (name := _identifier(old, new)) is not None:
        return align_by_key(old, new, lambda item: (type(item[name]), item[name]))
    if len(old) == len(new) and 2 * sum(map(eq, old, new)) >= len(old):
        return ((place, place) for place in range(len(old)))
    return align([_digest(item) for item in old], [_digest(item) for item in new])


def _identifier(old: Sequence[Any], new: Sequence[Any]) -> str | None:
    """The name of a property by which items of both arrays are found again; None if there is none.

    It is unique in each, and the same in some items of both: one that differs everywhere differs in each run. One whose
    name does not tell that it identifies is the same in half of them.
    """
    if not old or not isinstance(old[0], dict):
        return None
    names: list[str] = [*_KEYS, *(name for name in old[0] if name not in _KEYS)]
    for name in names:
        if _identifies(name, old) and _identifies(name, new):
            shared = len({item[name] for item in old} & {item[name] for item in new})
            if shared and (name in _KEYS or 2 * shared >= min(len(old), len(new))):
                return name
    return None


def _identifies(name: str, items: Sequence[Any]) -> bool:
    """Whether each item is an object with a text or an integer under this name, unlike all others."""
    seen: set[Hashable] = set()
    for item in items:
        value = item.get(name) if isinstance(item, dict) else None
        if not isinstance(value, str | int) or isinstance(value, bool) or value in seen:
            return False
        seen.add(value)
    return bool(items)


def _digest(item: Any) -> int:
    """A number that is equal for items that are the same but for times and uuids."""
    text = _text(item)
    return hash(VOLATILE.sub("", text) if text is not None else len(item))


def _text(value: Any) -> str | None:
    """The value as Python writes it; None where it is too deep."""
    try:
        return repr(value)
    except RecursionError:
        return None
