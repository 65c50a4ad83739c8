"""What a form makes of a schema: which control stands for it, its properties, rows and branches. No values here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from workbench.domain import JSON
from workbench.forms.conditions import CONDITIONS, REQUIRED_WHEN
from workbench.forms.keyword_values import implied_types, mapping_of, names_of, text_of, tuple_of, types_of
from workbench.forms.merged_schema import MergedSchema, Schema, merge_schema
from workbench.forms.options import (
    ANY_TYPES,
    BranchOption,
    Option,
    branch_label,
    branches_of_types,
    combine_branch,
    constant_options,
    fold_branch,
    is_null,
    list_options,
    with_null,
)
from workbench.jsondoc import pointer as pointers
from workbench.schema import is_valid_within
from workbench.schema.patterns import matches


class ControlKind(StrEnum):
    """The control that stands for a schema."""

    TEXT = "text"
    NUMBER = "number"
    OPTION = "pick"
    OBJECT = "object"
    ARRAY = "array"
    SET = "set"
    CHOICE = "choice"
    OPAQUE = "opaque"


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A schema as the form sees it. ``types`` is empty where it declares none; ``refs`` are those followed to it."""

    kind: ControlKind
    schema: Schema
    types: tuple[str, ...] = ()
    nullable: bool = False
    options: tuple[Option, ...] = ()
    branches: tuple[BranchOption, ...] = ()
    refs: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    segmented: bool = False
    any: bool = False

    @property
    def format(self) -> str:
        """The ``format`` as written, empty where there is none."""
        return text_of(self.schema, "format")

    @property
    def is_secret(self) -> bool:
        """Whether this is one control, and what is typed into it must never be sent back."""
        return self.kind in (ControlKind.TEXT, ControlKind.NUMBER) and self.is_write_only

    @property
    def is_write_only(self) -> bool:
        """Whether no value of it, of whatever type, may be in a page."""
        return self.format == "password"

    @property
    def is_file(self) -> bool:
        """Whether a file picker fills this object."""
        return self.kind is ControlKind.OBJECT and self.format == "file"


@dataclass(frozen=True, slots=True)
class Member:
    """A declared property of an object.

    ``condition`` says when it counts, ``required_when`` when it is required, where it is not so always.
    """

    name: str
    schema: JSON
    required: bool
    condition: str = ""
    required_when: str = ""


@dataclass(frozen=True, slots=True)
class RowSlot:
    """Where an undeclared property belongs: ``key`` names the slot in a form, ``pattern`` the names it takes."""

    key: str
    schema: JSON
    pattern: str = ""


_CONSTRAINTS: Final = frozenset(
    {"required", "not", "title", "description", "label", "minProperties", "maxProperties", "$comment", "dependencies"}
)
FILE_MEMBERS: Final = ("name", "contentType", "content")
ADDITIONAL: Final = "a"
_MOST_SHAPES: Final = 5000
_MOST_FLAGS: Final = 40


