"""Whether a value consists of JSON's own types, found many at a time in C code: no step in Python for each part."""

from collections.abc import Iterator
from gc import get_referents
from itertools import chain
from math import isfinite
from typing import Any

_AT_ONCE = 1024
"""Values that are looked at together: what they hold lies side by side in memory, and is near when it is next."""

_MOST = 30_000_000
"""Values in all: a list that holds itself twice doubles with each level."""

_FEW = 16
"""Objects whose names are looked at one by one; more have mostly the same names, each of which is enough."""

_EXACT = 2**53
"""Below it a float holds every integer."""

_SCALARS = frozenset({str, int, float, bool, type(None)})
_PLAIN = _SCALARS | {dict, list}


def is_plain(value: object, *, levels: int, exact: bool = False) -> bool:
    """Whether a value is made of JSON's own types with strings as keys, in at most ``levels`` levels.

    Its floats must be finite, as must sums of them; with ``exact`` every number must lie between
    -2**53 and 2**53.
    """
    waiting = [([value], levels)]
    seen = 0
    while waiting:
        some, left = waiting.pop()
        seen += len(some)
        kinds = set(map(type, some))
        if left == 0 or seen > _MOST or not kinds <= _PLAIN or not _are_good(some, kinds, exact):
            return False
        if kinds <= _SCALARS:
            continue
        objects = _of_type(dict, some, kinds)
        if not _are_names(objects):
            return False
        inner = _values_in(some, objects, _of_type(list, some, kinds))
        waiting.extend((inner[start : start + _AT_ONCE], left - 1) for start in range(0, len(inner), _AT_ONCE))
    return True


def _of_type(kind: type, some: list[Any], kinds: set[type]) -> list[Any]:
    if kind not in kinds:
        return []
    return some if len(kinds) == 1 else [one for one in some if type(one) is kind]


def _are_names(objects: list[dict[Any, Any]]) -> bool:
    """Whether all keys are strings."""
    keys: Iterator[Any] | set[Any] = chain.from_iterable(objects) if len(objects) <= _FEW else set().union(*objects)
    return set(map(type, keys)) <= {str}


def _values_in(some: list[Any], objects: list[dict[str, Any]], lists: list[list[Any]]) -> list[Any]:
    """What all containers among ``some`` hold.

    The collector does not see the values in the ``__dict__`` of an instance that is still there.
    """
    found = get_referents(*some)
    if len(found) == sum(map(len, objects)) + sum(map(len, lists)):
        return found
    return list(chain(chain.from_iterable(map(dict.values, objects)), chain.from_iterable(lists)))


def _are_good(some: list[Any], kinds: set[type], exact: bool) -> bool:
    """Whether their numbers are; where one of the floats is not a number, their sum is none."""
    if exact and int in kinds:
        integers = [one for one in some if type(one) is int]
        if not -_EXACT < min(integers) <= max(integers) < _EXACT:
            return False
    if float not in kinds:
        return True
    floats = [one for one in some if type(one) is float]
    return isfinite(sum(floats)) and (not exact or -_EXACT < min(floats) <= max(floats) < _EXACT)
