"""Data and schema side by side: an error, a warning, a place of the data or a rule of the schema marks both."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench import schema
from workbench.catalog import SourceMap
from workbench.domain import ABSENT, JSON, Kind, Run, ValidationError
from workbench.explain import validation_errors
from workbench.explain.text import count
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.rewrite import parse_document
from workbench.web.runs.values.validated_value import SCHEMAS, VALUES, Around, Subject, subject
from workbench.web.ui import json_tree
from workbench.web.ui.json_tree import Mark
from workbench.web.ui.tree_chains import fold_chain

PLACES = 12
"""Places of the data that one rule marks."""
RULES = 6
"""Rules of the schema that one place marks."""
_ENDS = 6
"""Steps shown at each end of a long way."""
_NAME = 40
"""Characters of a step that are shown."""
_DATA_LEVELS = 5
_SCHEMA_LEVELS = 4
"""Levels shown above a mark; those over them are one line. A schema has two levels for each of its data."""


@dataclass(frozen=True, slots=True)
class DataAndSchema:
    """The two sides. ``summary`` says where the marks are."""

    where: str
    data: "Side"
    schema: "Side"
    summary: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: ``data`` or ``schema``. ``value`` names the document for loading more of it.

    ``way`` leads to what is marked, a step for each level; ``hint`` stands there where nothing is. ``line`` is
    that of the marked rule in ``config.json``.
    """

    name: str
    title: str
    value: str
    root: json_tree.Node
    way: "tuple[Step, ...]" = ()
    line: int | None = None
    hint: str = "Select a name on either side."


@dataclass(frozen=True, slots=True)
class Step:
    """A level on the way to a mark. ``pointer`` is None where levels between were left out."""

    label: str
    pointer: str | None


type Marks = dict[str, Mark]


def of_error(run: Run, error: ValidationError, around: Around) -> DataAndSchema:
    """The place of an error, and the rule that it breaks; within a ``oneOf`` also the one of the closest branch."""
    of = validation_errors.value_and_schema(run, error.where)
    data = {error.pointer: Mark(schema.short(error))}
    if error.code.is_of_sdk:
        return _draw(run, of, data, {}, around)
    rules: Marks = {_standing(of.schema, error.schema_pointer): Mark("this rule")}
    if error.cause:
        rules = {next(iter(rules)): Mark("no branch matches"), _standing(of.schema, error.rule): Mark("this rule")}
    return _draw(run, of, data, rules, around)


def of_warning(run: Run, warning: ValidationError, around: Around) -> DataAndSchema:
    """The place of a warning and the rule that is not enforced; for a rule alone, the places that it applies to."""
    of, within = validation_errors.value_and_schema(run, warning.where), subject(run, warning.where, warning.pointer)
    rules = {_standing(of.schema, warning.schema_pointer): Mark("not enforced", "warn")}
    if warning.code.is_of_platform:
        return _draw(run, of, {warning.pointer: Mark("warning", "warn")}, {}, around)
    if warning.pointer or warning.keyword == "format":
        return _draw(run, of, {warning.pointer: Mark("warning", "warn")}, rules, around)
    places = _places(within, warning.schema_pointer)
    return _draw(run, of, dict.fromkeys(places, Mark("", "warn")), rules, around)


def of_place(run: Run, where: str, pointer: str, around: Around) -> DataAndSchema:
    """A place of the data, and every rule that applies to it."""
    of, within = validation_errors.value_and_schema(run, where), subject(run, where, pointer)
    inner = within.inner(pointer) if within and pointer.startswith(within.base) else None
    found = schema.find_rules(within.schema, within.value, inner)[:RULES] if within and inner is not None else ()
    broken = [each for each in run.outcome.errors if (each.where, each.pointer) == (where, pointer)]
    rules = {rule: Mark("" if place else "a rule applies", "calm") for place, rule in enumerate(found)}
    rules |= {_standing(of.schema, each.schema_pointer): Mark("violated") for each in broken}
    note = schema.short(broken[0]) if broken else "" if found else "no rule applies"
    return _draw(run, of, {pointer: Mark(note, "bad" if broken else "calm")}, rules, around)


