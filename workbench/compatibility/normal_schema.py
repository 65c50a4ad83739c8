"""Schemas made comparable: references written out, annotations removed, objects closed to what they declare."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from workbench.domain import JSON
from workbench.schema.refs import LISTS, MAPS, SINGLES, follow

_MOST_NODES: Final = 5_000
"""Subschemas that are written out of one document; beyond them references stay."""

ANNOTATIONS: Final = frozenset(
    {"$comment", "$id", "$schema", "default", "description", "examples", "format", "readOnly", "title", "writeOnly"}
)
"""Keywords of Draft 7 that decide nothing about a value (``format`` is not enforced by the SDK)."""

_APPLICATORS: Final = MAPS | LISTS | SINGLES
_ASSERTIONS: Final = frozenset(
    {
        *("type", "enum", "const", "required", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("multipleOf", "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"),
        *("minProperties", "maxProperties"),
    }
)
_POSITIVE: Final = frozenset({"properties", "patternProperties", "additionalProperties", "items", "contains"})
_IN_PLACE: Final = frozenset({"allOf", "anyOf", "oneOf", "then", "else", "dependencies"})


@dataclass(slots=True)
class _Writer:
    """Writes the references of one document out."""

    root: JSON
    left: int = _MOST_NODES

    def written(self, node: Any, trail: tuple[int, ...] = ()) -> Any:
        """``node`` with what its references lead to, but for those that lead back or are too many."""
        if not isinstance(node, dict):
            return node
        self.left -= 1
        if "$ref" in node:
            target = follow(self.root, node)
            if target is node or id(target) in trail or self.left < 0 or isinstance(target, list):
                return {"$ref": node["$ref"]}
            return self.written(target, (*trail, id(target)))
        return {keyword: self._value(keyword, node[keyword], trail) for keyword in node if keyword in _KNOWN}

    def _value(self, keyword: str, value: Any, trail: tuple[int, ...]) -> Any:
        if keyword in MAPS and isinstance(value, dict):
            return {name: self.written(inner, trail) for name, inner in value.items()}
        if isinstance(value, list) and (keyword in LISTS or keyword == "items"):
            return [self.written(inner, trail) for inner in value]
        return self.written(value, trail) if keyword in SINGLES else value


_KNOWN: Final = (_APPLICATORS | _ASSERTIONS) - {"definitions", "$defs"}


def normalized(root: JSON) -> JSON:
    """The schema without annotations, its references written out.

    References that lead back to themselves stay; the definitions that they need are kept for them.
    """
    writer = _Writer(root)
    written: JSON = writer.written(root)
    if isinstance(root, dict) and isinstance(written, dict) and _has_reference(written):
        for keyword in ("definitions", "$defs"):
            known = root.get(keyword)
            if isinstance(known, dict):
                written[keyword] = {name: writer.written(inner, (id(inner),)) for name, inner in known.items()}
    return written


def _has_reference(node: Any) -> bool:
    if isinstance(node, dict):
        return "$ref" in node or any(map(_has_reference, node.values()))
    return isinstance(node, list) and any(map(_has_reference, node))


def within(root: JSON, node: JSON) -> JSON:
    """``node``, a part of the normalized ``root``, as a document of its own."""
    if isinstance(root, dict) and isinstance(node, dict):
        shared: dict[str, JSON] = {keyword: root[keyword] for keyword in ("definitions", "$defs") if keyword in root}
        return {**shared, **node}
    return node


def closed(node: Any) -> Any:
    """The values of a normalized schema whose objects have declared properties only.

    An object that says ``additionalProperties`` itself, or that declares nothing, is left as it is.
    """
    if not isinstance(node, dict):
        return node
    result = _closed_inside(node)
    names, patterns, is_open = _declared(node)
    if not names or is_open:
        return result
    if not _IN_PLACE & node.keys():
        return {**result, "additionalProperties": False}
    allowed: list[Any] = [{"enum": sorted(names)}, *({"pattern": pattern} for pattern in sorted(patterns))]
    definitions = {keyword: result.pop(keyword) for keyword in ("definitions", "$defs") if keyword in result}
    return {**definitions, "allOf": [result, {"propertyNames": {"anyOf": allowed}}]}


def _closed_inside(node: dict[str, Any]) -> dict[str, Any]:
    """The schema with the objects in its properties and items closed, but not itself."""
    return {keyword: _closed_part(keyword, value) for keyword, value in node.items()}


def _closed_part(keyword: str, value: Any) -> Any:
    close = closed if keyword in _POSITIVE else _inside_only if keyword in _IN_PLACE else None
    if close is None:
        return value
    if isinstance(value, list):
        return [close(inner) for inner in value]
    if keyword in MAPS and isinstance(value, dict):
        return {name: close(inner) for name, inner in value.items()}
    return close(value)


def _inside_only(node: Any) -> Any:
    return _closed_inside(node) if isinstance(node, dict) else node


def _declared(node: dict[str, Any]) -> tuple[set[str], set[str], bool]:
    """The properties and patterns of names that a schema and its alternatives declare; whether others are allowed."""
    names, patterns, is_open = set[str](), set[str](), "$ref" in node
    for part in (node, *_alternatives(node)):
        names |= _keys(part.get("properties"))
        patterns |= _keys(part.get("patternProperties"))
        is_open = is_open or "additionalProperties" in part or "$ref" in part
    return names, patterns, is_open


def _alternatives(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas that apply to the same value, at any depth."""
    for keyword in _IN_PLACE & node.keys():
        value = node[keyword]
        parts = value if isinstance(value, list) else value.values() if keyword == "dependencies" else [value]
        for part in parts:
            if isinstance(part, dict):
                yield part
                yield from _alternatives(part)


def _keys(value: Any) -> set[str]:
    return set(value) if isinstance(value, dict) else set()
