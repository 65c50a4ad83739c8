"""Schemas and values on which a compiled validator agrees with ``Draft7Validator``, and others on which it does not.

The workbench and the SDK each have a compiled validator. Both are held to this table: whatever they say of the schemas
of :data:`UNSAFE` and the values of :data:`UNSAFE_VALUES`, they may call valid only what ``Draft7Validator`` does.
"""

from decimal import Decimal
from typing import Any

SAFE: tuple[tuple[Any, Any, bool], ...] = (
    ({"type": "integer"}, 1, True),
    ({"type": "integer"}, "1", False),
    ({"type": ["string", "null"]}, None, True),
    ({"required": ["a"]}, {}, False),
    ({"properties": {"a": {"minLength": 2}}}, {"a": "é"}, False),
    ({"properties": {"a": {"minLength": 1}}}, {"a": "𝄞"}, True),
    ({"items": {"minimum": 3}}, [3, 4], True),
    ({"items": {"exclusiveMinimum": 3}}, [3, 4], False),
    ({"additionalProperties": False, "properties": {"a": {}}}, {"b": 1}, False),
    ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 1, False),
    ({"not": {"type": "string"}}, 5, True),
    ({"enum": ["a", "b"]}, "a", True),
    ({"format": "date"}, "no date", True),
)
"""A schema, a value, and the verdict of ``Draft7Validator``; either compiled validator may decide them."""

SAFE_FOR_SDK: tuple[tuple[Any, Any, bool], ...] = (
    ({"items": [{"type": "integer"}, {}]}, [1], True),
    ({"items": [{"type": "integer"}]}, ["x", 1], False),
    ({"enum": [1, 2.5]}, 1, True),
    ({"enum": [1, 2.5]}, 1.0, True),
    ({"enum": [1, 2.5]}, 2.5, True),
    ({"enum": [1, 0]}, True, False),
    ({"enum": [1, 0]}, False, False),
    ({"const": 0}, -0.0, True),
    ({"const": 0}, False, False),
)
"""The same, for what the workbench leaves to ``Draft7Validator`` where the SDK need not."""

UNSAFE: tuple[Any, ...] = (
    {"pattern": "a"},
    {"patternProperties": {"a": {}}},
    {"$ref": "#"},
    {"uniqueItems": True},
    {"multipleOf": 0.1},
    {"const": True},
    {"enum": [True]},
    {"enum": [[1]]},
    {"const": 2**53},
    {"contentMediaType": "application/json"},
    {"dependentRequired": {"a": ["b"]}},
    {"properties": {"a": {"pattern": r"\d"}}},
    {"$schema": "http://json-schema.org/draft-04/schema#"},
)
"""Schemas on which the two may differ, or never end."""

UNSAFE_VALUES: tuple[Any, ...] = ((1,), {1: 2}, float("nan"), float("inf"), b"", object(), Decimal(1))
"""Python values that only ``Draft7Validator`` may check where a rule reads them."""
