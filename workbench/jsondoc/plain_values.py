"""Whether a value consists of JSON's own types, found level by level in C code: no step in Python for each part."""

from gc import get_referents
from itertools import chain
from math import isfinite
from typing import Any

_MOST = 20_000_000
"""Values of one level: a list that holds itself twice doubles with each."""

_EXACT = 2**53
"""Below it a float holds every integer."""

_SCALARS = frozenset({str, int, float, bool, type(None)})
_PLAIN = _SCALARS | {dict, list}


def is_plain(value: object, *, levels: int, exact: bool = False) -> bool:
    """Whether a value is made of JSON's own types with strings as keys, in at most ``levels`` levels.

    Its floats must be finite, as must their sum on each level; with ``exact`` every number must lie between -2**53 and
    2**53.
    """
    level = [value]
    for _ in range(levels):
        kinds = set(map(type, level))
        if not kinds <= _PLAIN or len(level) > _MOST:
            return False
        if not _are_good(level, kinds, exact):
            return False
        if kinds <= _SCALARS:
            return True
        if dict in kinds:
            objects: list[Any] = level if kinds == {dict} else [one for one in level if type(one) is dict]
            if not set(map(type, chain.from_iterable(objects))) <= {str}:
                return False
        level = get_referents(*level)
    return False


def _are_good(level: list[Any], kinds: set[type], exact: bool) -> bool:
    """Whether the numbers of a level are; where one of the floats is not a number, their sum is none."""
    if exact and int in kinds:
        integers = [one for one in level if type(one) is int]
        if not -_EXACT < min(integers) <= max(integers) < _EXACT:
            return False
    if float not in kinds:
        return True
    floats = [one for one in level if type(one) is float]
    return isfinite(sum(floats)) and (not exact or -_EXACT < min(floats) <= max(floats) < _EXACT)
