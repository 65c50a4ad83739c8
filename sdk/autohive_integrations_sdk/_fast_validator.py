"""A fast check by jsonschema-rs, for the schemas and the data on which it is known to agree with jsonschema.

Only the result "valid" is used; in every other case jsonschema decides and explains. The two differ on regular
expressions (Rust's dialect is not Python's), on ``multipleOf`` with floats, on what is equal (``1`` and ``true`` inside
``const``, ``enum``, ``uniqueItems``), on tuples, ``Decimal``, NaN and infinities. Schemas and data with any of
these are not checked here; references are not either, because they can be endless.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator as CompiledSchema

_DEEPEST = 100
_MOST = 2_000_000
_DRAFT_7 = frozenset({"http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema"})

_ONE_SCHEMA = frozenset(
    {"additionalItems", "additionalProperties", "contains", "else", "if", "not", "propertyNames", "then"}
)
_NAMED_SCHEMAS = frozenset({"properties"})
_LISTED_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf"})
_LIMITS = frozenset(
    {
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "required",
        "type",
    }
)
_UNSAFE = frozenset(
    {
        "$anchor",
        "$dynamicRef",
        "$id",
        "$recursiveRef",
        "$ref",
        "$vocabulary",
        "contentEncoding",
        "contentMediaType",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "divisibleBy",
        "disallow",
        "extends",
        "id",
        "maxContains",
        "minContains",
        "multipleOf",
        "pattern",
        "patternProperties",
        "prefixItems",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    }
)


def compile_validator(schema: Any) -> CompiledSchema | None:
    """The compiled schema, or None where only jsonschema may decide."""
    if not _is_plain(schema) or not _is_safe(schema):
        return None
    try:
        import jsonschema_rs

        return jsonschema_rs.Draft7Validator(schema, validate_formats=False, offline=True)
    except ValueError:  # an invalid schema: jsonschema raises only where the data reaches it
        return None
    except (ImportError, TypeError):  # not among an integration's dependencies, or too old
        return None


def is_certainly_valid(compiled: CompiledSchema, data: Any) -> bool:
    """Whether the data is certainly valid. False only means that jsonschema must check it."""
    if not _is_plain(data):
        return False
    try:
        return compiled.is_valid(data)
    except ValueError:  # half a surrogate pair
        return False


def _is_plain(value: Any) -> bool:
    """Whether a value is made of JSON's own types, with finite numbers, neither too deep nor too large to walk."""
    return _are_plain((value,), _DEEPEST, [_MOST])


def _are_plain(values: Iterable[Any], depth: int, left: list[int]) -> bool:
    """Whether all of these are. Written for speed: this walk is most of the cost of a check."""
    for value in values:
        kind = type(value)
        if kind is str or kind is int or kind is bool or value is None:
            continue
        if kind is float:
            if value - value != 0.0:  # so it is for NaN and the infinities alone
                return False
            continue
        left[0] -= 1
        if depth == 0 or left[0] < 0:
            return False
        if kind is dict:
            for name in value:
                if type(name) is not str:
                    return False
            if not _are_plain(value.values(), depth - 1, left):
                return False
        elif kind is not list or not _are_plain(value, depth - 1, left):
            return False
    return True


def _is_safe(schema: Any, *, root: bool = True) -> bool:
    """Whether a schema (of plain values) has only keywords that both libraries read alike."""
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict) or not _UNSAFE.isdisjoint(schema):
        return False
    return all(_keyword_is_safe(keyword, value, root) for keyword, value in schema.items())


def _keyword_is_safe(keyword: str, value: Any, root: bool) -> bool:
    if keyword in _ONE_SCHEMA:
        return _is_safe(value, root=False)
    if keyword in _NAMED_SCHEMAS:
        return isinstance(value, dict) and all(_is_safe(child, root=False) for child in value.values())
    if keyword in _LISTED_SCHEMAS:
        return isinstance(value, list) and all(_is_safe(child, root=False) for child in value)
    if keyword == "items":
        children = value if isinstance(value, list) else [value]
        return all(_is_safe(child, root=False) for child in children)
    if keyword == "enum":
        return isinstance(value, list) and set(map(type, value)) <= {str, type(None)}
    if keyword == "const":
        return type(value) in (str, type(None))
    if keyword == "$schema":
        return root and value in _DRAFT_7
    return True
