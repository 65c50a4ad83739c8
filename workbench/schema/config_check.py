"""``check_config``: the findings that follow from the value of a ``config.json`` alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.types import type_phrase
from workbench.schema.config_codes import ConfigFinding, config_finding
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
from workbench.schema.lint import lint
from workbench.schema.similarity import similar
from workbench.schema.words import quote

_NOT_MISSPELLED = frozenset({"author", "authors"})
"""Property names that resemble a known one but are not typing errors."""

_ANNOTATIONS = frozenset({"title", "description", "$schema", "$comment", "examples"})
_PYTHON_TYPES: Mapping[Type, tuple[type, ...]] = {
    Type.TEXT: (str,),
    Type.OBJECT: (dict,),
    Type.FLAG: (bool,),
    Type.SCHEMA: (dict, bool),
}


def check_config(config: JSON) -> tuple[ConfigFinding, ...]:
    """Every finding about the parsed ``config``, in the order of its properties. Nothing is raised."""
    if not isinstance(config, dict):
        return (config_finding("config-not-an-object", "", actual=type_phrase(config)),)
    return (
        *_properties(config, TOP, ""),
        *_identity(config),
        *_auth(config.get("auth")),
        *_entries(config, "actions", "action"),
        *_entries(config, "polling_triggers", "trigger"),
    )


def _properties(holder: Mapping[str, JSON], known: Mapping[str, Property], at: str) -> Iterator[ConfigFinding]:
    """Properties of the wrong type, and unknown ones that look misspelled."""
    for name, value in holder.items():
        wanted = known.get(name)
        place = pointers.join(at, name)
        if wanted is None:
            hint = similar(name, [other for other in known if other not in holder])
            if hint and name not in _NOT_MISSPELLED:
                yield config_finding("config-unknown-property", place, name=name, hint=hint)
        elif not isinstance(value, _PYTHON_TYPES[wanted.type]) and not (place == "/auth" and value is None):
            yield config_finding(
                "config-type", place, name=place[1:].replace("/", "."), actual=quote(value), expected=wanted.type
            )


def _identity(config: Mapping[str, JSON]) -> Iterator[ConfigFinding]:
    for name in REQUIRED:
        if config.get(name, "") == "":
            yield config_finding("config-property-missing", pointers.join("", name), name=name)
    version = config.get("version")
    if isinstance(version, str) and version and not re.fullmatch(SEMVER, version, re.ASCII):
        yield config_finding("version-not-semver", "/version", actual=quote(version))
    if config.get("description", "") == "":
        yield config_finding("description-missing", "/description", name="The integration")
    if config.get("display_name", "") == "":
        yield config_finding("display-name-missing", "/display_name")
    if not config.get("actions") and not config.get("polling_triggers"):
        yield config_finding("config-no-handlers", "/actions")


def _auth(auth: JSON) -> Iterator[ConfigFinding]:
    if not isinstance(auth, dict):
        return
    yield from _properties(auth, AUTH, "/auth")
    kind, fields = auth.get("type", ""), auth.get("fields")
    if kind == "" and auth:
        yield config_finding("auth-type-missing", "/auth/type")
    elif isinstance(kind, str) and auth:
        yield from _auth_of(kind, auth)
    if isinstance(fields, dict):
        yield from _schema(fields, "/auth/fields")
        described = fields.get("type", "object")
        if described != "object":
            yield config_finding("auth-fields-shape", "/auth/fields/type", actual=quote(described))


def _auth_of(kind: str, auth: Mapping[str, JSON]) -> Iterator[ConfigFinding]:
    if kind.lower() not in map(str.lower, AUTH_TYPES):
        yield config_finding("auth-type-unknown", "/auth/type", actual=quote(kind))
    if kind.lower() == "custom" and auth.get("fields") is None:
        yield config_finding("auth-fields-missing", "/auth/fields", actual=quote(kind))
    if kind.lower() == "platform" and not auth.get("provider"):
        yield config_finding("auth-provider-missing", "/auth/provider")


def _entries(config: Mapping[str, JSON], member: str, noun: str) -> Iterator[ConfigFinding]:
    entries = config.get(member)
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        at, title = pointers.join("", member, name), f"The {noun} {quote(name)}"
        if not isinstance(entry, dict):
            yield config_finding("config-type", at, name=f"{member}.{name}", actual=quote(entry), expected=Type.OBJECT)
            continue
        yield from _properties(entry, TRIGGER if noun == "trigger" else ACTION, at)
        for lacking in sorted(REQUIRED_OF_HANDLER - entry.keys()):
            yield config_finding("entry-property-missing", f"{at}/{lacking}", name=title, member=lacking)
        if entry.get("description") == "":
            yield config_finding("description-missing", f"{at}/description", name=title)
        yield from _schemas(entry, at, title)
        if noun == "trigger":
            yield from _trigger(entry, at, name)


def _schemas(entry: Mapping[str, JSON], at: str, title: str) -> Iterator[ConfigFinding]:
    for member in ("input_schema", "output_schema"):
        schema, place = entry.get(member), f"{at}/{member}"
        if isinstance(schema, dict | bool):
            yield from _schema(schema, place)
            if member == "output_schema" and _is_unchecked(schema):
                yield config_finding("output-unchecked", place, name=title[:1].lower() + title[1:])


def _is_unchecked(schema: Any) -> bool:
    """Whether every object is valid: the schema has only annotations, a type, and empty lists of properties."""
    if not isinstance(schema, dict):
        return schema is True
    says = {word: value for word, value in schema.items() if word not in _ANNOTATIONS}
    if says.pop("additionalProperties", True) not in (True, {}):
        return False
    return says.pop("type", "object") == "object" and not any(says.values())


def _schema(schema: Any, at: str) -> Iterator[ConfigFinding]:
    for found in lint(schema):
        yield replace(found, pointer=at + found.pointer)


def _trigger(entry: Mapping[str, JSON], at: str, name: str) -> Iterator[ConfigFinding]:
    interval, place = entry.get("polling_interval", ""), f"{at}/polling_interval"
    if interval == "":
        yield config_finding("interval-missing", place, name=quote(name))
    elif isinstance(interval, str) and not re.fullmatch(INTERVAL, interval, re.ASCII):
        yield config_finding("interval-invalid", place, actual=quote(interval))
    shape = _record_shape(entry.get("output_schema"))
    if shape:
        yield config_finding("trigger-output-shape", f"{at}/output_schema", name=quote(name), actual=shape)


def _record_shape(schema: Any) -> str:
    """What a trigger's output schema describes instead of one record's data; ``""`` if it is correct."""
    if not isinstance(schema, dict):
        return ""
    if schema.get("type") == "array":
        return "the whole array"
    declared = schema.get("properties")
    if isinstance(declared, dict) and set(declared) == {"id", "data"}:
        return "the whole record"
    return ""
