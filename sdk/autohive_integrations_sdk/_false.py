"""Spelling out ``false``: jsonschema loses the place of a fault where a subschema is the bare word."""

from typing import Any

_NAMED = ("properties", "patternProperties", "definitions", "dependencies")
_LISTED = ("allOf", "anyOf", "oneOf", "items")
_ONE = ("items", "then", "else", "additionalProperties", "additionalItems", "contains", "if", "not", "propertyNames")
_KEPT = ("additionalProperties", "additionalItems")
"""There ``false`` has a meaning and a message of its own."""

NOTHING = "not"
"""The keyword that stands for ``false`` in a schema that was spelled out: ``{"not": {}}``."""


def spelled_out(schema: Any) -> Any:
    """The schema with ``{"not": {}}`` for ``false``; the very same object where nothing is to be done, or too deep."""
    try:
        return _spelled_out(schema)
    except RecursionError:
        return schema


def _spelled_out(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    changed: dict[str, Any] = {}
    for keyword, value in schema.items():
        spelled = _value(keyword, value)
        if spelled is not value:
            changed[keyword] = spelled
    return {**schema, **changed} if changed else schema


def _value(keyword: str, value: Any) -> Any:
    if keyword in _NAMED and isinstance(value, dict):
        members = {name: _subschema(child) for name, child in value.items()}
        return members if any(members[name] is not child for name, child in value.items()) else value
    if keyword in _LISTED and isinstance(value, list):
        children = [_subschema(child) for child in value]
        return children if any(new is not old for new, old in zip(children, value, strict=True)) else value
    if keyword in _ONE and (value is not False or keyword not in _KEPT):
        return _subschema(value)
    return value


def _subschema(schema: Any) -> Any:
    return {NOTHING: {}} if schema is False else _spelled_out(schema)
