"""What an editor of JSON text can offer at a place: the names of properties, and the values that a schema lists."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from workbench.domain import JSON
from workbench.forms import field_text
from workbench.forms.jsontext import dumps
from workbench.forms.keyword_values import text_of
from workbench.forms.shapes import ControlKind, Shape, Shapes
from workbench.jsondoc import pointer as pointers

_MOST: Final = 200
_MOST_SHAPES: Final = 500


@dataclass(frozen=True, slots=True)
class NameOffer:
    """A property that an object may have; ``type`` and ``help`` are as its field says them."""

    name: str
    type: str
    help: str
    required: bool


@dataclass(frozen=True, slots=True)
class ValueOffer:
    """A value as JSON text; ``note`` says where it comes from, where that is not the type itself."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Completions:
    """The properties of the object at a place, and the values that may stand there."""

    names: tuple[NameOffer, ...] = ()
    values: tuple[ValueOffer, ...] = ()

    def as_json(self) -> JSON:
        """Both lists as JSON."""
        return {"names": [asdict(one) for one in self.names], "values": [asdict(one) for one in self.values]}


def complete(schema: JSON, pointer: str) -> Completions:
    """What ``schema`` has at ``pointer``, all branches of a choice together; nothing where it is silent."""
    shapes = Shapes(schema)
    found = list(_branches(shapes, shapes.of(schema)))
    for name in pointers.split(pointer):
        found = [each for shape in found for inner in _inside(shapes, shape, name) for each in _branches(shapes, inner)]
        found = found[:_MOST_SHAPES]
    names: dict[str, NameOffer] = {}
    values: dict[str, ValueOffer] = {}
    for shape in found:
        for offer in _names(shapes, shape):
            names.setdefault(offer.name, offer)
        for value in _values(shape):
            values.setdefault(value.text, value)
    return Completions(tuple(names.values())[:_MOST], tuple(values.values())[:_MOST])


def _branches(shapes: Shapes, shape: Shape) -> Iterator[Shape]:
    """``shape`` itself, or the shapes of its branches, nested ones too."""
    pending, seen = [shape], set[int]()
    while pending and len(seen) < _MOST_SHAPES:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        if one.kind is ControlKind.CHOICE and not one.any:
            pending += [shapes.branch_shape(one, index) for index in range(len(one.branches))]
        else:
            yield one


def _inside(shapes: Shapes, shape: Shape, name: str) -> Iterator[Shape]:
    """The shape of what stands at ``name`` in a value of ``shape``."""
    if shape.kind is ControlKind.OBJECT:
        member = next((one for one in shapes.members(shape) if one.name == name), None)
        yield shapes.of(member.schema) if member else shapes.slot_shape(shape, shapes.slot_for(shape, name))
    elif shape.kind in (ControlKind.ARRAY, ControlKind.SET):
        index = pointers.index(name, _MOST_SHAPES)
        if index is not None:
            yield shapes.row_shape(shape, index)


def _names(shapes: Shapes, shape: Shape) -> Iterator[NameOffer]:
    if shape.kind is not ControlKind.OBJECT:
        return
    for member in shapes.members(shape):
        inner = shapes.of(member.schema)
        help_ = text_of(inner.schema, "help_text") or text_of(inner.schema, "description")
        yield NameOffer(member.name, field_text.type_line(inner), help_, member.required)


def _values(shape: Shape) -> Iterator[ValueOffer]:
    """The options of the schema, null, the default and the examples; a secret has none."""
    if shape.is_write_only:
        return
    for option in shape.options if shape.kind is ControlKind.OPTION else ():
        text = dumps(option.value)
        yield ValueOffer(text, option.label if option.label not in (text, option.value) else "")
    if "default" in shape.schema:
        yield ValueOffer(dumps(shape.schema["default"]), "default")
    examples = shape.schema.get("examples")
    for example in examples[:10] if isinstance(examples, list) else ():
        yield ValueOffer(dumps(example), "example")
    if shape.nullable:
        yield ValueOffer("null")
    if shape.kind is ControlKind.OBJECT:
        yield ValueOffer("{}", "object")
    if shape.kind in (ControlKind.ARRAY, ControlKind.SET):
        yield ValueOffer("[]", "array")