def of_rule(run: Run, where: str, pointer: str, around: Around) -> DataAndSchema:
    """A rule of the schema, and the places of the data that it applies to."""
    of, within = validation_errors.value_and_schema(run, where), subject(run, where)
    rule = _standing(of.schema, pointer)
    broken = {each.pointer: each for each in run.outcome.errors if each.where == where and _breaks(each, rule)}
    places = (*list(broken)[:PLACES], *_places(within, rule))
    data = {place: Mark("", "calm") for place in places[:PLACES]}
    data |= {place: Mark(schema.short(error)) for place, error in broken.items() if place in data}
    note = "" if data else "applies to nothing here"
    return _draw(run, of, data, {rule: Mark(note, "bad" if broken else "calm")}, around)


def whole(run: Run, where: str, around: Around) -> DataAndSchema | None:
    """Both sides with nothing marked; None where there is not both."""
    of = validation_errors.value_and_schema(run, where)
    return None if subject(run, where) is None else _draw(run, of, {}, {}, around)


def _breaks(error: ValidationError, rule: str) -> bool:
    """Whether the error breaks that rule, a keyword right in it, or the keyword that it is a part of."""
    broken = error.rule
    return rule in (error.schema_pointer, broken, pointers.parent(broken)) or pointers.parent(rule) == broken


def _places(within: Subject | None, rule: str) -> tuple[str, ...]:
    if within is None:
        return ()
    found = schema.find_places(within.schema, within.value, rule, PLACES)
    return tuple(within.base + place for place in found)


def _draw(run: Run, of: validation_errors.ValueAndSchema, data: Marks, rules: Marks, around: Around) -> DataAndSchema:
    here = [error for error in run.outcome.errors if error.where == of.where]
    places, broken = [error.pointer for error in here], _rules(of.schema, here)
    at, rule = next(iter(data), None), list(rules)[-1] if rules else None
    return DataAndSchema(
        of.where,
        Side(
            "data", of.title, VALUES[of.where],
            fold_chain(json_tree.grow(of.value, data, errors=json_tree.tally(places)), _DATA_LEVELS),
            _way(at),
        ),
        Side(
            "schema", SCHEMAS[of.where], f"{of.where}-schema",
            fold_chain(json_tree.grow(of.schema, rules, errors=json_tree.tally(broken)), _SCHEMA_LEVELS),
            _way(rule), _line(run, of, rule or "", around.config),
            *(("No rule applies.",) if data and not rules else ()),
        ),
        _summary(data, rules, of.title),
    )  # fmt: skip


def _way(pointer: str | None) -> tuple[Step, ...]:
    """The steps to a mark; those in the middle of a long way are left out."""
    if pointer is None:
        return ()
    names = pointers.split(pointer)
    steps = [Step(name[:_NAME] + "…" * (len(name) > _NAME) or '""', place) for name, place in
             zip(names, pointers.ancestors(pointer)[1:], strict=True)]  # fmt: skip
    if len(steps) > 2 * _ENDS:
        steps = [*steps[:_ENDS], Step("…", None), *steps[-_ENDS:]]
    return (Step("#", ""), *steps)


def _rules(document: JSON, errors: Iterable[ValidationError]) -> list[str]:
    known: dict[str, str] = {}
    for error in errors:
        if error.schema_pointer not in known:
            known[error.schema_pointer] = _standing(document, error.schema_pointer)
    return list(known.values())


def _summary(data: Marks, rules: Marks, title: str) -> str:
    """Where the marks are, for screen readers."""
    if not data and not rules:
        return ""
    left = next(iter(data), "") or title if len(data) == 1 else count(len(data), "place") if data else "no place"
    right = (list(rules)[-1] or "the whole schema") if rules else "no rule"
    return f"Marked: {left}, and {right} in the schema."


def _standing(document: JSON, pointer: str) -> str:
    """The pointer, or its nearest ancestor that the document has."""
    way = pointers.ancestors(pointer) if not pointer or pointer.startswith("/") else ("",)
    return next((step for step in reversed(way) if pointers.resolve(document, step) is not ABSENT), "")


def _line(run: Run, of: validation_errors.ValueAndSchema, rule: str, config: str) -> int | None:
    """The rule's line in ``config.json``; None where the file is gone, or another schema stands there by now."""
    if run.request.kind is Kind.ACCOUNT and of.where != "auth":
        return None
    within = subject(run, of.where)
    if within is None:
        return None
    try:
        if pointers.resolve(parse_document(config), within.place) != of.schema:
            return None
        place = SourceMap(config).of(within.place + rule)
    except (ValueError, RecursionError):
        return None
    return place[0] if place else None
