"""The JSON Patch that makes one document of another, so that a file takes a new schema without being typed anew."""

from collections.abc import Iterator
from typing import Any

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.patch import Operation, Patch, add, remove, replace


def between(old: JSON, new: JSON) -> Patch:
    """Operations that turn ``old`` into ``new``, objects member by member; a list that differs is replaced whole."""
    return tuple(_between(old, new, ""))


def _between(old: Any, new: Any, place: str) -> Iterator[Operation]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        if not _same(old, new):
            yield replace(place, new)
        return
    yield from (remove(pointers.join(place, name)) for name in old if name not in new)
    for name, value in new.items():
        at = pointers.join(place, name)
        if name in old:
            yield from _between(old[name], value, at)
        else:
            yield add(at, value)


def _same(old: Any, new: Any) -> bool:
    """Whether two values are the same JSON: ``1``, ``1.0`` and ``true`` are three."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(value, new[name]) for name, value in old.items())
    return type(old) is type(new) and bool(old == new)
