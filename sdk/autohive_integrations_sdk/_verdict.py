"""A fast "valid": jsonschema-rs, for the schemas and the data on which it is known to agree with jsonschema.

Only a "valid" is taken from here; whatever else is said, jsonschema decides and explains. The two differ on regular
expressions (Rust's dialect is not Python's), on ``multipleOf`` with floats, on what is equal (``1`` and ``true`` inside
``const``, ``enum``, ``uniqueItems``), on tuples, ``Decimal``, NaN and infinities. Schemas and data that hold any of
these never get here; references do not either, because they can be endless.
"""

from __future__ import annotations

from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator as Verdict

_DEEPEST = 100
_MOST = 2_000_000
_PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})
_SCALARS = frozenset({str, int, bool, type(None)})
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


def compile_verdict(schema: Any) -> Verdict | None:
    """A compiled verdict on that schema, or None where jsonschema alone may judge it."""
    if not _is_plain(schema) or not _is_safe(schema):
        return None
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft7Validator(schema, validate_formats=False, offline=True)
    except ValueError:  # invalid as a schema, which jsonschema minds only where the data leads
        return None


def says_valid(verdict: Verdict, data: Any) -> bool:
    """Whether the data is certainly valid. False means no more than that jsonschema must look at it."""
    if not _is_plain(data):
        return False
    try:
        return verdict.is_valid(data)
    except ValueError:  # text that is not Unicode
        return False


def _is_plain(value: Any) -> bool:
    """Whether a value is made of JSON's own types, with finite numbers, and not too deep to walk.

    Level by level, and in each container by the set of its types: that is a tenth of the cost of asking every value.
    """
    level, seen = [value], 0
    for _ in range(_DEEPEST):
        types = set(map(type, level))
        if not types <= _PLAIN:
            return False
        if float in types and not all(isfinite(item) for item in level if type(item) is float):
            return False
        dicts = [item for item in level if type(item) is dict] if dict in types else []
        if dicts and set(map(type, chain.from_iterable(dicts))) - {str}:
            return False
        lists = [item for item in level if type(item) is list] if list in types else []
        level = list(chain.from_iterable(chain((item.values() for item in dicts), lists)))
        seen += len(level)
        if not level:
            return True
        if seen > _MOST:
            return False
    return False


def _is_safe(schema: Any, *, root: bool = True) -> bool:
    """Whether a schema (of plain values) says only what both libraries read alike."""
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
