"""Validation errors turned into faults: located, worded, ranked; ``oneOf`` and ``anyOf`` reduced to one headline."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from jsonschema import ValidationError

from workbench.jsondoc import pointer as pointers
from workbench.schema import asks, branches, narrowing, verdict
from workbench.schema.faults import Branch, Fault
from workbench.schema.refs import Places, followed
from workbench.schema.sentences import Said, say, say_different, similar
from workbench.schema.words import both, place

_LOOSE = frozenset(
    {"uniqueItems", "minItems", "maxItems", "minProperties", "maxProperties", "contains", "not", "const", "enum"}
)
"""Keywords that judge a container by its content: a fault inside the container is the likelier cause."""


_HINTS = 200
"""Names and values that are compared with those which may have been meant; a comparison costs more than a fault."""


def explain(errors: Iterable[ValidationError], root: Any) -> tuple[Fault, ...]:
    """The faults of a value against the schema ``root``, the likeliest cause first, none twice."""
    return Explainer(root).faults(errors)


class Explainer:
    """Explains errors of one schema."""

    def __init__(self, root: Any) -> None:
        self._places = Places(root)
        self._hints = _HINTS

    def faults(self, errors: Iterable[ValidationError]) -> tuple[Fault, ...]:
        """One fault an error, ranked."""
        found = {(fault.pointer, fault.keyword, fault.message): fault for fault in map(self.fault, errors)}
        return rank(tuple(found.values()))

    def fault(self, error: ValidationError) -> Fault:
        """The fault behind one error."""
        keyword = error.validator if isinstance(error.validator, str) else ""
        if keyword in ("oneOf", "anyOf"):
            return self._branching(error, keyword)
        pointer = pointers.build(error.absolute_path)
        place_in_schema = self._schema_pointer(error, keyword)
        if keyword == "propertyNames":
            return self._bad_name(error, pointer, place_in_schema)
        pointer, (expected, actual, message) = _said(keyword, error, pointer)
        hint = self._hint(keyword, error)
        if hint:
            message = f"{message[:-1]}. Was {hint} meant?"
        return Fault(pointer, place_in_schema, keyword, expected, actual, message, hint=hint)

    def _hint(self, keyword: str, error: ValidationError) -> str:
        if keyword not in ("additionalProperties", "enum") or self._hints == 0:
            return ""
        self._hints -= 1
        return _hint(keyword, error)

    def _schema_pointer(self, error: ValidationError, keyword: str) -> str:
        holder = self._places.of(error.schema) if keyword and isinstance(error.schema, dict) else None
        if holder is not None:
            return pointers.join(holder, keyword)
        return self._places.along(list(error.absolute_schema_path))

    def _bad_name(self, error: ValidationError, pointer: str, place_in_schema: str) -> Fault:
        inner = self.faults(error.context or ())
        wanted = inner[0].expected if inner else "another name"
        message = f"{place(pointer)} has a name that the schema refuses; it wants {wanted}."
        return Fault(pointer, place_in_schema, "propertyNames", wanted, "a member of that name", message)

    def _branching(self, error: ValidationError, keyword: str) -> Fault:
        rows = self._rows(error, keyword)
        pointer, place_in_schema = pointers.build(error.absolute_path), self._schema_pointer(error, keyword)
        matched = [row for row in rows if row.matched]
        wanted = "exactly one branch" if keyword == "oneOf" else "at least one branch"
        if matched:
            names = both(f"{row.index + 1} ({row.label})" for row in matched)
            message = f"{place(pointer)} fits the branches {names} at once; the schema wants exactly one of them."
            return Fault(
                pointer, place_in_schema, keyword, wanted, f"{len(matched)} branches", message, branches=tuple(rows)
            )
        choice = branches.choose(rows, error.instance, pointer)
        if choice is None:
            expected, actual, message = say("", None, error.instance, error.schema, pointer)
            return Fault(pointer, place_in_schema, keyword, expected, actual, message)
        return _headline(choice, rows, place_in_schema, keyword, error.instance)

    def _rows(self, error: ValidationError, keyword: str) -> list[Branch]:
        """The branches against the data: from the errors that were kept, or tried anew where several matched."""
        schemas: Any = error.validator_value
        by_branch: dict[int, list[ValidationError]] = defaultdict(list)
        for child in error.context or ():
            by_branch[int(child.relative_schema_path[0])].append(child)
        holder = self._schema_pointer(error, keyword)
        tried_all = bool(error.context) and len(by_branch) == len(schemas)
        return [
            self._row(index, schema, pointers.join(holder, index), by_branch[index], error, tried_all)
            for index, schema in enumerate(schemas)
        ]

    def _row(
        self, index: int, schema: Any, pointer: str, errors: list[ValidationError], error: ValidationError, told: bool
    ) -> Branch:
        faults = self.faults(errors)
        matched = not told and not faults and self._matches(schema, error.instance)
        applying = followed(self._places.root, schema)
        at = pointers.build(error.absolute_path)
        return Branch(
            index=index,
            label=asks.label(schema, applying),
            schema_pointer=pointer,
            matched=matched,
            asks=asks.asks(applying, faults, at, matched=matched),
            faults=faults,
            members=asks.members(self._places.root, applying),
        )

    def _matches(self, schema: Any, instance: Any) -> bool:
        return verdict.is_valid_within(self._places.root, schema, instance)


def rank(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Likeliest cause first: what is wrong at one place before what a container says of its content; else in order."""
    return tuple(sorted(faults, key=_weight))