@dataclass(slots=True)
class Shapes:
    """Shapes of the schemas of one document, each made once."""

    root: JSON
    _made: dict[int, tuple[JSON, Shape]] = field(default_factory=dict)
    _members: dict[int, tuple[Shape, tuple[Member, ...]]] = field(default_factory=dict)
    _defaults: dict[int, tuple[Shape, bool]] = field(default_factory=dict)

    def of(self, schema: JSON) -> Shape:
        """The shape of ``schema``; never raises, whatever the schema is."""
        known = self._made.get(id(schema))
        if known is None:
            known = self._made[id(schema)] = (schema, self._make(merge_schema(schema, self.root)))
        return known[1]

    def members(self, shape: Shape) -> tuple[Member, ...]:
        """The declared properties of an object, in the schema's order."""
        known = self._members.get(id(shape))
        if known is None:
            known = self._members[id(shape)] = (shape, _members(shape))
        return known[1]

    def accepts_default(self, shape: Shape) -> bool:
        """Whether the declared default is valid where it is declared; one that is not must not fill a form."""
        known = self._defaults.get(id(shape))
        if known is None:
            known = self._defaults[id(shape)] = (shape, self._accepts(shape, shape.schema.get("default")))
        return known[1]

    def _accepts(self, shape: Shape, value: JSON) -> bool:
        options = shape.options if shape.kind is ControlKind.OPTION else ()
        if value is None and (shape.nullable or any(option.value is None for option in options)):
            return True
        if value is None and any(is_null(branch.schema) for branch in shape.branches):
            return True
        return is_valid_within(self.root, shape.schema, value)

    def slots(self, shape: Shape) -> tuple[RowSlot, ...]:
        """The slots in which a person may add properties."""
        found = [
            RowSlot(f"p{index}", schema, pattern)
            for index, (pattern, schema) in enumerate(mapping_of(shape.schema, "patternProperties").items())
        ]
        additional = shape.schema.get("additionalProperties", True)
        if additional is not False:
            found.append(RowSlot(ADDITIONAL, additional))
        return tuple(found)

    def requires_undeclared(self, shape: Shape) -> bool:
        """Whether its schema or a branch of it requires a property that it does not declare."""
        declared = {member.name for member in self.members(shape)}
        return any(name not in declared for name in _required_names(shape.schema))

    def slot_for(self, shape: Shape, key: str) -> str:
        """The slot that an undeclared property called ``key`` belongs to."""
        names = mapping_of(shape.schema, "patternProperties")
        hits = [str(index) for index, pattern in enumerate(names) if matches(pattern, key)]
        return f"p{'-'.join(hits)}" if hits else ADDITIONAL

    def slot_shape(self, shape: Shape, slot: str) -> Shape:
        """The shape of the values in a slot; that of any value where the schema does not know the slot."""
        if slot.startswith("p"):
            schemas = list(mapping_of(shape.schema, "patternProperties").values())
            list_places = dict.fromkeys(pointers.index(part, len(schemas)) for part in slot[1:].split("-"))
            hits = [schemas[place] for place in list_places if place is not None]
            return self.of(hits[0]) if len(hits) == 1 else self._make(merge_schema({"allOf": hits}, self.root))
        additional = shape.schema.get("additionalProperties", True)
        return self.of(additional if isinstance(additional, dict) else True)

    def row_shape(self, shape: Shape, index: int) -> Shape:
        """The shape of an array's row at ``index``: by position in a tuple."""
        first, rest = tuple_of(shape.schema)
        return self.of(first[index] if index < len(first) else rest if isinstance(rest, dict) else True)

    def branch_shape(self, shape: Shape, index: int) -> Shape:
        """The shape of one branch of a choice."""
        branch = shape.branches[index]
        known = self._made.get(id(branch.schema))
        if known is None:
            found = merge_schema(branch.schema, self.root)
            known = self._made[id(branch.schema)] = (branch.schema, self._make(replace(found, refs=branch.refs)))
        return known[1]

    def first_branch(self, shape: Shape, *, of_root: bool) -> int:
        """The branch that a blank choice shows. The root begins as an object where it may be one: inputs are one."""
        each = range(len(shape.branches)) if of_root else ()
        return next((index for index in each if self.branch_shape(shape, index).kind is ControlKind.OBJECT), 0)

    def holds_secret(self, shape: Shape) -> bool:
        """Whether something inside of ``shape`` must never be sent back."""
        seen: set[int] = set()
        pending = [shape]
        while pending:
            one = pending.pop()
            if one.is_write_only:
                return True
            if id(one) not in seen and len(seen) < _MOST_SHAPES:
                seen.add(id(one))
                pending += self._inner(one)
        return False

    def secret_names(self) -> frozenset[str]:
        """The names of the properties, anywhere in the document, whose value may not be in a page."""
        found: set[str] = set()
        seen: set[int] = set()
        pending = [self.of(self.root)]
        while pending:
            one = pending.pop()
            if id(one) in seen or len(seen) >= _MOST_SHAPES:
                continue
            seen.add(id(one))
            if one.kind is ControlKind.OBJECT:
                found.update(each.name for each in self.members(one) if self.holds_secret(self.of(each.schema)))
            pending += self._inner(one)
        return frozenset(found)

    def _inner(self, shape: Shape) -> list[Shape]:
        """The shapes directly inside of ``shape``."""
        if shape.kind is ControlKind.OBJECT:
            slots = [self.of(slot.schema) for slot in self.slots(shape) if isinstance(slot.schema, dict)]
            return [self.of(member.schema) for member in self.members(shape)] + slots
        if shape.kind is ControlKind.ARRAY:
            return [self.row_shape(shape, index) for index in range(len(tuple_of(shape.schema)[0]) + 1)]
        return [self.branch_shape(shape, index) for index in range(0 if shape.any else len(shape.branches))]

    def _make(self, found: MergedSchema) -> Shape:
        schema, warnings = found.schema, list(found.warnings)
        types = types_of(schema, warnings)
        shape = Shape(ControlKind.OPAQUE, schema, types, refs=found.refs)
        options = list_options(schema, warnings)
        if options is not None:
            shape = replace(shape, kind=ControlKind.OPTION, options=options)
        elif "not" in schema and not schema["not"] and warnings:
            pass
        else:
            shape = self._branched(shape, warnings) or self._typed(shape)
        return replace(shape, warnings=tuple(warnings)) if warnings else shape

    def _branched(self, shape: Shape, warnings: list[str]) -> Shape | None:
        """The shape where ``oneOf`` or ``anyOf`` makes a difference that a person must choose."""
        keyword = "oneOf" if "oneOf" in shape.schema else "anyOf"
        parts = shape.schema.get(keyword)
        if not isinstance(parts, list) or not parts:
            return None
        base = {k: v for k, v in shape.schema.items() if k not in ("oneOf", "anyOf")}
        every = [(part, merge_schema(part, self.root)) for part in parts]
        warnings += [warning for _, part in every for warning in part.warnings]
        found = [
            (written, part) for written, part in every if not part.refs & shape.refs
        ]  # the choice itself as a branch adds nothing
        if not found:
            return shape
        if all(part.schema.keys() <= _CONSTRAINTS for _, part in found) and shape.types:
            return None
        consts = constant_options([part for _, part in found])
        if consts:
            return replace(shape, kind=ControlKind.OPTION, options=consts)
        rest = [part for _, part in found if not is_null(part.schema)]
        if len(rest) == 1:
            inner = self._make(MergedSchema(fold_branch(base, rest[0].schema), shape.refs | rest[0].refs))
            folded = inner if len(found) == 1 else _nullable(inner, found)
            if folded is not None:
                return folded
        branches = tuple(
            BranchOption(
                combine_branch(base, part.schema), branch_label(part.schema, index), shape.refs | part.refs, written
            )
            for index, (written, part) in enumerate(found)
        )
        return replace(shape, kind=ControlKind.CHOICE, branches=branches)

    def _typed(self, shape: Shape) -> Shape:
        """The shape where the type alone decides."""
        types = shape.types or implied_types(shape.schema)
        nullable = "null" in types
        plain = [name for name in types if name != "null" and not (name == "integer" and "number" in types)]
        if not types:
            return replace(
                shape, kind=ControlKind.CHOICE, branches=branches_of_types(shape.schema, ANY_TYPES), any=True
            )
        if len(plain) > 1:
            names = [*plain, *(["null"] if nullable else [])]
            return replace(shape, kind=ControlKind.CHOICE, branches=branches_of_types(shape.schema, names))
        return self._as_set(_single(shape, plain[0] if plain else "null", nullable))

    def _as_set(self, shape: Shape) -> Shape:
        """An array of different options as options of which several can be taken; any other shape as it is."""
        items = shape.schema.get("items")
        if shape.kind is not ControlKind.ARRAY or shape.schema.get("uniqueItems") is not True:
            return shape
        item = merge_schema(items, self.root).schema
        options = list_options(item, []) or ()
        if not 1 < len(options) <= _MOST_FLAGS or text_of(item, "format") == "password":
            return shape
        return replace(shape, kind=ControlKind.SET, options=options)


