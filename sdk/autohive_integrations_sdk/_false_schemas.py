"""Schemas without the bare ``false``: jsonschema loses the place of an error where a subschema is that word."""

from typing import Any

_NAMED = ("properties", "patternProperties", "definitions", "dependencies")
_LISTED = ("allOf", "anyOf", "oneOf", "items")
_ONE = ("items", "then", "else", "additionalProperties", "additionalItems", "contains", "if", "not", "propertyNames")
_NOT_REPLACED = ("additionalProperties", "additionalItems")
"""Keywords for which ``false`` has a meaning and a message of its own."""

ALLOWS_NOTHING = "not"
"""The keyword of ``{"not": {}}``, which replaces ``false``."""


def without_false(schema: Any) -> Any:
    """The schema with ``{"not": {}}`` for ``false``; the same object where there is none, or where it is too deep."""
    try:
        return _without_false(schema)
    except RecursionError:
        return schema


def _without_false(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    changed: dict[str, Any] = {}
    for keyword, value in schema.items():
        replacement = _value(keyword, value)
        if replacement is not value:
            changed[keyword] = replacement
    return {**schema, **changed} if changed else schema


def _value(keyword: str, value: Any) -> Any:
    if keyword in _NAMED and isinstance(value, dict):
        members = {name: _subschema(child) for name, child in value.items()}
        return members if any(members[name] is not child for name, child in value.items()) else value
    if keyword in _LISTED and isinstance(value, list):
        children = [_subschema(child) for child in value]
        return children if any(new is not old for new, old in zip(children, value, strict=True)) else value
    if keyword in _ONE and (value is not False or keyword not in _NOT_REPLACED):
        return _subschema(value)
    return value


def _subschema(schema: Any) -> Any:
    return {ALLOWS_NOTHING: {}} if schema is False else _without_false(schema)
