"""The checks of a ``config.json``: code, severity, message and fix of each.

Codes are stable, because SARIF files and lists of known findings contain them: a renamed check keeps its former code.
docs/checks.md is generated from this table and from the catalog's.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of finding. ``message`` and ``fix`` are templates; ``about`` is for the page of all checks.

    ``former`` are codes that earlier releases used for it: SARIF names them as ``deprecatedIds``.
    """

    code: str
    severity: str
    message: str
    fix: str
    about: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigFinding:
    """A finding about a ``config.json``: ``severity`` is ``error``, ``warning`` or ``note``.

    ``pointer`` is the place in the file (a missing property has its own); ``fix`` says what to do.
    """

    code: str
    severity: str
    pointer: str
    message: str
    fix: str = ""


CHECKS: tuple[Check, ...] = (
    Check(
        "config-not-an-object",
        "error",
        "config.json must be an object, but is {actual}.",
        "Write an object with name, version, entry_point and actions.",
        "The whole file must be one JSON object.",
    ),
    Check(
        "config-property-missing",
        "error",
        "config.json has no {name}, or an empty one.",
        "Add {name}.",
        "`name`, `version` and `entry_point` are required and must not be empty.",
        former=("config-missing",),
    ),
    Check(
        "config-type",
        "error",
        "{name} must be {expected}, but is {actual}.",
        "Change it to {expected}.",
        "A known property has the wrong type.",
    ),
    Check(
        "config-unknown-property",
        "note",
        "Unknown property {name}: the SDK does not read it.",
        "Did you mean {hint}? Rename the property.",
        "The SDK does not read this property, and its name is close to a known one. Other unknown properties are "
        "ignored.",
        former=("config-unknown-member",),
    ),
    Check(
        "config-no-handlers",
        "warning",
        "config.json declares no actions and no polling triggers.",
        "Declare one under actions or polling_triggers.",
        "Without actions and triggers, an integration can only return its connected account.",
        former=("config-nothing-to-run",),
    ),
    Check(
        "description-missing",
        "note",
        "{name} has no description.",
        "Describe in one sentence what it does. People and AI models choose by this text.",
        "People and AI models choose integrations, actions and triggers by their descriptions.",
    ),
    Check(
        "display-name-missing",
        "note",
        "The integration has no display_name.",
        'Add the name that people read, such as "Weather desk".',
        "The platform shows `display_name`; `name` is for programs.",
    ),
    Check(
        "version-not-semver",
        "warning",
        "The version {actual} is not of the form 1.2.3 (Semantic Versioning 2.0.0).",
        "Write three numbers with dots, such as 1.0.0.",
        "The platform compares versions, and other text has no order.",
    ),
    Check(
        "auth-type-missing",
        "warning",
        "auth has no type.",
        'Set "type" to "custom" if people fill in fields, or to "platform" if the platform signs in.',
        "The type says where the credentials come from.",
    ),
    Check(
        "auth-type-unknown",
        "warning",
        "Unknown auth type {actual}.",
        "Use custom with fields, or platform with a provider.",
        "Known types: `custom`, `platform`, `none`, and the SDK's names PlatformOauth2, PlatformTeams, ApiKey, Basic.",
    ),
    Check(
        "auth-fields-missing",
        "warning",
        "auth has the type {actual} but no fields, so nobody can fill in credentials.",
        "Describe the fields as a JSON Schema of type object in auth.fields.",
        "With custom auth, people fill in the fields that it declares.",
    ),
    Check(
        "auth-fields-shape",
        "warning",
        "auth.fields has the type {actual}, but credentials are an object with named fields.",
        'Use "type": "object" with "properties".',
        "The handler receives the credentials as an object.",
    ),
    Check(
        "auth-provider-missing",
        "warning",
        "auth has the type platform but no provider.",
        "Add the name of the provider that the platform signs in to.",
        "The platform requests the access token from this provider.",
    ),
    Check(
        "entry-property-missing",
        "error",
        "{name} has no {member}. Published releases of the SDK cannot load such a config.json.",
        "Add it. For a schema, an object with properties is enough to start with.",
        "Every published release reads `description`, `input_schema` and `output_schema` of each action and "
        "trigger while it loads. The workbench's own SDK accepts a missing schema, and then every value is valid.",
        former=("member-missing",),
    ),
    Check(
        "output-unchecked",
        "note",
        "The output_schema of {name} declares no properties, so every object is valid.",
        "Declare the properties. The workbench can suggest a schema from a recorded result.",
        "An output schema without properties cannot find errors in the output.",
    ),
    Check(
        "schema-invalid",
        "error",
        "{message}",
        "Change the schema. Expected: {expected}.",
        "A schema must be valid under JSON Schema Draft 7 to be used for validation.",
    ),
    Check(
        "schema-required-boolean",
        "error",
        '`"required": {actual}` is not allowed on a property.',
        "Remove it; list required properties in the parent's `required` array.",
        "Draft 3 had `required: false` on a property. Draft 7 validators fail on it with a TypeError.",
    ),
    Check(
        "schema-too-deep",
        "error",
        "The schema is nested too deeply for a validator.",
        "Reduce the nesting, or move parts to definitions and refer to them.",
        "Validators support a few hundred levels.",
    ),
    Check(
        "schema-ref-remote",
        "error",
        "$ref {actual} is outside this file and is not fetched.",
        "Copy the target to definitions and refer to it there.",
        "References to the network or to other files are never followed.",
    ),
    Check(
        "schema-ref-not-found",
        "error",
        "$ref {actual} was not found in this schema.",
        "Use the JSON Pointer of an existing definition. It starts at the root of this schema.",
        "A reference is a JSON Pointer from the root of its own schema (such as `input_schema`), not of the file.",
        former=("schema-ref-dangling",),
    ),
    Check(
        "schema-ref-circular",
        "error",
        "$ref {actual} refers to itself, so no value can be validated.",
        "Refer to a schema that does not lead back to this reference.",
        "A chain of references that returns to its start never ends.",
        former=("schema-ref-endless",),
    ),
    Check(
        "schema-ref-siblings",
        "warning",
        "Draft 7 ignores {names} next to $ref.",
        "Use allOf with the $ref in one item and the other keywords in another.",
        "Draft 7 ignores all other keywords in an object that has a `$ref`.",
    ),
    Check(
        "schema-pattern-slow",
        "warning",
        "The pattern {actual} can take unlimited time on some strings.",
        "Avoid nested repeats such as (a+)+.",
        "With such a pattern, a single value can block the integration.",
    ),
    Check(
        "schema-nullable",
        "warning",
        "Draft 7 ignores nullable, so null is not valid here.",
        'Use "type": [{type}, "null"].',
        "`nullable` is an OpenAPI keyword.",
    ),
    Check(
        "schema-ignored-keyword",
        "warning",
        "Draft 7 ignores the keyword {name}.",
        "Use {hint} instead.",
        "Keywords of other drafts and misspelled keywords have no effect.",
    ),
    Check(
        "schema-required-unknown",
        "warning",
        "required lists {actual}, which is not in properties{hint}.",
        "Add it to properties, or remove it from required.",
        "A required name without a declared property is often a typing error. With `additionalProperties: false` "
        "no value is valid.",
    ),
    Check(
        "schema-default-invalid",
        "warning",
        "The default violates its own schema. {message}",
        "Change the default or the schema.",
        "A form that starts with this default cannot be sent.",
        former=("schema-default-refused",),
    ),
    Check(
        "schema-enum-invalid",
        "warning",
        "enum contains {actual}, which violates the rest of the schema.",
        "Change the value to {type}, or allow its type.",
        "People can select this value, but it is never valid.",
        former=("schema-enum-refused",),
    ),
    Check(
        "schema-empty-range",
        "warning",
        "{low} is larger than {high}, so no value is valid.",
        "Swap or correct the two limits.",
        "The lower limit is above the upper limit.",
    ),
    Check(
        "schema-unsatisfiable",
        "error",
        "{name} is required here, but {closed} is false and does not declare it, so no object is valid.",
        "Declare {name} in the properties beside additionalProperties, or remove additionalProperties.",
        "A part of the schema requires a property that another part, closed by additionalProperties, forbids.",
    ),
    Check(
        "schema-closed",
        "warning",
        "{name} is declared or required here, but {closed} is false and does not declare it, so no object may have it.",
        "Declare {name} in the properties beside additionalProperties, or remove additionalProperties.",
        "A property stands in then, dependencies, a branch or allOf, and additionalProperties beside it forbids it.",
    ),
    Check(
        "schema-multiple-of-decimal",
        "warning",
        "multipleOf {value} is tested in binary floating point, which rejects {example}, for one.",
        "Use an integer multipleOf (cents, for money), or a string with a pattern.",
        "multipleOf is a decimal fraction: validators use binary floating point and reject some of its multiples.",
    ),
    Check(
        "interval-missing",
        "error",
        "The trigger {name} has no polling_interval.",
        "Add one, such as 5m.",
        "The platform polls at this interval.",
    ),
    Check(
        "interval-invalid",
        "error",
        "Invalid polling_interval {actual}.",
        "Write a whole number and one of s, m, h, d: 30s, 5m, 2h, 1d.",
        "An interval is a whole number above zero with a unit.",
    ),
    Check(
        "trigger-output-shape",
        "warning",
        "The output_schema of the trigger {name} describes {actual}, but must describe the data of one record.",
        "Describe only the object in data. The SDK validates the array and the id of each record.",
        "A poll returns an array of records with `id` and `data`. The schema validates each `data`.",
    ),
)
"""All checks, in the order of the page."""

_BY_CODE = {check.code: check for check in CHECKS}


def config_finding(code: str, pointer: str, **words: str) -> ConfigFinding:
    """The finding of that code, its templates filled in. Raises :class:`KeyError` for an unknown code or a gap."""
    check = _BY_CODE[code]
    return ConfigFinding(code, check.severity, pointer, check.message.format(**words), check.fix.format(**words))