def declares(schema: JSON, name: str) -> bool:
    """Whether an object of this schema, or a branch of it, declares the property ``name``, itself or by a pattern."""
    shapes = Shapes(schema)
    pending, seen = [shapes.of(schema)], 0
    while pending and seen < _MOST_SHAPES:
        shape, seen = pending.pop(), seen + 1
        if shape.kind is ControlKind.OBJECT:
            if any(member.name == name for member in shapes.members(shape)):
                return True
            if shapes.slot_for(shape, name) != ADDITIONAL:
                return True
        pending += [shapes.branch_shape(shape, index) for index in range(0 if shape.any else len(shape.branches))]
    return False


def _nullable(shape: Shape, found: Sequence[tuple[JSON, MergedSchema]]) -> Shape | None:
    """The shape of a value that may be null too, as ``found`` allows it; None where no control can say so."""
    match shape.kind:
        case ControlKind.TEXT | ControlKind.NUMBER | ControlKind.OBJECT | ControlKind.ARRAY | ControlKind.SET:
            return replace(shape, nullable=True)
        case ControlKind.OPTION:
            return replace(shape, options=with_null(shape.options))
        case ControlKind.CHOICE if shape.any:
            return shape
        case ControlKind.CHOICE:
            null = next((written, part) for written, part in found if is_null(part.schema))
            known = any(is_null(branch.schema) for branch in shape.branches)
            branch = BranchOption(null[1].schema, "null", null[1].refs, null[0])
            return shape if known else replace(shape, branches=(*shape.branches, branch))
    return None


