"""What has to be known of a schema before its check is written: its references, and whether jsonschema can read it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from autohive_integrations_sdk import _references

_MOST = 5_000
"""Schemas within a schema; the code of a larger one takes too long to compile."""

_BITS = 1024
"""Of an integer; Python writes none that has thousands of digits."""

_DRAFT_7 = ("http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema")
TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
JSON_TYPES = frozenset({str, int, float, bool, type(None), dict, list})

_ONE_SCHEMA = frozenset(
    {"additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"}
)
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
    }
)
NOT_READ = frozenset({"dependencies", "patternProperties"})
"""Keywords with schemas that are neither surveyed nor written as code."""


class LeftToJsonschema(Exception):
    """The schema is too large, or only jsonschema can say where its references lead."""


class Survey:
    """What the parts of a schema have in common, those that references lead to included.

    ``is_well_formed`` is whether every keyword has a value of its form; where data reaches one that has not,
    jsonschema crashes. Raises :class:`LeftToJsonschema`.
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        self.references: set[str] = set()
        self.is_well_formed = True
        waiting, count = [root], 0
        while waiting:
            part = waiting.pop()
            count += 1
            if count > _MOST:
                raise LeftToJsonschema
            if type(part) is dict:
                waiting.extend(self._within(part))
            elif type(part) is not bool:
                self.is_well_formed = False

    def definition(self, reference: str) -> Any:
        """What a reference leads to."""
        return _references.definition(self._root, reference)

    def _within(self, schema: dict[str, Any]) -> Iterator[Any]:
        """The schemas directly within a schema."""
        if "$id" in schema or ("$schema" in schema and not (schema is self._root and schema["$schema"] in _DRAFT_7)):
            raise LeftToJsonschema
        if "$ref" in schema:
            yield from self._target(schema["$ref"])
            return
        for keyword, value in schema.items():
            if keyword == "properties" and type(value) is dict:
                yield from value.values()
            elif type(value) is list and value and (keyword in _LISTED_SCHEMAS or keyword == "items"):
                yield from value
            elif keyword in _ONE_SCHEMA:
                yield value
            elif not _has_form(keyword, value):
                self.is_well_formed = False
        if "additionalItems" in schema and type(schema.get("items")) is bool:
            self.is_well_formed = False

    def _target(self, reference: Any) -> Iterator[Any]:
        target = self.definition(reference) if type(reference) is str else None
        if type(target) is not dict and type(target) is not bool:
            raise LeftToJsonschema
        if reference not in self.references:
            self.references.add(reference)
            yield target


def is_number(value: Any) -> bool:
    """Whether a limit is one that Python can write as a literal, as nearly all are."""
    return (type(value) is int and value.bit_length() <= _BITS) or (type(value) is float and math.isfinite(value))


def is_names(value: Any) -> bool:
    """Whether it is an array of strings."""
    return type(value) is list and all(type(each) is str for each in value)


def _is_pattern(value: Any) -> bool:
    try:
        return type(value) is str and bool(re.compile(value))
    except Exception:  # also a warning, where those are errors
        return False


def _has_form(keyword: str, value: Any) -> bool:
    """Whether jsonschema can read the value of a keyword without schemas."""
    if keyword in _LIMITS:
        return is_number(value)
    match keyword:
        case "type":
            return value in TYPES if type(value) is str else is_names(value) and TYPES.issuperset(value)
        case "required":
            return is_names(value)
        case "enum":
            return type(value) is list and all(type(each) in JSON_TYPES for each in value)
        case "const":
            return type(value) in JSON_TYPES
        case "pattern":
            return _is_pattern(value)
        case "multipleOf":
            return is_number(value) and type(value) is int and value > 0  # by a float infinity cannot be divided
        case "uniqueItems":
            return type(value) is bool
    return keyword not in NOT_READ and keyword != "properties" and keyword not in _LISTED_SCHEMAS
