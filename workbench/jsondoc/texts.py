"""All texts of a JSON value at once, by C code: a search in them need not walk or write the value."""

from gc import get_referents
from itertools import chain
from typing import Any

from workbench.domain import JSON

_PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})
_FEW = 64
"""Objects of one level whose names are taken as they are; more have mostly the same names, each of which is enough."""


def texts_of(value: JSON) -> list[str] | None:
    """The strings and the names of properties in ``value``, in no order; None where it is more than plain JSON."""
    texts: list[str] = []
    names: set[str] = set()
    level: list[Any] = [value]
    while level:
        kinds = set(map(type, level))
        if not kinds <= _PLAIN:
            return None
        if str in kinds:
            texts += level if len(kinds) == 1 else [one for one in level if type(one) is str]
        if dict in kinds:
            objects = level if len(kinds) == 1 else [one for one in level if type(one) is dict]
            if len(objects) < _FEW:
                texts += chain.from_iterable(objects)
            else:
                names.update(chain.from_iterable(objects))
        if dict not in kinds and list not in kinds:
            break
        level = get_referents(*level)
    texts += names
    return texts