def _weight(fault: Fault) -> tuple[int, int]:
    if fault.keyword in ("oneOf", "anyOf"):
        return 1, 0
    if fault.keyword in _LOOSE and fault.keyword not in ("const", "enum"):
        return 2, -fault.pointer.count("/")
    return 0, 0 if fault.hint and fault.keyword == "additionalProperties" else 1


def _headline(
    choice: branches.Choice, rows: list[Branch], place_in_schema: str, keyword: str, instance: object
) -> Fault:
    closest, cause = choice.branch, choice.cause
    marked = tuple(replace(row, closest=row is closest) for row in rows)
    if cause is None:
        actual = say("", None, instance, {}, "")[1]
        wants = asks.wants(rows)
        message = f"{place(choice.pointer)} is {actual}; the schema wants {wants}."
        return Fault(choice.pointer, place_in_schema, keyword, wants, actual, message, branches=marked)
    many = f"The closest of {len(rows)} branches is {closest.index + 1} ({closest.label})"
    return Fault(
        choice.pointer,
        place_in_schema,
        keyword,
        cause.expected,
        cause.actual,
        f"{cause.message} {many}.",
        branches=marked,
        cause=cause,
        hint=cause.hint,
    )


def _said(keyword: str, error: ValidationError, pointer: str) -> tuple[str, Said]:
    """The exact place of a fault and its words: a constant container and a forbidden member lead further in."""
    wanted: Any = error.validator_value
    instance: Any = error.instance
    if keyword in ("const", "enum"):
        path, closest = narrowing.difference(wanted, keyword, instance)
        if path:
            tail = pointers.build(path)
            return pointer + tail, say_different(
                pointers.resolve(closest, tail), pointers.resolve(instance, tail), pointer + tail
            )
    if keyword == "not" and (name := narrowing.forbidden_member(wanted, instance)) is not None:
        inner = pointers.join(pointer, name)
        return inner, ("no member of that name", "there", f"{place(inner)} is there; the schema forbids it.")
    return pointer, say(keyword, wanted, instance, error.schema, pointer)


def _hint(keyword: str, error: ValidationError) -> str:
    instance: Any = error.instance
    if keyword == "additionalProperties" and isinstance(error.schema, dict):
        declared = [name for name in error.schema.get("properties", {}) if name not in instance]
        return similar(error.path[-1] if error.path else "", declared)
    if keyword == "enum" and isinstance(error.instance, str) and isinstance(error.validator_value, list):
        return similar(error.instance, [value for value in error.validator_value if isinstance(value, str)])
    return ""
