"""One schema out of several: ``$ref`` followed, ``allOf`` merged, conditional properties beside the others.

The result only renders a form and never validates a value: where two parts disagree, the one that allows more wins.
"""

from dataclasses import dataclass
from typing import Final

from workbench.domain import JSON
from workbench.forms.jsontext import dumps
from workbench.jsondoc import pointer as pointers
from workbench.schema.refs import is_remote, target

type Schema = dict[str, JSON]

ANNOTATIONS: Final[tuple[str, ...]] = (
    "label",
    "title",
    "help_text",
    "description",
    "default",
    "examples",
    "x-autohive-input",
)
CONDITIONS: Final = "x-form-conditions"
"""Where the merged schema notes, for properties that only a condition brings, what that condition is."""
DEFINITION: Final = "x-form-definition"
"""Where it notes what the target of a ``$ref`` is called: the name of a type, not that of the field that has it."""
_LARGER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SMALLER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_MAX_DEPTH = 32
_MOST_PARTS = 2000


@dataclass(frozen=True, slots=True)
class MergedSchema:
    """``schema`` without ``$ref``, ``allOf``, ``if`` or ``dependencies``; the references followed; warnings."""

    schema: Schema
    refs: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()


def merge_schema(schema: JSON, root: JSON) -> MergedSchema:
    """The effective schema of ``schema``, a part of ``root``; never raises, and stops at references without end."""
    return _Merger(root).of(schema, frozenset(), 0)


@dataclass(slots=True)
class _Merger:
    """One merge, which looks at so many parts and no more: twenty definitions can make a million of them."""

    root: JSON
    left: int = _MOST_PARTS

    def of(self, schema: JSON, seen: frozenset[str], depth: int) -> MergedSchema:
        self.left -= 1
        if schema is True:
            return MergedSchema({})
        if schema is False:
            return MergedSchema({"not": {}}, warnings=("The schema is false: no value is allowed here.",))
        if not isinstance(schema, dict):
            return MergedSchema({}, warnings=("This is not a JSON Schema: a schema is an object, true or false.",))
        if depth > _MAX_DEPTH:
            return MergedSchema({}, warnings=("The schema refers to itself without end.",))
        if self.left < 0:
            return MergedSchema(
                {}, warnings=(f"The schema is made of more than {_MOST_PARTS} parts; the rest is not shown.",)
            )
        ref = schema.get("$ref")
        if isinstance(ref, str):
            return self._followed(schema, ref, seen, depth)
        if not {"allOf", "if", "dependencies"} & schema.keys():
            return MergedSchema(schema, seen)
        return self._combined(schema, seen, depth)

    def _followed(self, schema: Schema, ref: str, seen: frozenset[str], depth: int) -> MergedSchema:
        """The target of a reference. Draft 7 ignores the keywords beside it; the annotations are still shown."""
        words: Schema = {key: schema[key] for key in ANNOTATIONS if key in schema}
        if ref in seen:
            return MergedSchema(words, seen, (f"$ref “{ref}” leads back to itself.",))
        place = target(self.root, ref)
        if place is None:
            return MergedSchema(words, seen, (_unresolved(ref),))
        found = self.of(pointers.resolve(self.root, place), seen | {ref}, depth + 1)
        return MergedSchema({**_as_definition(found.schema), **words}, found.refs, found.warnings)

    def _combined(self, schema: Schema, seen: frozenset[str], depth: int) -> MergedSchema:
        base: Schema = {k: v for k, v in schema.items() if k not in ("allOf", "if", "then", "else", "dependencies")}
        refs, warnings = seen, dict[str, None]()
        parts = schema.get("allOf")
        for part in parts if isinstance(parts, list) else ():
            found = self.of(part, seen, depth + 1)
            base, refs = combine(base, found.schema), refs | found.refs
            warnings |= dict.fromkeys(found.warnings)
        for part, note in _conditional(schema):
            found = self.of(part, seen, depth + 1)
            base, refs = _beside(base, found.schema, note), refs | found.refs
        return MergedSchema(base, refs, tuple(warnings))


