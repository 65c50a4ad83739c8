"""One schema out of several: ``$ref`` followed, ``allOf`` merged, conditional properties beside the others.

The result only renders a form and never validates a value: where two parts disagree, the one that allows more wins.
"""

from dataclasses import dataclass
from typing import Final

from workbench.domain import JSON
from workbench.forms.conditions import (
    CONDITIONS,
    REQUIRED_WHEN,
    add_conditional,
    alternatives,
    combine_conditions,
    conditional_parts,
    split_alternative,
)
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
        for sometimes in conditional_parts(schema):
            found = self.of(sometimes.schema, seen, depth + 1)
            base, refs = self._beside(base, found, sometimes.note, depth), refs | found.refs
        return MergedSchema(base, refs, tuple(warnings))

    def _beside(self, base: Schema, part: MergedSchema, note: str, depth: int) -> Schema:
        """``base`` with what ``part`` and its branches say under the condition ``note``."""
        result = add_conditional(base, part.schema, note)
        for branch in alternatives(part.schema):
            found = self.of(branch, part.refs, depth + 1)
            rest, own_note = split_alternative(result, found.schema, note)
            if self.left > 0:
                result = self._beside(result, MergedSchema(rest, found.refs), own_note, depth + 1)
        return result


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
    if {CONDITIONS, REQUIRED_WHEN} & result.keys():
        combine_conditions(result, a, b)
    return result


def _both(key: str, a: JSON, b: JSON) -> JSON:
    if isinstance(a, dict) and isinstance(b, dict):
        if key in ("properties", "patternProperties"):
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
