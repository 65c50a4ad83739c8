"""All texts of a JSON value at once, by C code: a search in them need not walk or write the value."""

from itertools import chain

from workbench.domain import JSON
from workbench.jsondoc.value_groups import PLAIN, groups

_FEW = 16
"""Objects whose names are taken as they are; more have mostly the same names, each of which is enough."""


def texts_of(value: JSON) -> list[str] | None:
    """The strings and the names of properties in ``value``, in no order; None where it is more than plain JSON."""
    texts: list[str] = []
    names: set[str] = set()
    for group in groups(value):
        if not group.types <= PLAIN:
            return None
        texts += group.of_type(str)
        objects = group.objects
        if len(objects) <= _FEW:
            texts += chain.from_iterable(objects)
        else:
            names.update(*objects)
    return [*texts, *names]
