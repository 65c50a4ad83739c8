"""Every finding about what a ``config.json`` says: its code, how bad it is, its words, what to do.

Codes are stable: they are written to SARIF and may stand in somebody's list of known findings. docs/checks.md is made
of this table and of the catalog's.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of finding. ``message`` and ``remedy`` are templates; ``about`` is for the page of all checks."""

    code: str
    severity: str
    message: str
    remedy: str
    about: str


@dataclass(frozen=True, slots=True)
class ConfigFinding:
    """A finding about a ``config.json``: ``severity`` is ``error``, ``warning`` or ``note``.

    ``pointer`` leads to the place in the file (a missing member has its own); ``remedy`` says what to do.
    """

    code: str
    severity: str
    pointer: str
    message: str
    remedy: str = ""


CHECKS: tuple[Check, ...] = (
    Check(
        "config-not-an-object",
        "error",
        "config.json holds {actual} where an object is wanted.",
        "Write an object with name, version, entry_point and actions.",
        "The whole file has to be one JSON object.",
    ),
    Check(
        "config-missing",
        "error",
        "config.json has no {name}, or an empty one.",
        "Add {name}.",
        "`name`, `version` and `entry_point` have to be there and not be empty.",
    ),
    Check(
        "config-type",
        "error",
        "{name} is {actual}; it should be {expected}.",
        "Make it {expected}.",
        "A known member is of another type than it has to be.",
    ),
    Check(
        "config-unknown-member",
        "note",
        "{name} is not a member that the SDK reads; {hint} was probably meant.",
        "Rename it to {hint}.",
        "A member that is read by nobody and looks like a slip of the pen. Other unknown members are left alone.",
    ),
    Check(
        "config-nothing-to-run",
        "warning",
        "config.json declares neither an action nor a polling trigger.",
        "Declare one under actions or polling_triggers.",
        "An integration without actions and triggers can only tell its connected account.",
    ),
    Check(
        "description-missing",
        "note",
        "{name} has no description.",
        "Say in one sentence what it does: people, and the models that call it, choose by it.",
        "The integration, its actions and its triggers are chosen by what their descriptions say.",
    ),
    Check(
        "version-not-semver",
        "warning",
        "The version {actual} is not of the form 1.2.3 (Semantic Versioning 2.0.0).",
        "Write three numbers with dots, such as 1.0.0.",
        "The platform compares versions; text of another form has no order.",
    ),
    Check(
        "auth-type-missing",
        "warning",
        "auth has no type.",
        'Write "type": "custom" where the integration asks for fields, "platform" where the platform signs in.',
        "Without a type nobody knows who makes the credentials.",
    ),
    Check(
        "auth-type-unknown",
        "warning",
        "The auth type {actual} is not one that the SDK knows.",
        "Use custom with fields, or platform with a provider.",
        "Known are `custom`, `platform`, `none`, and the SDK's words PlatformOauth2, PlatformTeams, ApiKey, Basic.",
    ),
    Check(
        "auth-fields-missing",
        "warning",
        "auth is of type {actual} and has no fields, so nobody is asked for credentials.",
        "Describe the fields as a JSON Schema of type object under auth.fields.",
        "Custom auth asks people for the fields that it declares.",
    ),
    Check(
        "auth-fields-shape",
        "warning",
        "auth.fields describes {actual}; credentials are an object with named fields.",
        'Write "type": "object" with "properties".',
        "The credentials reach the handler as an object.",
    ),
    Check(
        "auth-provider-missing",
        "warning",
        "auth is of type platform and names no provider.",
        "Add the name of the provider that the platform shall sign in to.",
        "The platform has to know whom to ask for an access token.",
    ),
    Check(
        "member-missing",
        "error",
        "{name} has no {member}; the published SDK fails to load a config.json without it.",
        "Add it; for a schema, an object with properties is enough to begin with.",
        "Every published release reads `description`, `input_schema` and `output_schema` of each action and trigger as "
        "it loads. The workbench's own SDK goes on: an absent schema accepts everything.",
    ),
    Check(
        "output-unchecked",
        "note",
        "The output_schema of {name} says nothing about its members, so no mistake in the output is ever noticed.",
        "Declare the members; one recorded result is enough to make a first schema from.",
        "An output schema without any member passes every object.",
    ),
    Check(
        "schema-invalid",
        "error",
        "{message}",
        "Mend the schema: {expected} is wanted there.",
        "A schema has to be valid under JSON Schema Draft 7, or validation cannot be relied on.",
    ),
    Check(
        "schema-required-boolean",
        "error",
        '`"required": {actual}` is not allowed on a property.',
        "Remove it; list required properties in the parent's `required` array.",
        "Draft 3 had `required: false` on a property. In Draft 7 validators fail on it with a bare TypeError.",
    ),
    Check(
        "schema-too-deep",
        "error",
        "The schema is nested deeper than a validator can follow.",
        "Flatten it, or define its parts once under definitions and refer to them.",
        "Validators follow a few hundred levels.",
    ),
    Check(
        "schema-ref-remote",
        "error",
        "$ref {actual} leads out of this file, and nothing is fetched.",
        "Copy what it means into definitions and refer to it there.",
        "References to the network or to files are never followed.",
    ),
    Check(
        "schema-ref-dangling",
        "error",
        "$ref {actual} leads to nothing in this schema.",
        "Write the pointer of a definition that is there; it starts at the root of this one schema.",
        "A reference is a JSON Pointer from the root of its own schema (`input_schema`), not of the file.",
    ),
    Check(
        "schema-ref-endless",
        "error",
        "$ref {actual} leads back to itself, so no value can ever be judged.",
        "Let it refer to a schema that says something.",
        "References that go in a circle without descending into the data have no end.",
    ),
    Check(
        "schema-ref-siblings",
        "warning",
        "{names} beside $ref is ignored by Draft 7.",
        "Wrap the reference: allOf with the $ref and the rest.",
        "Draft 7 reads nothing else in an object that has a $ref.",
    ),
    Check(
        "schema-pattern-slow",
        "warning",
        "The pattern {actual} can take time without bound on some texts.",
        "Avoid repeats within repeats, such as (a+)+.",
        "Such a pattern lets a single value stop the integration.",
    ),
    Check(
        "schema-nullable",
        "warning",
        "nullable is ignored by Draft 7; null is still refused here.",
        'Write "type": [{type}, "null"].',
        "`nullable` is a word of OpenAPI.",
    ),
    Check(
        "schema-ignored-keyword",
        "warning",
        "{name} is ignored by Draft 7{hint}.",
        "Write it in Draft 7's words.",
        "Keywords of other drafts and slips of the pen check nothing.",
    ),
    Check(
        "schema-required-unknown",
        "warning",
        "required names {actual}, which properties lacks{hint}.",
        "Add it to properties, or take it out of required.",
        "A required name without a declared member is mostly a slip; with additionalProperties false nothing can pass.",
    ),
    Check(
        "schema-default-refused",
        "warning",
        "The default is refused by its own schema: {message}",
        "Change the default or the schema.",
        "A form that starts from the default could not be sent.",
    ),
    Check(
        "schema-enum-refused",
        "warning",
        "enum offers {actual}, which the rest of the schema refuses.",
        "Write it as {type}, or widen the type.",
        "A choice that can be made and is then refused.",
    ),
    Check(
        "schema-empty-range",
        "warning",
        "{low} is above {high}, so no value fits.",
        "Swap or mend the limits.",
        "A lower limit above the upper one refuses everything.",
    ),
    Check(
        "interval-missing",
        "error",
        "The trigger {name} has no polling_interval.",
        "Add one, such as 5m.",
        "The platform has to know how often to poll.",
    ),
    Check(
        "interval-invalid",
        "error",
        "The polling_interval {actual} cannot be read.",
        "Write a whole number and one of s, m, h, d: 30s, 5m, 2h, 1d.",
        "Intervals are a whole number above zero with a unit.",
    ),
    Check(
        "trigger-output-shape",
        "warning",
        "The output_schema of the trigger {name} describes {actual}; it should describe the data of one record.",
        "Describe the object under data; the list around it and the id are the SDK's.",
        "A poll returns a list of records with `id` and `data`; the schema is held against each `data`.",
    ),
)
"""All checks, in the order of the page."""

_BY_CODE = {check.code: check for check in CHECKS}


def config_finding(code: str, pointer: str, **words: str) -> ConfigFinding:
    """The finding of that code, its templates filled in. Raises :class:`KeyError` for an unknown code or a gap."""
    check = _BY_CODE[code]
    return ConfigFinding(code, check.severity, pointer, check.message.format(**words), check.remedy.format(**words))
