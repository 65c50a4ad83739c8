"""When two JSON values are equal, as ``jsonschema`` has it: ``1`` is ``1.0`` and neither is ``true``."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any


def identical(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: ``1``, ``1.0`` and ``true`` are three; the order of keys does not count."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(identical(value, other[name]) for name, value in one.items())
    if isinstance(one, float) and isinstance(other, float):
        return repr(one) == repr(other)  # -0.0 is written otherwise than 0.0
    return type(one) is type(other) and bool(one == other)


def key(value: Any) -> Hashable:
    """A key that two values share if and only if they are equal; what is not JSON and cannot be hashed is its own."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, Mapping):
        return ("object", frozenset((name, key(inner)) for name, inner in value.items()))
    if isinstance(value, Sequence):
        return ("array", *map(key, value))
    if not isinstance(value, Hashable) or value != value:  # a NaN is equal to itself alone
        return ("its own", id(value))
    return value


def twins(items: Sequence[Any]) -> tuple[int, int] | None:
    """The indexes of the first item that is equal to an earlier one, the earlier first; None where all differ."""
    seen: dict[Hashable, int] = {}
    for index, item in enumerate(items):
        first = seen.setdefault(key(item), index)
        if first != index:
            return first, index
    return None


def are_unique(items: Sequence[Any]) -> bool:
    """What ``jsonschema`` says of ``uniqueItems``, in time that grows with the items and not with their square.

    Where items can be sorted it compares neighbours alone, which can miss a pair among arrays that hold numbers and
    booleans; the verdict has to be the same.
    """
    try:
        ordered = sorted(map(_unbool, items))
    except TypeError:
        return twins(items) is None
    return not any(key(one) == key(other) for one, other in pairwise(ordered))


def _unbool(item: Any) -> Any:
    """A boolean as something that cannot be sorted, like its counterpart in ``jsonschema``."""
    return object() if isinstance(item, bool) else item
