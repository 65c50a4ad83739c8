"""Where things stand in a schema: subschemas, local references, and the pointer of any part of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from referencing import Registry
from referencing.jsonschema import DRAFT7

from workbench.domain import ABSENT, JSON
from workbench.jsondoc import pointer as pointers

MAPS = frozenset({"properties", "patternProperties", "definitions", "$defs", "dependencies"})
"""Keywords that hold subschemas by name."""

LISTS = frozenset({"allOf", "anyOf", "oneOf"})
"""Keywords that hold a list of subschemas."""

SINGLES = frozenset(
    {"additionalProperties", "additionalItems", "propertyNames", "contains", "not", "if", "then", "else", "items"}
)
"""Keywords that hold one subschema (``items`` may hold a list too)."""


def subschemas(schema: JSON) -> Iterator[tuple[str, JSON]]:
    """Every schema within ``schema``, itself first, with its pointer, in the order of the document."""
    waiting: list[tuple[str, JSON]] = [("", schema)]
    while waiting:
        pointer, node = waiting.pop()
        yield pointer, node
        if isinstance(node, dict):
            waiting.extend(reversed(list(children(pointer, node))))


def children(pointer: str, node: Mapping[str, JSON]) -> Iterator[tuple[str, JSON]]:
    """The schemas directly within a schema, with their pointers. Properties of the wrong shape are passed over."""
    for keyword, value in node.items():
        if keyword in MAPS and isinstance(value, dict):
            for name, inner in value.items():
                if not isinstance(inner, list):  # a list in dependencies holds names
                    yield pointers.join(pointer, keyword, name), inner
        elif isinstance(value, list) and (keyword in LISTS or keyword == "items"):
            for index, inner in enumerate(value):
                yield pointers.join(pointer, keyword, index), inner
        elif keyword in SINGLES:
            yield pointers.join(pointer, keyword), value


def is_remote(ref: object) -> bool:
    """Whether a ``$ref`` leads out of its document (the published metaschemas do not count: they are built in)."""
    return isinstance(ref, str) and not ref.startswith("#") and "json-schema.org/" not in ref


def target(root: JSON, ref: str) -> str | None:
    """The pointer that a local ``$ref`` leads to, None where it leads nowhere in this document."""
    base, _, fragment = ref.partition("#")
    if base and base == _own_id(root):
        ref = f"#{fragment}"
    if ref.startswith("#/") or ref in ("#", ""):
        pointer = unquote(ref.removeprefix("#"))
        return pointer if pointers.resolve(root, pointer) is not ABSENT else None
    for pointer, node in subschemas(root):
        if isinstance(node, dict) and node.get("$id") == ref:
            return pointer
    return None


def _own_id(root: JSON) -> str:
    own = root.get("$id") if isinstance(root, dict) else None
    return own.rstrip("#") if isinstance(own, str) else ""


def resolves(root: JSON, at: str, ref: str) -> bool:
    """Whether ``ref``, in the schema at ``at``, leads to something in this document, every ``$id`` on the way counted.

    This is the word of the library that validates, which takes longer than :func:`target`.
    """
    try:
        resolver = Registry[Any]().resolver_with_root(DRAFT7.create_resource(root))
        node: Any = root
        for part in pointers.split(at):
            node = pointers.child(node, part)
            if isinstance(node, dict) and "$id" in node:
                resolver = resolver.in_subresource(DRAFT7.create_resource(node))
        resolver.lookup(ref)
    except Exception:  # no such place, or an $id that is no URI
        return False
    return True


def has_base(root: JSON, at: str) -> bool:
    """Whether an ``$id`` at or above the place changes what references mean there."""
    node, found = root, isinstance(root, dict) and "$id" in root
    for part in pointers.split(at):
        node = pointers.child(node, part)
        found = found or (isinstance(node, dict) and "$id" in node)
    return found


def follow(root: JSON, schema: JSON) -> JSON:
    """The schema that applies: ``schema`` itself, or what its local ``$ref`` leads to; as is where that fails."""
    seen: set[int] = set()
    while isinstance(schema, dict) and isinstance(ref := schema.get("$ref"), str) and id(schema) not in seen:
        seen.add(id(schema))
        pointer = target(root, ref)
        if pointer is None:
            break
        schema = pointers.resolve(root, pointer)
    return schema


def followed_pointer(root: JSON, path: Sequence[str]) -> str:
    """The pointer for the steps of a validator through a schema, every ``$ref`` among them followed."""
    pointer = ""
    for step in path:
        if step == "$ref":
            found = target(root, str(pointers.resolve(root, pointers.join(pointer, step))))
            if found is not None:
                pointer = found
                continue
        pointer = pointers.join(pointer, step)
    return pointer


class Places:
    """Finds the pointer of a schema object within its document, by identity."""

    def __init__(self, root: JSON) -> None:
        self.root = root
        self._found: dict[int, str] | None = None

    def of(self, schema: object) -> str | None:
        """The pointer of that very object; None where it is none of this document's (or just true or false)."""
        if self._found is None:
            self._found = {}
            for pointer, node in walk(self.root):
                self._found.setdefault(id(node), pointer)
        return self._found.get(id(schema))

    def along(self, path: Sequence[str | int]) -> str:
        """The pointer for a schema path as the validator reports it, which leaves references out.

        Where one leads out of the document (to a published metaschema) it is the pointer of that ``$ref``.
        """
        pointer = ""
        for part in path:
            applying = self._applying(pointer)
            if applying == pointer + "/$ref":
                return applying
            pointer = pointers.join(applying, part)
        return self._applying(pointer)

    def _applying(self, pointer: str) -> str:
        seen: set[str] = set()
        node = pointers.resolve(self.root, pointer)
        while isinstance(node, dict) and isinstance(ref := node.get("$ref"), str) and pointer not in seen:
            seen.add(pointer)
            found = target(self.root, ref)
            if found is None:
                return pointers.join(pointer, "$ref")
            pointer, node = found, pointers.resolve(self.root, found)
        return pointer


def walk(root: JSON, *, levels: int = 1000) -> Iterator[tuple[str, JSON]]:
    """Every object in a document with its pointer, schema or not (a ``$ref`` may lead anywhere), down to a depth."""
    waiting: list[tuple[str, JSON, int]] = [("", root, 0)]
    while waiting:
        pointer, node, level = waiting.pop()
        if isinstance(node, dict):
            yield pointer, node
        if level < levels:
            waiting.extend((pointers.join(pointer, name), inner, level + 1) for name, inner in items_of(node))


def data_place(schema_pointer: str) -> str:
    """The place in the data that a place in the schema speaks of, as far as names tell: items stay with their array."""
    parts = pointers.split(schema_pointer)
    place, index = "", 0
    while index < len(parts):
        if parts[index] == "properties" and index + 1 < len(parts):
            place = pointers.join(place, parts[index + 1])
            index += 2
        elif parts[index] in LISTS or parts[index] in MAPS:
            index += 2
        else:
            index += 1
    return place


def items_of(node: Any) -> Iterable[tuple[str | int, Any]]:
    """The properties or items of a container with their names or indexes; nothing for any other value."""
    if isinstance(node, dict):
        return node.items()
    return enumerate(node) if isinstance(node, list) else ()