def _single(shape: Shape, name: str, nullable: bool) -> Shape:
    nothing = (Option("null", None, "null"),) if nullable else ()
    if name == "null":
        return replace(shape, kind=ControlKind.OPTION, options=(Option("null", None, "null"),), segmented=True)
    if name == "boolean":
        both = (Option("true", True, "true"), Option("false", False, "false"))
        return replace(shape, kind=ControlKind.OPTION, options=both + nothing, segmented=True)
    kinds = {"string": ControlKind.TEXT, "object": ControlKind.OBJECT, "array": ControlKind.ARRAY}
    return replace(shape, kind=kinds.get(name, ControlKind.NUMBER), nullable=nullable)


def _required_names(schema: JSON) -> Iterator[str]:
    """The names that an object of this schema must have, and those that its branches require."""
    pending = [schema]
    while pending:
        one = pending.pop()
        if not isinstance(one, dict):
            continue
        yield from names_of(one, "required")
        yield from mapping_of(one, REQUIRED_WHEN)
        for keyword in ("anyOf", "oneOf"):
            parts = one.get(keyword)
            pending += parts if isinstance(parts, list) else []


def _members(shape: Shape) -> tuple[Member, ...]:
    required = set(names_of(shape.schema, "required"))
    conditions, sometimes = mapping_of(shape.schema, CONDITIONS), mapping_of(shape.schema, REQUIRED_WHEN)
    declared = dict(mapping_of(shape.schema, "properties"))
    if shape.format == "file":
        for name in FILE_MEMBERS:
            declared.setdefault(name, _FILE_SCHEMAS[name])
    return tuple(
        Member(
            name,
            schema,
            name in required,
            str(conditions.get(name, "")),
            "" if name in required else str(sometimes.get(name, "")),
        )
        for name, schema in declared.items()
    )


_FILE_SCHEMAS: Final[dict[str, JSON]] = {
    "name": {"type": "string", "description": "The file's name."},
    "contentType": {"type": "string", "description": "Its media type, such as application/pdf."},
    "content": {"type": "string", "description": "Its bytes in base64."},
}
