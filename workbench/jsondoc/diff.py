"""The JSON Patch from one document to another, so that a file with a new schema keeps its formatting."""

from collections.abc import Iterator
from typing import Any

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import identical
from workbench.jsondoc.patch import Operation, Patch, add, remove, replace


def between(old: JSON, new: JSON) -> Patch:
    """Operations that turn ``old`` into ``new``, property by property; an array that differs is replaced whole."""
    return tuple(_between(old, new, ""))


def _between(old: Any, new: Any, place: str) -> Iterator[Operation]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        if not identical(old, new):
            yield replace(place, new)
        return
    yield from (remove(pointers.join(place, name)) for name in old if name not in new)
    for name, value in new.items():
        at = pointers.join(place, name)
        if name in old:
            yield from _between(old[name], value, at)
        else:
            yield add(at, value)
