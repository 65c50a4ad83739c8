"""Schemas that nothing can satisfy: a property required at one part, at a place that another part closes.

``additionalProperties: false`` knows the ``properties`` beside it and none of ``allOf``, ``then``, ``dependencies`` or
a branch. What these require or declare, and the closed part does not, can never be given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from workbench.jsondoc import pointer as pointers
from workbench.schema import refs

_PARTS = frozenset({"allOf", "anyOf", "oneOf", "then", "else", "dependencies"})
_MOST = 200
"""Parts of one schema that are compared."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The property ``name``, required or declared at ``pointer``, which the part that stands at ``closed`` forbids.

    ``is_certain`` tells that both parts always apply and the property is required: then no object is valid.
    """

    pointer: str
    name: str
    closed: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class _Part:
    pointer: str
    node: Mapping[str, Any]
    always: bool

    @property
    def properties(self) -> Mapping[str, Any]:
        found = self.node.get("properties")
        return found if isinstance(found, dict) else {}

    @property
    def is_closed(self) -> bool:
        return self.node.get("additionalProperties") is False and "patternProperties" not in self.node


def conflicts(root: Any, at: str, node: Mapping[str, Any]) -> Iterator[Conflict]:
    """The conflicts between the parts of the schema ``node``, which stands at ``at`` of ``root``."""
    if _PARTS.isdisjoint(node):
        return
    parts = list(islice(_parts(root, at, node, True, frozenset()), _MOST))
    for closed in parts:
        for other in parts if closed.is_closed else ():
            if other is not closed and (closed.always or other.always):
                yield from _between(closed, other)


def _parts(root: Any, at: str, node: Any, always: bool, seen: frozenset[str]) -> Iterator[_Part]:
    """The schemas that apply to the same value as ``node``, itself first, references followed."""
    while isinstance(node, dict) and isinstance(ref := node.get("$ref"), str):
        target = refs.target(root, ref)
        if target is None or target in seen:
            return
        at, node, seen = target, pointers.resolve(root, target), seen | {target}
    if not isinstance(node, dict) or len(seen) > _MOST:
        return
    yield _Part(at, node, always)
    for place, inner, is_sure in _inner(at, node):
        yield from _parts(root, place, inner, always and is_sure, seen)


def _inner(at: str, node: Mapping[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """The parts directly in a schema, each with whether it applies whenever the schema does."""
    for word in ("allOf", "anyOf", "oneOf"):
        branches = node.get(word)
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            yield pointers.join(at, word, index), branch, word == "allOf" or len(branches or ()) == 1
    for word in ("then", "else") if "if" in node else ():
        yield pointers.join(at, word), node.get(word), False
    dependencies = node.get("dependencies")
    for name, schema in dependencies.items() if isinstance(dependencies, dict) else ():
        yield pointers.join(at, "dependencies", name), schema, False


def _between(closed: _Part, other: _Part) -> Iterator[Conflict]:
    place = pointers.join(closed.pointer, "additionalProperties")
    required = other.node.get("required")
    names = [name if isinstance(name, str) else "" for name in required] if isinstance(required, list) else []
    for index, name in enumerate(names):
        if name and name not in closed.properties:
            pointer = pointers.join(other.pointer, "required", index)
            yield Conflict(pointer, name, place, closed.always and other.always)
    for name, schema in other.properties.items() if closed.always else ():
        if name not in closed.properties and name not in names and schema is not False:
            yield Conflict(pointers.join(other.pointer, "properties", name), name, place, False)