def _as_definition(schema: Schema) -> Schema:
    """The target of a reference, its title as the name of what it defines."""
    title = schema.get("label", schema.get("title"))
    rest: Schema = {key: value for key, value in schema.items() if key not in ("label", "title")}
    return rest if title is None else {**rest, DEFINITION: title}


def _unresolved(ref: str) -> str:
    if is_remote(ref):
        return f"$ref “{ref}” leaves this schema. It is not fetched: write the schema out here."
    return f"$ref “{ref}” points to a place that this schema does not have."


def combine(a: Schema, b: Schema) -> Schema:
    """A schema that requires both ``a`` and ``b``, as far as a form can show it."""
    result = dict(a)
    for key, value in b.items():
        result[key] = _both(key, result[key], value) if key in result else value
    return result


def _both(key: str, a: JSON, b: JSON) -> JSON:
    if isinstance(a, dict) and isinstance(b, dict):
        if key in ("properties", "patternProperties", CONDITIONS):
            return {**a, **{name: _all_of(a[name], part) if name in a else part for name, part in b.items()}}
        if key in ("items", "additionalProperties"):
            return _all_of(a, b)
    if isinstance(a, list) and isinstance(b, list) and key == "required":
        return [*a, *(name for name in b if name not in a)]
    if isinstance(a, list) and isinstance(b, list) and key == "enum":
        return [option for option in a if option in b] or a
    if key == "type":
        return _both_types(a, b)
    if key == DEFINITION:
        return a if a == b else f"{a} + {b}"
    if key == "additionalProperties":
        return a if b is True else b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return max(a, b) if key in _LARGER else min(a, b) if key in _SMALLER else a
    return a


def _all_of(a: JSON, b: JSON) -> JSON:
    return a if a == b else {"allOf": [a, b]}


def _both_types(a: JSON, b: JSON) -> JSON:
    left = a if isinstance(a, list) else [a]
    right = b if isinstance(b, list) else [b]
    both = [name for name in left if name in right or (name == "integer" and "number" in right)]
    both += [name for name in right if name == "integer" and "number" in left and name not in both]
    return (both[0] if len(both) == 1 else both) if both else a


def _conditional(schema: Schema) -> list[tuple[JSON, str]]:
    """The parts that hold only sometimes, each with its condition in words."""
    parts: list[tuple[JSON, str]] = []
    condition = describe_condition(schema.get("if"))
    if "if" in schema and "then" in schema:
        parts.append((schema["then"], f"when {condition}"))
    if "if" in schema and "else" in schema:
        parts.append((schema["else"], f"unless {condition}"))
    dependencies = schema.get("dependencies")
    if isinstance(dependencies, dict):
        parts += [(part, f"with {name}") for name, part in dependencies.items() if isinstance(part, dict)]
    return parts


def _beside(base: Schema, part: Schema, note: str) -> Schema:
    """``base`` with the properties that ``part`` adds; what base already describes stays as it is."""
    added = part.get("properties")
    if not isinstance(added, dict):
        return base
    known = base.get("properties")
    properties: Schema = dict(known) if isinstance(known, dict) else {}
    notes = base.get(CONDITIONS)
    conditions: Schema = dict(notes) if isinstance(notes, dict) else {}
    for name, schema in added.items():
        if name not in properties:
            properties[name] = schema
            conditions[name] = note
        elif name in conditions:
            properties[name] = {"anyOf": [properties[name], schema]}
            conditions[name] = f"{conditions[name]} or {note}"
    return {**base, "properties": properties, CONDITIONS: conditions}


def describe_condition(condition: JSON) -> str:
    """An ``if`` in a few words: ``kind is "card"``."""
    parts: list[str] = []
    members = condition.get("properties") if isinstance(condition, dict) else None
    for name, schema in members.items() if isinstance(members, dict) else ():
        options = schema.get("enum") if isinstance(schema, dict) else None
        if isinstance(schema, dict) and "const" in schema:
            parts.append(f"{name} is {_label(schema['const'])}")
        elif isinstance(options, list):
            parts.append(f"{name} is one of {', '.join(_label(option) for option in options)}")
        else:
            parts.append(f"{name} fits")
    return " and ".join(parts) or "its condition holds"


def _label(value: JSON) -> str:
    return value if isinstance(value, str) and value.strip() else dumps(value)
