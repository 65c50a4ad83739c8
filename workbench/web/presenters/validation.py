"""The Validation tab: every fault in words, and the chosen one in data and schema side by side."""

import json
from dataclasses import dataclass

from workbench import schema
from workbench.catalog import Positions
from workbench.domain import ABSENT, JSON, Kind, Outcome, Problem, Run, RunState, Status
from workbench.forms.draft import ROOT_ID, member_id
from workbench.web.presenters import faults, places, pointers, tree
from workbench.web.presenters.words import Sentence

SHOWN = 200
"""Faults that are listed."""
BRANCHES = 20
"""Branches of one ``oneOf`` that are shown."""
ORDER = ("auth", "input", "output")
_SCHEMAS = {"auth": "auth.fields", "input": "input_schema", "output": "output_schema"}
_VALUES = {"auth": "auth", "input": "inputs", "output": "returned"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in the list. ``number`` counts from 0 over all; ``place`` is the line that returned, for outputs."""

    number: int
    where: str
    pointer: str
    keyword: str
    told: Sentence
    selected: bool
    place: str = ""
    fields: tuple[str, ...] = ()
    branches: tuple[schema.Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Data and schema side by side. ``value`` and ``schema_name`` name the two for loading more of them."""

    title: str
    schema_title: str
    data: tree.Node
    schema: tree.Node
    value: str
    schema_name: str


@dataclass(frozen=True, slots=True)
class Check:
    """How one value stands against its schema: ``passed``, ``refused`` or ``unchecked``, with the reason in words."""

    where: str
    title: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Validation:
    """The tab. ``number`` is the chosen fault's."""

    number: int
    checks: tuple[Check, ...]
    faults: tuple[Fault, ...]
    picture: Picture | None
    hidden: int


def present(run: Run, selected: int | None, config: str = "") -> Validation:
    """The tab with the fault ``selected`` (counted from 0) in the picture, else the first.

    ``config`` is the text of ``config.json`` as it is now, for the line of the rule.
    """
    problems = ordered(run.outcome)
    chosen = selected if selected is not None and 0 <= selected < len(problems) else 0
    return Validation(
        number=chosen,
        checks=tuple(_check(run, where) for where in ORDER),
        faults=tuple(_fault(run, number, problem, number == chosen) for number, problem in enumerate(problems[:SHOWN])),
        picture=_picture(run, problems[chosen], config) if problems else None,
        hidden=max(0, len(problems) - SHOWN),
    )


def ordered(outcome: Outcome) -> tuple[Problem, ...]:
    """The faults in the order of the list: those that decided the run first."""
    decided = {Status.INVALID_AUTH: "auth", Status.INVALID_INPUT: "input", Status.INVALID_OUTPUT: "output"}
    first = decided.get(outcome.status) if outcome.status else None
    return tuple(sorted(outcome.problems, key=lambda problem: problem.where != first))


def _check(run: Run, where: str) -> Check:
    of = faults.judged(run, where)
    title = {"auth": "Auth", "input": "Inputs", "output": "Output"}[where]
    found = sum(problem.where == where for problem in run.outcome.problems)
    if found:
        return Check(where, title, "refused", f"{found} fault{'s' if found > 1 else ''}")
    if of.schema in (None, {}):
        return Check(where, title, "unchecked", "no schema declared")
    returned = run.outcome.returned
    if where == "output" and returned is None:
        live = run.outcome.state is not RunState.FINISHED
        return Check(where, title, "unchecked", "not returned yet" if live else "nothing returned")
    if where == "output" and returned and returned.type_name.rpartition(".")[2] == "ActionError":
        return Check(where, title, "unchecked", "an ActionError is not checked")
    return Check(where, title, "passed", "fits its schema")


def _fault(run: Run, number: int, problem: Problem, selected: bool) -> Fault:
    of = faults.judged(run, problem.where)
    handler, line = run.outcome.handler, run.outcome.return_line
    place = f"{places.relative(handler.file, run.request.root)}:{line}" if handler and line else ""
    anew = _anew(problem, of, run) if selected else None
    return Fault(
        number=number,
        where=problem.where,
        pointer=problem.pointer,
        keyword=problem.keyword,
        told=faults.told(problem, of),
        selected=selected,
        place=place if problem.where == "output" else "",
        fields=_fields(problem),
        branches=anew.branches[:BRANCHES] if anew else (),
    )


def _fields(problem: Problem) -> tuple[str, ...]:
    """The ids that the fault's form field may have, the field itself first, then what contains it."""
    if problem.where == "output":
        return ()
    prefix, ids = {"input": "inputs", "auth": "auth"}[problem.where], [ROOT_ID]
    for token in pointers.split(problem.pointer)[:40]:
        ids.append(member_id(ids[-1], token))
    return tuple(f"{prefix}-{each}" for each in reversed(ids))


def _anew(problem: Problem, of: faults.Judged, run: Run) -> schema.Fault | None:
    """The fault diagnosed anew from the value as shown: a stored problem has no branches and no cause."""
    if problem.keyword not in ("oneOf", "anyOf"):
        return None
    base = _record(problem.pointer) if run.request.kind is Kind.TRIGGER and problem.where == "output" else ""
    value = pointers.resolve(of.value, base)
    if value is ABSENT:
        return None
    for fault in schema.diagnose(of.schema, value).faults:
        if (base + fault.pointer, fault.schema_pointer) == (problem.pointer, problem.schema_pointer):
            return fault
    return None


def _record(pointer: str) -> str:
    """The place of a trigger record's data, which the output schema speaks of: ``/3/data``."""
    parts = pointer.split("/")
    return "/".join(parts[:3]) if len(parts) > 2 and parts[2] == "data" else ""


def _picture(run: Run, chosen: Problem, config: str) -> Picture:
    of = faults.judged(run, chosen.where)
    anew = _anew(chosen, of, run)
    rules = {_standing(of.schema, chosen.schema_pointer): "this rule"}
    if anew and anew.cause:
        rules = {next(iter(rules)): "no branch fits", _standing(of.schema, anew.cause.schema_pointer): "this rule"}
    line = _line(run, chosen, of, config)
    return Picture(
        title=of.title,
        schema_title=f"What {_SCHEMAS[chosen.where]} says" + (f" · config.json:{line}" if line else ""),
        data=tree.grow(of.value, {chosen.pointer: _note(chosen, of, anew)}),
        schema=tree.grow(of.schema, rules),
        value=_VALUES[chosen.where],
        schema_name=f"{chosen.where}-schema",
    )


def _note(problem: Problem, of: faults.Judged, anew: schema.Fault | None) -> str:
    cause = anew.cause if anew else None
    return f"{cause.actual}, wants {cause.expected}" if cause else faults.note(problem, of)


def _standing(document: JSON, pointer: str) -> str:
    """The pointer, or its nearest ancestor that the document has."""
    way = pointers.ancestors(pointer)
    return next((step for step in reversed(way) if pointers.resolve(document, step) is not ABSENT), "")


def _line(run: Run, problem: Problem, of: faults.Judged, config: str) -> int | None:
    """The rule's line in ``config.json``; None where the file is gone, or another schema stands there by now."""
    section = "polling_triggers" if run.request.kind is Kind.TRIGGER else "actions"
    name = _SCHEMAS[problem.where]
    at = "/auth/fields" if problem.where == "auth" else pointers.join(f"/{section}", run.request.name) + f"/{name}"
    try:
        if pointers.resolve(json.loads(config), at) != of.schema:
            return None
        place = Positions(config).of(at + problem.schema_pointer)
    except (ValueError, RecursionError):
        return None
    return place[0] if place else None
