"""Warnings: rules of a schema that the SDK does not enforce."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from workbench.domain import JSON, ErrorCode, Side, SpellingHint, SpellingHintKind, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema.facts import excerpt
from workbench.schema.formats import matches_format
from workbench.schema.guarded_validator import is_valid_within
from workbench.schema.lint import lint
from workbench.schema.messages import with_message
from workbench.schema.refs import LISTS, follow
from workbench.schema.schema_check import prepare
from workbench.schema.similarity import similar

_MOST = 200
"""Warnings of one value; a document with thousands of odd dates needs no more."""

_VISITED = 20_000
"""Places that are checked; a larger document is checked only at its beginning."""

_LONGEST = 2000
"""Characters of a pointer, about; deeper down no warnings are looked for."""

_IGNORED = frozenset({"schema-nullable", "schema-ignored-keyword", "schema-ref-siblings"})

type _Place = tuple[_Place, str | int] | None
"""The place above and the last step from there, None for the root: nearly nothing is ever found that needs more."""


def warnings(schema: JSON, instance: JSON) -> tuple[ValidationError, ...]:
    """What is odd in a valid value: a wrong format, a name similar to a declared one, keywords without effect.

    Of a warning ``keyword`` is ``format``, ``unknown-member``, or the code of a check of schemas; its ``pointer`` is
    ``""`` where it is about the schema alone.
    """
    found: dict[ValidationError, None] = {}
    for warning in _Walk(prepare(schema).schema).warnings(instance):
        found.setdefault(warning)
        if len(found) >= _MOST:
            break
    ignored = (each for each in lint(schema) if each.code in _IGNORED)
    return (*found, *(_of_schema(each.code, each.pointer, each.message) for each in ignored))


def _of_schema(check: str, schema_pointer: str, message: str) -> ValidationError:
    return ValidationError(Side.VALUE, "", schema_pointer, check, message, code=ErrorCode.OTHER)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a schema, its reference followed, asks that the SDK does not check.

    ``declared`` are the names that others are compared with, None where others are not allowed or have a pattern.
    """

    schema: Mapping[str, Any]
    format: str | None
    properties: Mapping[str, Any]
    declared: Mapping[str, Any] | None
    items: dict[str, Any] | None
    branches: tuple[tuple[str, list[Any]], ...]

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> "_Part":
        """The part of one schema."""
        named, items, declared = schema.get("format"), schema.get("items"), schema.get("properties")
        properties = declared if isinstance(declared, dict) else {}
        is_open = properties and schema.get("additionalProperties") is not False and "patternProperties" not in schema
        return cls(
            schema,
            named if isinstance(named, str) else None,
            properties,
            properties if is_open else None,
            items if isinstance(items, dict) else None,
            tuple((each, schema[each]) for each in sorted(LISTS & schema.keys()) if isinstance(schema[each], list)),
        )

    def may_warn_of(self, value: object) -> bool:
        """Whether there is anything to check; nothing is of most strings and numbers."""
        return isinstance(value, dict | list) or self.format is not None or bool(self.branches)


class _Visit(NamedTuple):
    """A value that a part of a schema applies to. ``length`` is that of its pointer.

    ``before`` are the schemas that were applied to it already, None where there can be none.
    """

    part: _Part
    at: _Place
    value: Any
    place: _Place
    length: int = 0
    before: set[int] | None = None


class _Walk:
    """One walk over a value by a schema."""

    def __init__(self, root: JSON) -> None:
        self._root = root
        self._parts: dict[int, _Part | None] = {}
        self._left = _VISITED

    def warnings(self, value: JSON) -> Iterator[ValidationError]:
        """The warnings in the order of the schema."""
        part = self._part(self._root)
        waiting = [_Visit(part, None, value, None)] if part else []
        while waiting and self._left > 0:
            visit = waiting.pop()
            part, value = visit.part, visit.value
            if visit.length > _LONGEST:
                continue
            if visit.before is not None:  # references may lead in a circle
                if id(part.schema) in visit.before:
                    continue
                visit.before.add(id(part.schema))
            self._left -= 1
            if isinstance(value, str):
                if part.format is not None:
                    yield from _format(part.format, visit.at, value, visit.place)
            elif isinstance(value, dict) and part.declared is not None and not value.keys() <= part.declared.keys():
                yield from _names(part.declared, visit.at, value, visit.place)
            waiting += reversed(self._within(visit))

    def _part(self, schema: JSON) -> _Part | None:
        """The part of a schema, None where it is none; many values have the same."""
        if id(schema) not in self._parts:
            found = follow(self._root, schema)
            self._parts[id(schema)] = _Part.of(found) if isinstance(found, dict) else None
        return self._parts[id(schema)]

    def _within(self, visit: _Visit) -> list[_Visit]:
        """The visits that follow from one; those of values without anything to check count at once."""
        part, at, value, place, length = visit.part, visit.at, visit.value, visit.place, visit.length
        found: list[_Visit] = []
        if isinstance(value, dict):
            for name, schema in part.properties.items():
                if name in value and (inner := self._part(schema)) is not None:
                    if inner.may_warn_of(value[name]):
                        below, size = ((at, "properties"), name), length + len(name) + 1
                        found.append(_Visit(inner, below, value[name], (place, name), size))
                    else:
                        self._left -= 1
        elif isinstance(value, list) and part.items is not None and (inner := self._part(part.items)) is not None:
            array = (at, "items")
            for index, item in enumerate(islice(value, self._left)):
                if inner.may_warn_of(item):
                    found.append(_Visit(inner, array, item, (place, index), length + len(str(index)) + 1))
                else:
                    self._left -= 1
        if part.branches:
            found += self._branches(visit)
        return found

    def _branches(self, visit: _Visit) -> Iterator[_Visit]:
        before = {id(visit.part.schema)} if visit.before is None else visit.before
        for keyword, branches in visit.part.branches:
            for index, branch in enumerate(branches):
                part = self._part(branch)
                if part and (keyword == "allOf" or is_valid_within(self._root, branch, visit.value)):
                    below = ((visit.at, keyword), index)
                    yield _Visit(part, below, visit.value, visit.place, visit.length, before)


def _pointer(place: _Place) -> str:
    steps: list[str | int] = []
    while place is not None:
        place, step = place
        steps.append(step)
    return pointers.build(reversed(steps))


def _format(name: str, at: _Place, text: str, place: _Place) -> Iterator[ValidationError]:
    if not matches_format(name, text):
        yield with_message(
            ValidationError(
                Side.VALUE,
                _pointer(place),
                _pointer((at, "format")),
                "format",
                code=ErrorCode.FORMAT,
                details=(name,),
                value=excerpt(text),
            )
        )


def _names(
    declared: Mapping[str, Any], at: _Place, value: Mapping[Any, Any], place: _Place
) -> Iterator[ValidationError]:
    absent = [name for name in declared if name not in value]
    for name in value if absent else ():
        meant = similar(name, absent) if name not in declared else ""
        if meant:
            yield with_message(
                ValidationError(
                    Side.VALUE,
                    _pointer((place, name)),
                    _pointer(((at, "properties"), meant)),
                    "unknown-member",
                    hint=SpellingHint(SpellingHintKind.PROPERTY, meant),
                    code=ErrorCode.UNDECLARED_PROPERTY,
                    value=excerpt(value[name]),
                )
            )
