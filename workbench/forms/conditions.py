"""What a schema says for some values only: ``then``, ``else`` and ``dependencies``, as notes at the fields."""

from dataclasses import dataclass
from typing import Final

from workbench.domain import JSON
from workbench.forms.jsontext import dumps

type Schema = dict[str, JSON]

CONDITIONS: Final = "x-form-conditions"
"""Where a merged schema notes, for properties that only a condition brings, what that condition is."""
REQUIRED_WHEN: Final = "x-form-required"
"""Where it notes, for properties that only a condition requires, what that condition is."""


@dataclass(frozen=True, slots=True)
class ConditionalPart:
    """A part of a schema that holds only where ``note`` says: ``when kind is "card"``, ``with credit_card``."""

    schema: JSON
    note: str


def conditional_parts(schema: Schema) -> list[ConditionalPart]:
    """The parts of ``schema`` that hold only sometimes."""
    parts: list[ConditionalPart] = []
    condition = describe_condition(schema.get("if"))
    if "if" in schema and "then" in schema:
        parts.append(ConditionalPart(schema["then"], f"when {condition}"))
    if "if" in schema and "else" in schema:
        parts.append(ConditionalPart(schema["else"], f"unless {condition}"))
    dependencies = schema.get("dependencies")
    for name, part in dependencies.items() if isinstance(dependencies, dict) else ():
        if isinstance(part, dict | list):
            parts.append(ConditionalPart({"required": part} if isinstance(part, list) else part, f"with {name}"))
    return parts


def alternatives(part: Schema) -> list[JSON]:
    """The branches of ``oneOf`` and ``anyOf`` of a conditional part."""
    found: list[JSON] = []
    for keyword in ("oneOf", "anyOf"):
        branches = part.get(keyword)
        found += branches if isinstance(branches, list) else []
    return found


def split_alternative(base: Schema, branch: Schema, note: str) -> tuple[Schema, str]:
    """The branch of a conditional part without what tells it from the others, and its note.

    What tells it is the value of a property that ``base`` has. Where nothing does, no name counts as required: another
    branch may hold as well.
    """
    known, properties = _object(base, "properties"), _object(branch, "properties")
    tells: Schema = {
        name: schema
        for name, schema in properties.items()
        if name in known and isinstance(schema, dict) and {"const", "enum"} & schema.keys()
    }
    rest: Schema = {**branch, "properties": {name: one for name, one in properties.items() if name not in tells}}
    if tells:
        return rest, f"{note} when {describe_condition({'properties': tells})}"
    return {key: value for key, value in rest.items() if key != "required"}, note


def add_conditional(base: Schema, part: Schema, note: str) -> Schema:
    """``base`` with the properties and required names of ``part``; what it already describes stays as it is."""
    properties: Schema = dict(_object(base, "properties"))
    conditions: Schema = dict(_object(base, CONDITIONS))
    for name, schema in _object(part, "properties").items():
        if name not in properties:
            properties[name], conditions[name] = schema, note
        elif name in conditions:
            properties[name], conditions[name] = _either(properties[name], schema), _or(conditions[name], note)
    required: Schema = dict(_object(base, REQUIRED_WHEN))
    always = base.get("required")
    names = part.get("required")
    for one in names if isinstance(names, list) else ():
        if isinstance(one, str) and not (isinstance(always, list) and one in always):
            required[one] = _or(required[one], note) if one in required else note
    added: Schema = {"properties": properties, CONDITIONS: conditions, REQUIRED_WHEN: required}
    return {**base, **{key: value for key, value in added.items() if value}}


def combine_conditions(result: Schema, a: Schema, b: Schema) -> None:
    """Set in ``result``, made of both ``a`` and ``b``, what either says for some values only.

    A property that one of them always has is as that one says; one that both have sometimes is as either says.
    """
    notes: Schema = {**_object(a, CONDITIONS), **_object(b, CONDITIONS)}
    left, right = _object(a, "properties"), _object(b, "properties")
    properties = dict(_object(result, "properties"))
    for name in left.keys() & right.keys() & notes.keys():
        in_left, in_right = _object(a, CONDITIONS).get(name), _object(b, CONDITIONS).get(name)
        if in_left is not None and in_right is not None:
            properties[name], notes[name] = _either(left[name], right[name]), _or(in_left, in_right)
        else:
            properties[name] = left[name] if in_left is None else right[name]
            del notes[name]
    required = dict(_object(a, REQUIRED_WHEN))
    for name, note in _object(b, REQUIRED_WHEN).items():
        required[name] = _or(required[name], note) if name in required else note
    for key, value in (("properties", properties), (CONDITIONS, notes), (REQUIRED_WHEN, required)):
        if value or key in result:
            result[key] = value


def describe_condition(condition: JSON) -> str:
    """An ``if`` in a few words: ``kind is "card"``."""
    parts: list[str] = []
    members = _object(condition, "properties")
    for name, schema in members.items():
        options = schema.get("enum") if isinstance(schema, dict) else None
        if isinstance(schema, dict) and "const" in schema:
            parts.append(f"{name} is {_label(schema['const'])}")
        elif isinstance(options, list):
            words = ", ".join(_label(option) for option in options)
            parts.append(f"{name} is {words}" if len(options) == 1 else f"{name} is one of {words}")
        else:
            parts.append(f"{name} fits")
    names = condition.get("required") if isinstance(condition, dict) else None
    parts += [f"{name} is set" for name in (names if isinstance(names, list) else ()) if name not in members]
    return " and ".join(parts) or "its condition holds"


def _object(schema: JSON, key: str) -> Schema:
    value = schema.get(key) if isinstance(schema, dict) else None
    return value if isinstance(value, dict) else {}


def _either(a: JSON, b: JSON) -> JSON:
    return a if a == b else {"anyOf": [a, b]}


def _or(a: JSON, b: JSON) -> str:
    return str(a) if a == b else f"{a} or {b}"


def _label(value: JSON) -> str:
    return value if isinstance(value, str) and value.strip() else dumps(value)
