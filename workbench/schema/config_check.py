"""``check_config``: the findings that follow from the value of a ``config.json`` alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.types import type_phrase
from workbench.schema.config_codes import ConfigFinding, config_finding
from workbench.schema.lint import lint
from workbench.schema.similarity import similar
from workbench.schema.words import quote

_SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?",
    re.ASCII,
)
"""The grammar of Semantic Versioning 2.0.0."""

_INTERVAL = re.compile(r"0*[1-9]\d*[smhd]", re.ASCII)
_AUTH_TYPES = frozenset({"none", "custom", "platform", "platformoauth2", "platformteams", "apikey", "basic"})

_TEXT, _OBJECT, _FLAG, _LIST = "a string", "an object", "a boolean", "an array"
_SCHEMA = "a JSON Schema (an object)"
_KINDS: Mapping[str, tuple[type, ...]] = {
    _TEXT: (str,),
    _OBJECT: (dict,),
    _FLAG: (bool,),
    _LIST: (list,),
    _SCHEMA: (dict, bool),
}
_TOP = {
    "name": _TEXT,
    "version": _TEXT,
    "description": _TEXT,
    "display_name": _TEXT,
    "entry_point": _TEXT,
    "auth": _OBJECT,
    "actions": _OBJECT,
    "polling_triggers": _OBJECT,
    "supports_connected_account": _FLAG,
    "supports_billing": _FLAG,
    "icon": _TEXT,
}
_AUTH = {"type": _TEXT, "identifier": _TEXT, "title": _TEXT, "provider": _TEXT, "fields": _SCHEMA}
_NOT_MISSPELLED = frozenset({"author", "authors"})
"""Property names that resemble a known one but are not typing errors."""

_REQUIRED_BY_SDK = frozenset({"description", "input_schema", "output_schema"})
"""Without these in an action or a trigger, every published release of the SDK fails as it loads config.json."""

_ENTRY = {"description": _TEXT, "display_name": _TEXT, "input_schema": _SCHEMA, "output_schema": _SCHEMA}
_ANNOTATIONS = frozenset({"title", "description", "$schema", "$comment", "examples"})
_TRIGGER = _ENTRY | {"polling_interval": _TEXT}


def check_config(config: JSON) -> tuple[ConfigFinding, ...]:
    """Every finding about the parsed ``config``, in the order of its properties. Nothing is raised."""
    if not isinstance(config, dict):
        return (config_finding("config-not-an-object", "", actual=type_phrase(config)),)
    return (
        *_properties(config, _TOP, ""),
        *_identity(config),
        *_auth(config.get("auth")),
        *_entries(config, "actions", "action"),
        *_entries(config, "polling_triggers", "trigger"),
    )


def _properties(holder: Mapping[str, JSON], known: Mapping[str, str], at: str) -> Iterator[ConfigFinding]:
    """Properties of the wrong type, and unknown ones that look misspelled."""
    for name, value in holder.items():
        wanted = known.get(name)
        place = pointers.join(at, name)
        if wanted is None:
            hint = similar(name, [other for other in known if other not in holder])
            if hint and name not in _NOT_MISSPELLED:
                yield config_finding("config-unknown-property", place, name=name, hint=hint)
        elif not isinstance(value, _KINDS[wanted]) and not (place == "/auth" and value is None):
            yield config_finding(
                "config-type", place, name=place[1:].replace("/", "."), actual=quote(value), expected=wanted
            )


def _identity(config: Mapping[str, JSON]) -> Iterator[ConfigFinding]:
    for name in ("name", "version", "entry_point"):
        if config.get(name, "") == "":
            yield config_finding("config-property-missing", pointers.join("", name), name=name)
    version = config.get("version")
    if isinstance(version, str) and version and not _SEMVER.fullmatch(version):
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
    yield from _properties(auth, _AUTH, "/auth")
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
    if kind.lower() not in _AUTH_TYPES:
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
            yield config_finding("config-type", at, name=f"{member}.{name}", actual=quote(entry), expected=_OBJECT)
            continue
        yield from _properties(entry, _TRIGGER if noun == "trigger" else _ENTRY, at)
        for lacking in sorted(_REQUIRED_BY_SDK - entry.keys()):
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
    elif isinstance(interval, str) and not _INTERVAL.fullmatch(interval):
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
