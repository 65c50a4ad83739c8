"""Valid values made from a schema: its examples, its default, its options, or what its type and limits allow."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.keyword_values import names_of, text_of, tuple_of
from workbench.forms.merged_schema import Schema
from workbench.forms.shapes import ControlKind, Member, Shape, Shapes
from workbench.schema import is_valid_within
from workbench.schema.pattern_text import text_for

_DEEPEST: Final = 10
_MOST_VALUES: Final = 1000
_LARGEST: Final = 1e300
_LONGEST: Final = 100_000
_MOST_ITEMS: Final = 50
_FORMATS: Final = {
    "date": "2026-01-15",
    "date-time": "2026-01-15T09:30:00Z",
    "time": "09:30:00Z",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "iri": "https://example.com/",
    "uri-reference": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "duration": "P1D",
    "json-pointer": "/example",
    "regex": "^a$",
}
_FILE: Final[dict[str, JSON]] = {"name": "example.txt", "contentType": "text/plain", "content": "RXhhbXBsZQ=="}
_PUBLIC_FILE: Final = "https://example.com/example.pdf"


@dataclass(slots=True)
class ExampleMaker:
    """Makes example values of shapes. A value that it gives is valid for the schema of its shape."""

    shapes: Shapes
    _left: int = _MOST_VALUES
    _trail: list[Shape] = field(default_factory=list)

    def value(self, shape: Shape, *, number: int = 0) -> JSON | Absent:
        """A valid value, ABSENT where none is found; another one for each ``number``, where there is one."""
        self._left -= 1
        if shape.is_write_only or len(self._trail) >= _DEEPEST or self._left < 0:
            return ABSENT
        self._trail.append(shape)
        try:
            candidates = (one for one in self._candidates(shape, number) if one is not ABSENT)
            return next((one for one in candidates if self.is_valid(shape, one)), ABSENT)
        finally:
            self._trail.pop()

    def is_wanted(self, member: Member) -> bool:
        """Whether a property belongs into an example: it is required, or its schema says what it may be."""
        return member.required or self.has_example(self.shapes.of(member.schema))

    def has_example(self, shape: Shape) -> bool:
        """Whether the schema gives an example or a default that is valid."""
        return any(self.is_valid(shape, value) for value in _written(shape.schema))

    def is_valid(self, shape: Shape, value: JSON) -> bool:
        """Whether the value is valid for the schema of the shape, or is the null that its control can send."""
        return (value is None and shape.nullable) or is_valid_within(self.shapes.root, shape.schema, value)

    def _candidates(self, shape: Shape, number: int) -> Iterator[JSON | Absent]:
        written = _written(shape.schema)
        yield from written[number:] + written[:number]
        match shape.kind:
            case ControlKind.TEXT:
                yield from _texts(shape, number)
            case ControlKind.NUMBER:
                yield from _numbers(shape.schema, number, whole="number" not in shape.types)
            case ControlKind.OPTION:
                values = [option.value for option in shape.options]
                yield from values[number:] + values[:number]
            case ControlKind.SET:
                least = max(_whole(shape.schema, "minItems", 0), 1)
                yield [option.value for option in shape.options][:least]
            case ControlKind.OBJECT:
                yield self._object(shape)
            case ControlKind.ARRAY:
                yield self._array(shape)
                yield []
            case ControlKind.CHOICE:
                for index in range(len(shape.branches)):
                    yield self.value(self.shapes.branch_shape(shape, index), number=number)
        if shape.nullable:
            yield None

    def _object(self, shape: Shape) -> JSON | Absent:
        if shape.is_file:
            return _FILE
        found: dict[str, JSON] = {}
        least = _whole(shape.schema, "minProperties", 0)
        members = self.shapes.members(shape)
        for member in sorted(members, key=lambda one: not self.is_wanted(one)):
            if self.is_wanted(member) or len(found) < least:
                value = self.value(self.shapes.of(member.schema))
                if value is ABSENT and member.required:
                    return ABSENT
                found |= {} if value is ABSENT else {member.name: value}
        return self._with_others(shape, found, least)

    def _with_others(self, shape: Shape, found: dict[str, JSON], least: int) -> JSON | Absent:
        """``found`` with the undeclared properties that are required, or needed to have enough of them."""
        declared = {member.name for member in self.shapes.members(shape)}
        names = [name for name in names_of(shape.schema, "required") if name not in declared]
        names += [f"example{number + 1}" for number in range(min(max(least - len(found) - len(names), 0), _MOST_ITEMS))]
        for name in names:
            value = self.value(self.shapes.slot_shape(shape, self.shapes.slot_for(shape, name)))
            if value is ABSENT:
                return ABSENT
            found = {**found, name: value}
        declared_order = [member.name for member in self.shapes.members(shape)]
        order = [name for name in declared_order if name in found] + [name for name in found if name not in declared]
        return {name: found[name] for name in order}

    def _array(self, shape: Shape) -> JSON | Absent:
        usual = len(tuple_of(shape.schema)[0]) or 1
        size = min(max(_whole(shape.schema, "minItems", usual), usual), _MOST_ITEMS)
        size = min(size, _whole(shape.schema, "maxItems", size))
        unique = shape.schema.get("uniqueItems") is True
        values = [self.value(self.shapes.row_shape(shape, at), number=at if unique else 0) for at in range(size)]
        return ABSENT if ABSENT in values else [value for value in values if value is not ABSENT]


def _written(schema: Schema) -> list[JSON]:
    """The values that the schema itself gives as examples, its default last."""
    examples = schema.get("examples")
    found = list(examples) if isinstance(examples, list) else []
    found += [schema["example"]] if "example" in schema else []
    return found + ([schema["default"]] if schema.get("default") is not None else [])


def _texts(shape: Shape, number: int) -> Iterator[JSON]:
    schema = shape.schema
    shortest, longest = _whole(schema, "minLength", 0), _whole(schema, "maxLength", 1_000_000)
    suffix = f" {number + 1}" if number else ""
    if text_of(schema, "x-autohive-input") == "file-public-url":
        yield _PUBLIC_FILE
    if shape.format in _FORMATS:
        yield _FORMATS[shape.format]
    pattern = text_of(schema, "pattern")
    if pattern:
        found = text_for(pattern, shortest, longest)
        yield from () if found is None else (found,)
    text = "Example" + suffix
    yield (text + "e" * (min(shortest, _LONGEST) - len(text)))[: max(longest, 0)]


def _numbers(schema: Schema, number: int, *, whole: bool) -> Iterator[JSON]:
    low, high = _limit(schema, "minimum"), _limit(schema, "maximum")
    above, below = _limit(schema, "exclusiveMinimum"), _limit(schema, "exclusiveMaximum")
    step = _limit(schema, "multipleOf") or 1
    starts = [1.0 + number]
    starts += [limit + number * step for limit in (low, above) if limit is not None]
    starts += [limit - number * step for limit in (high, below) if limit is not None]
    starts += [limit + by for limit in (above, below) if limit is not None for by in (step, -step, 0.5, -0.5)]
    if above is not None and below is not None:
        starts.append((above + below) / 2)
    near = [start for start in starts if math.isfinite(start / step)]
    steps = [turn(start / step) * step for start in near for turn in (math.ceil, math.floor)]
    for start in [*starts, *steps, 0.0]:
        if not whole and not float(start).is_integer():
            yield start
        yield from (math.floor(start), math.ceil(start)) if math.isfinite(start) else ()


def _limit(schema: Schema, keyword: str) -> float | None:
    value = schema.get(keyword)
    usable = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST
    return value if usable and isinstance(value, int | float) else None


def _whole(schema: Schema, keyword: str, otherwise: int) -> int:
    value = schema.get(keyword)
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
