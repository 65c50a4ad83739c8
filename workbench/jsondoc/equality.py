"""When two JSON values are equal, as ``jsonschema`` has it: ``1`` is ``1.0`` and neither is ``true``."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any


def key(value: Any) -> Hashable:
    """A key that two values share if and only if they are equal; what is no JSON and cannot be hashed is its own."""
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
