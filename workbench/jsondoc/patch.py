"""JSON Patch (RFC 6902): the four operations that fixes are made of."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers

type Operation = Mapping[str, Any]
"""``{"op", "path"}`` with ``value`` for ``add`` and ``replace``, ``from`` for ``move``."""

type Patch = tuple[Operation, ...]


class PatchError(ValueError):
    """A patch that does not apply to its document; the message names the operation."""


def add(path: str, value: JSON) -> Operation:
    """Add a property or an item (``-`` for the end of an array)."""
    return {"op": "add", "path": path, "value": value}


def replace(path: str, value: JSON) -> Operation:
    """Put another value where there is one."""
    return {"op": "replace", "path": path, "value": value}


def remove(path: str) -> Operation:
    """Remove a property or an item."""
    return {"op": "remove", "path": path}


def move(origin: str, path: str) -> Operation:
    """Move a property to another place."""
    return {"op": "move", "from": origin, "path": path}


def apply(document: JSON, patch: Iterable[Operation]) -> JSON:
    """The document with all operations done; it shares with the old one, which stays as it was, what they do not touch.

    Raises :class:`PatchError` where an operation cannot be done.
    """
    result = document
    for operation in patch:
        result = _apply(result, operation)
    return result


def under(base: str, patch: Iterable[Operation]) -> Patch:
    """The same operations for a document that holds the patched one at ``base``."""
    return tuple(
        {**operation, **{key: base + operation[key] for key in ("path", "from") if key in operation}}
        for operation in patch
    )


def _apply(document: Any, operation: Operation) -> Any:
    match operation["op"]:
        case "add":
            return _put(document, operation, copy.deepcopy(operation["value"]), new=True)
        case "replace":
            return _put(document, operation, copy.deepcopy(operation["value"]), new=False)
        case "remove":
            return _take(document, operation, operation["path"])[0]
        case "move":
            document, value = _take(document, operation, operation["from"])
            return _put(document, operation, value, new=True)
    raise PatchError(f"{operation['op']!r} is not one of add, replace, remove and move.")


def _put(document: Any, operation: Operation, value: Any, *, new: bool) -> Any:
    path = operation["path"]
    if not path:
        return value
    document, holder, name = _open(document, operation, path)
    if isinstance(holder, list) and new:
        holder.insert(len(holder) if name == "-" else _index(name, operation, len(holder)), value)
    elif isinstance(holder, list):
        holder[_index(name, operation, len(holder) - 1)] = value
    elif not new and name not in holder:
        raise _misfit(operation)
    else:
        holder[name] = value
    return document


def _take(document: Any, operation: Operation, path: str) -> tuple[Any, Any]:
    if not path:
        raise _misfit(operation)
    document, holder, name = _open(document, operation, path)
    if isinstance(holder, list):
        return document, holder.pop(_index(name, operation, len(holder) - 1))
    if name not in holder:
        raise _misfit(operation)
    return document, holder.pop(name)


def _open(document: Any, operation: Operation, path: str) -> tuple[Any, Any, str]:
    """The document with fresh containers along the way, the last of them, and the name in it."""
    *way, name = pointers.split(path)
    fresh = holder = _fresh(document, operation)
    for part in way:
        inner = _fresh(pointers.child(holder, part), operation)
        holder[int(part) if isinstance(holder, list) else part] = inner
        holder = inner
    return fresh, holder, name


def _fresh(container: Any, operation: Operation) -> Any:
    if not isinstance(container, dict | list):
        raise _misfit(operation)
    return container.copy()


def _index(name: str, operation: Operation, most: int) -> int:
    place = pointers.index(name, most + 1)
    if place is None:
        raise _misfit(operation)
    return place


def _misfit(operation: Operation) -> PatchError:
    return PatchError(f"The document has no place for {operation['op']} at {operation['path'] or 'its root'}.")
