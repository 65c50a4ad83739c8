"""The fields that an integration declares: the schema of their form, in which every secret is write-only."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench import forms
from workbench.domain import JSON, Credentials, ErrorCode, Integration, Side, ValidationError, credential_values
from workbench.echo_address import follow_echo
from workbench.events.secret_names import BY_DEFAULT, SecretRules, is_secret
from workbench.events.secrets import holds_secret, rules_of
from workbench.schema import diagnose
from workbench.web.services.app_context import app_context

_TEXT = "a value that is long enough to be a secret"
_NUMBER = 123456789
_BELOW = ("allOf", "anyOf", "oneOf")
_BRANCHES = ("if", "then", "else")
_NAMED = ("definitions", "$defs", "patternProperties", "dependencies")


@dataclass(frozen=True, slots=True)
class FieldSecrecy:
    """A declared field of which a person may say whether it is a secret; ``by_name`` is what it is otherwise."""

    name: str
    by_name: bool


def asks(integration: Integration) -> bool:
    """Whether there are fields to fill in."""
    return integration.auth.is_platform or isinstance(integration.auth.fields, dict)


def declared_schema(integration: Integration) -> JSON:
    """The schema of the declared fields; of platform auth that of the access token."""
    if integration.auth.is_platform:
        return _platform_schema(integration.auth.provider, has_scopes=bool(integration.auth.scopes))
    return integration.auth.fields


def declares(integration: Integration, name: str) -> bool:
    """Whether ``name`` has a field of its own."""
    return asks(integration) and forms.declares(declared_schema(integration), name)


def declared_values(integration: Integration, values: JSON) -> JSON:
    """The values of the declared fields alone."""
    if not isinstance(values, dict):
        return values
    return {name: value for name, value in values.items() if declares(integration, name)}


def form_schema(integration: Integration, credentials: Credentials) -> JSON:
    """The schema of the form: each field that is a secret, or has one in its saved value, is a password field in it.

    It takes no other names: these have rows of their own.
    """
    declared = follow_echo(declared_schema(integration), app_context().config.echo_url)
    guarded = _guarded(declared, credentials.values, rules_of(credentials))
    return {**guarded, "additionalProperties": False} if isinstance(guarded, dict) else guarded


def secrecies(integration: Integration) -> tuple[FieldSecrecy, ...]:
    """The declared fields, each name once, that may be a secret or not."""
    found: dict[str, FieldSecrecy] = {}
    for name, field in _fields(declared_schema(integration)) if asks(integration) else ():
        by_name = _is_secret_field(name, field, None, BY_DEFAULT)
        found.setdefault(name, FieldSecrecy(name, by_name))
    return tuple(found.values())


def types(integration: Integration) -> dict[str, str]:
    """The declared fields of the top level, each with its type, a string where it has none or several."""
    schema = declared_schema(integration) if asks(integration) else None
    properties = schema.get("properties") if isinstance(schema, dict) else None
    fields = properties if isinstance(properties, dict) else {}
    single = {name: found for name, field in fields.items() if len(found := _types(field)) == 1}
    return {name: next(iter(single.get(name, {"string"}))) for name in fields}


def credential_errors(integration: Integration, values: JSON) -> list[ValidationError]:
    """The errors of ``values``, in sentences without any value; the form has those of the schema."""
    found = diagnose(declared_schema(integration), credential_values(values)).errors
    return [_without_value(each) for each in found if not each.in_schema]


def _without_value(error: ValidationError) -> ValidationError:
    message = "This is required." if error.keyword == "required" else f"Expected {error.expected}."
    code = ErrorCode.OTHER
    return ValidationError(Side.AUTH, error.pointer, error.schema_pointer, error.keyword, message, code=code)


def _platform_schema(provider: str, *, has_scopes: bool) -> JSON:
    named = " with the scopes below" if has_scopes else ""
    token: JSON = {
        "type": "string",
        "format": "password",
        "label": "Access token",
        "help_text": f"A token of {provider or 'the service'}{named}. The SDK's fetch sends it as a bearer token.",
    }
    return {"type": "object", "properties": {"access_token": token}, "required": ["access_token"]}


def _guarded(schema: JSON, values: JSON, rules: SecretRules) -> JSON:
    """``schema`` with ``format: password`` on each property that may not be in a page, wherever it is declared."""
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        known = values if isinstance(values, dict) else {}
        made["properties"] = {
            name: _guarded_field(name, field, known.get(name), rules) for name, field in properties.items()
        }
    for keyword in _BELOW:
        if isinstance(parts := schema.get(keyword), list):
            made[keyword] = [_guarded(part, values, rules) for part in parts]
    for keyword in _BRANCHES:
        if keyword in schema:
            made[keyword] = _guarded(schema[keyword], values, rules)
    for keyword in _NAMED:
        if isinstance(named := schema.get(keyword), dict):
            made[keyword] = {name: _guarded(part, values, rules) for name, part in named.items()}
    if isinstance(items := schema.get("items"), dict):
        made["items"] = _guarded(items, None, rules)
    return made


def _guarded_field(name: str, field: JSON, value: JSON, rules: SecretRules) -> JSON:
    if not isinstance(field, dict) or ("enum" in field and field.get("format") != "password"):
        return field
    if isinstance(field.get("properties"), dict) and not rules.says_secret(name, field):
        return _guarded(field, value, rules)
    if not _is_secret_field(name, field, value, rules):
        return (
            {key: part for key, part in field.items() if key != "format"}
            if _is_corrected(name, field, rules)
            else field
        )
    if "$ref" in field:  # draft 7 ignores what stands beside it
        return {"allOf": [field], "format": "password"}
    return field | {"format": "password"}


def _is_corrected(name: str, field: dict[str, JSON], rules: SecretRules) -> bool:
    return name in rules.public and field.get("format") == "password"


def _is_secret_field(name: str, field: JSON, value: JSON, rules: SecretRules) -> bool:
    """Whether the field may not be shown: by its name and schema, or for what its saved ``value`` holds."""
    types = _types(field)
    if types and types <= {"boolean", "null"}:
        return False
    probes: list[JSON] = []
    if not types or "string" in types:
        probes.append(_TEXT)
    if types & {"integer", "number"}:
        probes.append(_NUMBER)
    return (
        rules.says_secret(name, field)
        or any(is_secret(name, field, probe, rules, inherited=False) for probe in probes)
        or (value is not None and holds_secret(name, field, value, rules))
    )


def _types(field: JSON) -> set[str]:
    written = field.get("type") if isinstance(field, dict) else None
    return {one for one in (written if isinstance(written, list) else [written]) if isinstance(one, str)}


def _fields(schema: JSON) -> Iterator[tuple[str, JSON]]:
    """The properties that the schema declares, in objects and branches too, which are no objects themselves."""
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    for name, field in properties.items() if isinstance(properties, dict) else ():
        if isinstance(field, dict) and isinstance(field.get("properties"), dict):
            yield from _fields(field)
        elif isinstance(field, dict) and "enum" not in field and _types(field) != {"boolean"}:
            yield name, field
    for keyword in _BELOW:
        parts = schema.get(keyword)
        for part in parts if isinstance(parts, list) else ():
            yield from _fields(part)
    for keyword in ("then", "else"):
        yield from _fields(schema.get(keyword))
