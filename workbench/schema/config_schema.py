"""The JSON Schema (Draft 7) of ``config.json`` for editors, made of the table that the checks use.

It says what :func:`workbench.schema.check_config` says of the file's form by an error or a warning. What needs a look
at more than one place, such as a reference or a default, is the check's alone.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from workbench.domain import JSON
from workbench.schema.config_properties import (
    ACTION,
    AUTH,
    AUTH_TYPES,
    INTERVAL,
    REQUIRED,
    REQUIRED_OF_HANDLER,
    SEMVER,
    TOP,
    TRIGGER,
    Property,
    Type,
)

_DRAFT_7: Final = "http://json-schema.org/draft-07/schema#"
_THIS: Final = "The schema of this file, for editors: the path or URL of what workbench schema prints."
_TYPES: Final[Mapping[Type, Mapping[str, JSON]]] = {
    Type.TEXT: {"type": "string"},
    Type.OBJECT: {"type": "object"},
    Type.FLAG: {"type": "boolean"},
    Type.SCHEMA: {"allOf": [{"$ref": _DRAFT_7}]},
}


def config_schema() -> dict[str, Any]:
    """The schema as a document. Properties that nothing reads are allowed: other tools may read them."""
    top = _object(TOP, REQUIRED)
    properties = top["properties"]
    for name in REQUIRED:
        properties[name]["minLength"] = 1
    properties["version"]["pattern"] = _pattern(SEMVER)
    properties["actions"]["additionalProperties"] = _object(ACTION, REQUIRED_OF_HANDLER)
    properties["polling_triggers"]["additionalProperties"] = _trigger()
    properties["auth"] |= _auth()
    handlers = [{"required": [name], "properties": {name: {"minProperties": 1}}} for name in _HANDLERS]
    return {
        "$schema": _DRAFT_7,
        "title": "config.json of an AutoHive integration",
        **top,
        "properties": {"$schema": {"type": "string", "description": _THIS}, **properties},
        "anyOf": handlers,
    }


_HANDLERS: Final = ("actions", "polling_triggers")


def _object(table: Mapping[str, Property], required: Collection[str]) -> dict[str, Any]:
    properties = {name: {**_TYPES[one.type], "description": one.about} for name, one in table.items()}
    return {"type": "object", "properties": properties, "required": sorted(required)}


def _trigger() -> dict[str, Any]:
    trigger = _object(TRIGGER, REQUIRED_OF_HANDLER | {"polling_interval"})
    trigger["properties"]["polling_interval"]["pattern"] = _pattern(INTERVAL)
    return trigger


def _auth() -> dict[str, Any]:
    """The rules of ``auth``; an empty one and null mean that there are no credentials."""
    auth = _object(AUTH, ())
    properties = auth["properties"]
    any_case = "|".join("".join(f"[{each.lower()}{each.upper()}]" for each in name) for name in AUTH_TYPES)
    of_type = {"anyOf": [{"enum": [*AUTH_TYPES]}, {"pattern": f"^({_without_digits(any_case)})$"}]}
    properties["type"] |= of_type
    properties["fields"]["allOf"] = [{"$ref": _DRAFT_7}, {"properties": {"type": {"const": "object"}}}]
    conditions = [_if_type(kind, needs) for kind, needs in (("custom", "fields"), ("platform", "provider"))]
    conditions[1]["then"]["properties"] = {"provider": {"minLength": 1}}
    named = {"if": {"minProperties": 1}, "then": {"required": ["type"]}}
    return {"type": ["object", "null"], "properties": properties, "allOf": [named, *conditions]}


def _without_digits(pattern: str) -> str:
    """The pattern without the sets of a digit, which has no other case."""
    return pattern.replace("[22]", "2")


def _if_type(kind: str, needs: str) -> dict[str, Any]:
    any_case = "".join(f"[{each}{each.upper()}]" for each in kind)
    test = {"properties": {"type": {"type": "string", "pattern": f"^{any_case}$"}}, "required": ["type"]}
    return {"if": test, "then": {"required": [needs]}}


def _pattern(grammar: str) -> str:
    """A grammar as a pattern of JSON Schema: the whole string, and ASCII digits whatever the reader takes for one."""
    ascii_digits = grammar.replace(r"\d", "[0-9]")
    return f"^{ascii_digits}$"
