"""Whether a value consists of JSON's own types, found by C code."""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import isfinite
from typing import Any

from workbench.jsondoc.value_groups import PLAIN, Group, groups

_MOST = 30_000_000
"""Values in all: a list that holds itself twice doubles with each level."""

_FEW = 16
"""Objects whose names are looked at one by one; more have mostly the same names, each of which is enough."""

_EXACT = 2**53
"""Below it a float holds every integer."""


def is_plain(value: object, *, levels: int, exact: bool = False) -> bool:
    """Whether a value is made of JSON's own types with strings as keys, in at most ``levels`` levels.

    Its floats must be finite, as must sums of them; with ``exact`` every number must lie between -2**53 and 2**53.
    """
    seen = 0
    for group in groups(value):
        seen += len(group.values)
        if group.level == levels or seen > _MOST or not group.types <= PLAIN:
            return False
        if not _are_good(group, exact) or not _are_names(group.objects):
            return False
    return True


def _are_names(objects: Sequence[dict[Any, Any]]) -> bool:
    """Whether all keys are strings."""
    keys: Iterable[object] = chain.from_iterable(objects) if len(objects) <= _FEW else set[object]().union(*objects)
    return set(map(type, keys)) <= {str}


def _are_good(group: Group, exact: bool) -> bool:
    """Whether the numbers are; where one of the floats is not a number, their sum is none."""
    if exact and (integers := group.of_type(int)) and not -_EXACT < min(integers) <= max(integers) < _EXACT:
        return False
    floats = group.of_type(float)
    if not floats:
        return True
    return isfinite(sum(floats)) and (not exact or -_EXACT < min(floats) <= max(floats) < _EXACT)
