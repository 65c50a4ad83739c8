"""The options of one control and the branches of a choice, with their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.domain import JSON
from workbench.forms.jsontext import dumps
from workbench.forms.keyword_values import mapping_of, text_of
from workbench.forms.merged_schema import ANNOTATIONS, DEFINITION, MergedSchema, Schema, combine

ANY_TYPES: Final = ("string", "number", "boolean", "object", "array", "null")
"""The types of a value for which the schema declares none."""
_WORDS: Final = frozenset({"title", "label", "description", "help_text", "default", "examples", DEFINITION})
NULL: Final = "null"
"""The key of the option that is null, where the schema allows it beside others."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value that a pick can take: ``key`` is what the control sends, ``label`` what people read."""

    key: str
    value: JSON
    label: str


@dataclass(frozen=True, slots=True)
class BranchOption:
    """One way of a choice: its schema (merged with what stands beside the choice) and its name.

    ``written`` is the branch as it stands in the document.
    """

    schema: Schema
    label: str
    refs: frozenset[str] = frozenset()
    written: JSON = True


def list_options(schema: Schema, warnings: list[str]) -> tuple[Option, ...] | None:
    """The options of ``const`` or ``enum``; None where there are none, with a warning where ``enum`` is wrong."""
    if "const" in schema:
        return _options([schema["const"]])
    values = schema.get("enum")
    if isinstance(values, list) and values:
        return _options(values)
    if "enum" in schema:
        warnings.append("enum must list at least one value; it is ignored.")
    return None


def _options(values: Sequence[JSON]) -> tuple[Option, ...]:
    return tuple(Option(str(index), value, value_label(value)) for index, value in enumerate(values))


def value_label(value: JSON) -> str:
    """The label of a value in a list: a string as it is, the rest as JSON."""
    return value if isinstance(value, str) and value.strip() else dumps(value)


def constant_options(parts: Sequence[MergedSchema]) -> tuple[Option, ...]:
    """The options where every branch is one value, each with its title."""
    if not all("const" in part.schema for part in parts):
        return ()
    values = [(part.schema["const"], _title(part.schema)) for part in parts]
    return tuple(Option(str(index), value, title or value_label(value)) for index, (value, title) in enumerate(values))


def combine_branch(base: Schema, part: Schema) -> Schema:
    """A branch with what stands beside the choice. The field's own words stay with the choice."""
    beside = {k: v for k, v in base.items() if k not in _WORDS}
    return combine(beside, part)


def fold_branch(base: Schema, part: Schema) -> Schema:
    """The only branch that has a control, as the schema of the field: what stands beside the choice says more."""
    return combine_branch(base, part) | {key: base[key] for key in ANNOTATIONS if key in base}


def is_null(schema: Schema) -> bool:
    """Whether null is the one value of the branch."""
    if "const" in schema:
        return schema["const"] is None
    return schema.get("type") == "null" or schema.get("enum") == [None]


def with_null(options: Sequence[Option]) -> tuple[Option, ...]:
    """``options`` and null, where it is not among them."""
    known = any(option.value is None for option in options)
    return tuple(options) if known else (*options, Option(NULL, None, "null"))


def _title(schema: Schema) -> str:
    return text_of(schema, "title") or text_of(schema, DEFINITION)


def branches_of_types(schema: Schema, names: Sequence[str]) -> tuple[BranchOption, ...]:
    """One branch for each of the types, called by its name."""
    beside = {k: v for k, v in schema.items() if k not in _WORDS and k != "enum"}
    return tuple(BranchOption({**beside, "type": name}, name, written={"type": name}) for name in names)


def branch_label(schema: Schema, index: int) -> str:
    """The label of a branch: its title, else what tells it from the others, else its number."""
    written = _title(schema) or text_of(schema, "label")
    if written:
        return written
    if "const" in schema:
        return value_label(schema["const"])
    for name, member in mapping_of(schema, "properties").items():
        if isinstance(member, dict) and "const" in member:
            return f"{name} {value_label(member['const'])}"
    if mapping_of(schema, "properties"):
        return f"object with {', '.join(list(mapping_of(schema, 'properties'))[:3])}"
    kind = schema.get("type")
    return kind if isinstance(kind, str) else f"branch {index + 1}"
