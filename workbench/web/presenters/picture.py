"""Data and schema side by side: a fault, a warning, a place of the data or a rule of the schema marks both."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from workbench import schema
from workbench.catalog import SourceMap
from workbench.domain import ABSENT, JSON, Kind, Problem, Run
from workbench.explain import validation_errors
from workbench.explain.text import count
from workbench.jsondoc import pointer as pointers
from workbench.web.presenters import tree
from workbench.web.presenters.subject import SCHEMAS, VALUES, Around, Examined, Subject, subject
from workbench.web.presenters.tree import Mark

PLACES = 12
"""Places of the data that one rule marks."""
RULES = 6
"""Rules of the schema that one place marks."""
_ENDS = 6
"""Steps shown at each end of a long way."""
_NAME = 40
"""Characters of a step that are shown."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The two sides. ``told`` says where the marks are."""

    where: str
    data: "Side"
    schema: "Side"
    told: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: ``data`` or ``schema``. ``value`` names the document for loading more of it.

    ``way`` leads to what is marked, a step for each level; ``hint`` is said where nothing is. ``line`` is that of the
    marked rule in ``config.json``.
    """

    name: str
    title: str
    value: str
    root: tree.Node
    way: "tuple[Step, ...]" = ()
    line: int | None = None
    hint: str = "Choose a name on either side."


@dataclass(frozen=True, slots=True)
class Step:
    """A level on the way to a mark. ``pointer`` is None where levels between were left out."""

    label: str
    pointer: str | None


type Marks = dict[str, Mark]


def of_problem(run: Run, problem: Problem, anew: Examined | None, around: Around) -> Picture:
    """The place of a fault, and the rule that it breaks; within a ``oneOf`` also the one of the closest branch."""
    of = validation_errors.judged(run, problem.where)
    if validation_errors.is_of_sdk(problem):
        return _draw(run, of, {problem.pointer: Mark("the SDK wants it")}, {}, around)
    rules: Marks = {_standing(of.schema, problem.schema_pointer): Mark("this rule")}
    cause = problem.cause or (anew.fault.cause.schema_pointer if anew and anew.fault.cause else "")
    if cause:
        rules = {next(iter(rules)): Mark("no branch fits"), _standing(of.schema, cause): Mark("this rule")}
    data = {problem.pointer: Mark(_note(problem, of, anew))}
    return _draw(run, of, data, rules, around)


def of_warning(run: Run, warning: Problem, around: Around) -> Picture:
    """The place that a warning is about and the rule that nothing enforces; of a rule alone, where it would count."""
    of, judged = validation_errors.judged(run, warning.where), subject(run, warning.where, warning.pointer)
    rules = {_standing(of.schema, warning.schema_pointer): Mark("not enforced", "warn")}
    if warning.pointer or warning.keyword == "format":
        return _draw(run, of, {warning.pointer: Mark("only warns", "warn")}, rules, around)
    places = _places(judged, warning.schema_pointer)
    return _draw(run, of, dict.fromkeys(places, Mark("", "warn")), rules, around)


def of_place(run: Run, where: str, pointer: str, around: Around) -> Picture:
    """A place of the data, and every rule that speaks of it."""
    of, judged = validation_errors.judged(run, where), subject(run, where, pointer)
    inner = judged.inner(pointer) if judged and pointer.startswith(judged.base) else None
    found = schema.rules_of(judged.schema, judged.value, inner)[:RULES] if judged and inner is not None else ()
    broken = [each for each in run.outcome.problems if (each.where, each.pointer) == (where, pointer)]
    rules = {rule: Mark("" if place else "speaks of it", "calm") for place, rule in enumerate(found)}
    rules |= {_standing(of.schema, each.schema_pointer): Mark("says no") for each in broken}
    note = validation_errors.note(broken[0], of) if broken else "" if found else "the schema says nothing of it"
    return _draw(run, of, {pointer: Mark(note, "bad" if broken else "calm")}, rules, around)


def of_rule(run: Run, where: str, pointer: str, around: Around) -> Picture:
    """A rule of the schema, and the places of the data that it speaks of."""
    of, judged = validation_errors.judged(run, where), subject(run, where)
    rule = _standing(of.schema, pointer)
    broken = {each.pointer: each for each in run.outcome.problems if each.where == where and _breaks(each, rule)}
    places = (*list(broken)[:PLACES], *_places(judged, rule))
    data = {place: Mark("", "calm") for place in places[:PLACES]}
    data |= {place: Mark(validation_errors.note(problem, of)) for place, problem in broken.items() if place in data}
    note = "" if data else "speaks of nothing that is here"
    return _draw(run, of, data, {rule: Mark(note, "bad" if broken else "calm")}, around)


def whole(run: Run, where: str, around: Around) -> Picture | None:
    """Both sides with nothing marked; None where there is not both."""
    of = validation_errors.judged(run, where)
    return None if subject(run, where) is None else _draw(run, of, {}, {}, around)


def _breaks(problem: Problem, rule: str) -> bool:
    """Whether the problem breaks that rule, a keyword right in it, or the keyword that it is a part of."""
    broken = problem.cause or problem.schema_pointer
    return rule in (problem.schema_pointer, broken, pointers.parent(broken)) or pointers.parent(rule) == broken


def _places(judged: Subject | None, rule: str) -> tuple[str, ...]:
    if judged is None:
        return ()
    found = schema.places_of(judged.schema, judged.value, rule, PLACES)
    return tuple(judged.base + place for place in found)


def _draw(run: Run, of: validation_errors.Judged, data: Marks, rules: Marks, around: Around) -> Picture:
    here = [problem for problem in run.outcome.problems if problem.where == of.where]
    at, rule = next(iter(data), None), list(rules)[-1] if rules else None
    return Picture(
        of.where,
        Side(
            "data", of.title, VALUES[of.where],
            tree.grow(of.value, data, faults=tree.tally(problem.pointer for problem in here)),
            _way(at),
        ),
        Side(
            "schema", f"What {SCHEMAS[of.where]} says", f"{of.where}-schema",
            tree.grow(of.schema, rules, faults=tree.tally(_rules(of.schema, here))),
            _way(rule), _line(run, of, rule or "", around.config),
            *(("No rule of the schema speaks of it.",) if data and not rules else ()),
        ),
        _told(data, rules, of.title),
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


def _rules(document: JSON, problems: Iterable[Problem]) -> list[str]:
    known: dict[str, str] = {}
    for problem in problems:
        if problem.schema_pointer not in known:
            known[problem.schema_pointer] = _standing(document, problem.schema_pointer)
    return list(known.values())


def _told(data: Marks, rules: Marks, title: str) -> str:
    """Where the marks are, for whoever does not see them."""
    if not data and not rules:
        return ""
    left = next(iter(data), "") or title if len(data) == 1 else count(len(data), "place") if data else "no place"
    right = (list(rules)[-1] or "the whole schema") if rules else "no rule"
    return f"Marked: {left}, and {right} in the schema."


def _note(problem: Problem, of: validation_errors.Judged, anew: Examined | None) -> str:
    if problem.in_schema:
        return "its rule cannot be used"
    cause = anew.fault.cause if anew else None
    return f"{cause.actual}, wants {cause.expected}" if cause else validation_errors.note(problem, of)


def _standing(document: JSON, pointer: str) -> str:
    """The pointer, or its nearest ancestor that the document has."""
    way = pointers.ancestors(pointer) if not pointer or pointer.startswith("/") else ("",)
    return next((step for step in reversed(way) if pointers.resolve(document, step) is not ABSENT), "")


def _line(run: Run, of: validation_errors.Judged, rule: str, config: str) -> int | None:
    """The rule's line in ``config.json``; None where the file is gone, or another schema stands there by now."""
    if run.request.kind is Kind.ACCOUNT and of.where != "auth":
        return None
    judged = subject(run, of.where)
    if judged is None:
        return None
    try:
        if pointers.resolve(json.loads(config.removeprefix("\ufeff")), judged.place) != of.schema:
            return None
        place = SourceMap(config).of(judged.place + rule)
    except (ValueError, RecursionError):
        return None
    return place[0] if place else None
