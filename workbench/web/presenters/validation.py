"""The Validation tab: every fault in words, and the chosen one in data and schema side by side."""

from dataclasses import dataclass

from workbench.domain import ABSENT, JSON, Kind, Outcome, Problem, Run, RunState, Status
from workbench.schema import Branch, diagnose
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
    branches: tuple[Branch, ...] = ()


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
    """The tab."""

    checks: tuple[Check, ...]
    faults: tuple[Fault, ...]
    picture: Picture | None
    hidden: int


def present(run: Run, selected: int | None) -> Validation:
    """The tab with the fault ``selected`` (counted from 0) in the picture, else the first."""
    problems = ordered(run.outcome)
    chosen = selected if selected is not None and 0 <= selected < len(problems) else 0
    return Validation(
        checks=tuple(_check(run, where) for where in ORDER),
        faults=tuple(_fault(run, number, problem, number == chosen) for number, problem in enumerate(problems[:SHOWN])),
        picture=_picture(run, problems[chosen], problems) if problems else None,
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
    return Fault(
        number, problem.where, problem.pointer, problem.keyword, faults.told(problem, of), selected,
        place if problem.where == "output" else "",
        _matrix(problem, of, run) if selected else (),
    )  # fmt: skip


def _matrix(problem: Problem, of: faults.Judged, run: Run) -> tuple[Branch, ...]:
    """The branches held against the value, diagnosed anew from what is shown, as a stored problem has no branches."""
    if problem.keyword not in ("oneOf", "anyOf"):
        return ()
    base = _record(problem.pointer) if run.request.kind is Kind.TRIGGER and problem.where == "output" else ""
    value = pointers.resolve(of.value, base)
    if value is ABSENT:
        return ()
    for fault in diagnose(of.schema, value).faults:
        if (base + fault.pointer, fault.schema_pointer) == (problem.pointer, problem.schema_pointer):
            return fault.branches[:BRANCHES]
    return ()


def _record(pointer: str) -> str:
    """The place of a trigger record's data, which the output schema speaks of: ``/3/data``."""
    parts = pointer.split("/")
    return "/".join(parts[:3]) if len(parts) > 2 and parts[2] == "data" else ""


def _picture(run: Run, chosen: Problem, problems: tuple[Problem, ...]) -> Picture:
    of = faults.judged(run, chosen.where)
    near = [problem for problem in problems if problem.where == chosen.where and problem is not chosen][:5]
    notes = {problem.pointer: faults.note(problem, of) for problem in (*near, chosen)}
    here = {chosen.pointer: notes[chosen.pointer]}
    return Picture(
        title=of.title,
        schema_title=f"What {_SCHEMAS[chosen.where]} says",
        data=tree.grow(of.value, here),
        schema=tree.grow(of.schema, {_rule(of.schema, chosen): "this rule"}),
        value=_VALUES[chosen.where],
        schema_name=f"{chosen.where}-schema",
    )


def _rule(schema: JSON, problem: Problem) -> str:
    """The rule's pointer, or its nearest ancestor that the schema has (a pointer may lead through a ``$ref``)."""
    way = pointers.ancestors(problem.schema_pointer)
    return next((step for step in reversed(way) if pointers.resolve(schema, step) is not ABSENT), "")
