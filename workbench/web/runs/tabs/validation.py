"""The Validation tab: every fault in words, what only warns, and the chosen place in data and schema side by side."""

from dataclasses import dataclass, replace

from workbench.domain import Branch, Outcome, Run, RunState, Status, ValidationError
from workbench.explain import code_locations, provenance, validation_errors
from workbench.explain.provenance import Origin
from workbench.explain.text import Sentence
from workbench.web.runs import data_and_schema, field_anchors, value_checks, verdict_view
from workbench.web.runs.data_and_schema import Picture
from workbench.web.runs.field_anchors import Field
from workbench.web.runs.fixes import suggested_fixes
from workbench.web.runs.fixes.suggested_fixes import Offer
from workbench.web.runs.query import Selection
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext
from workbench.web.runs.validated_value import Around, Examined, examine, is_large, subject
from workbench.web.runs.value_checks import Check
from workbench.web.runs.verdict_view import Judged

SHOWN = 200
"""Faults that are listed."""
ORDER = ("auth", "input", "output")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault or a warning in the list. ``file`` and ``line`` are where it was returned."""

    number: int
    where: str
    pointer: str
    keyword: str
    told: Sentence
    selected: bool
    file: str = ""
    line: int = 0
    origin: Origin | None = None
    field: Field | None = None
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation:
    """The tab. ``number`` is the chosen fault's, None where another place is chosen.

    ``offers`` is None where mends have to be asked for, because trying them takes a while. ``key`` differs where
    another picture is drawn; ``notes`` tell how a pasted value was read.
    """

    number: int | None
    key: str
    checks: tuple[Check, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    picture: Picture | None
    hidden: int
    total: int
    judged: Judged | None = None
    offers: tuple[Offer, ...] | None = ()
    notes: tuple[str, ...] = ()


def present(run: Run, asked: Selection, around: Around) -> Validation:
    """The tab with what is chosen in the picture."""
    problems, warnings = ordered(run.outcome), run.outcome.warnings
    chosen = _settled(asked, len(problems), len(warnings))
    problem = problems[chosen.error] if chosen.error is not None else None
    examined = examine(run, problem) if problem else None
    shown = tuple(_fault(run, number, each, number == chosen.error) for number, each in enumerate(problems[:SHOWN]))
    if problem and chosen.error is not None and chosen.error < len(shown):
        shown = (
            *shown[: chosen.error],
            _detailed(run, shown[chosen.error], problem),
            *shown[chosen.error + 1 :],
        )
    drawn = _picture(run, chosen, around)
    return Validation(
        number=chosen.error,
        key=_key(chosen, drawn),
        checks=tuple(value_checks.check(run, where) for where in ORDER),
        faults=shown,
        warnings=tuple(
            _warning(number, each, number == chosen.warning) for number, each in enumerate(warnings[:SHOWN])
        ),
        picture=drawn,
        hidden=max(0, len(problems) - SHOWN),
        total=len(problems),
        judged=verdict_view.judged(run, examined, around) if examined else None,
        offers=_offers(run, problem, examined, around),
        notes=tuple(each.text for each in run.outcome.output if each.source == "note") if run.request.pasted else (),
    )


def _settled(asked: Selection, faults_found: int, warned: int) -> Selection:
    """What is chosen once what is not there falls away: the first fault, or nothing."""
    if asked.error is not None and 0 <= asked.error < faults_found:
        return Selection(error=asked.error)
    if asked.warning is not None and 0 <= asked.warning < warned:
        return Selection(warning=asked.warning)
    if asked.where in ORDER:
        return Selection(where=asked.where, at=asked.at, rule=asked.rule)
    return Selection(error=0) if faults_found else Selection()


def _key(chosen: Selection, drawn: Picture | None) -> str:
    parts = (chosen.error, chosen.warning, chosen.where, chosen.at, chosen.rule, drawn is None)
    return suggested_fixes.digest(repr(parts))


def _picture(run: Run, chosen: Selection, around: Around) -> Picture | None:
    if chosen.error is not None:
        return data_and_schema.of_problem(run, ordered(run.outcome)[chosen.error], around)
    if chosen.warning is not None:
        return data_and_schema.of_warning(run, run.outcome.warnings[chosen.warning], around)
    if chosen.where and subject(run, chosen.where) is None:
        return None
    if chosen.at is not None:
        return data_and_schema.of_place(run, chosen.where, chosen.at, around)
    if chosen.rule is not None:
        return data_and_schema.of_rule(run, chosen.where, chosen.rule, around)
    order = (chosen.where,) if chosen.where else ("output", "input", "auth")
    return next((made for where in order if (made := data_and_schema.whole(run, where, around))), None)


def ordered(outcome: Outcome) -> tuple[ValidationError, ...]:
    """The faults in the order of the list: those that decided the run first."""
    decided = {Status.INVALID_AUTH: "auth", Status.INVALID_INPUT: "input", Status.INVALID_OUTPUT: "output"}
    first = decided.get(outcome.status) if outcome.status else None
    return tuple(sorted(outcome.problems, key=lambda problem: problem.where != first))


def _fault(run: Run, number: int, problem: ValidationError, selected: bool) -> Fault:
    handler, line = run.outcome.handler, run.outcome.return_line or 0
    returned = problem.where == "output" and not problem.in_schema and handler is not None and line > 0
    return Fault(
        number=number,
        where=problem.where,
        pointer=problem.pointer,
        keyword=problem.keyword,
        told=validation_errors.told(problem),
        selected=selected,
        file=code_locations.relative(handler.file, run.request.root) if handler and returned else "",
        line=line if returned else 0,
        field=field_anchors.field(problem),
    )


def _detailed(run: Run, fault: Fault, problem: ValidationError) -> Fault:
    """The chosen error with what takes a search: where its value came from, and the branches."""
    return replace(fault, origin=provenance.find(run, problem), branches=problem.branches)


def _warning(number: int, warning: ValidationError, selected: bool) -> Fault:
    told, field = validation_errors.told(warning), field_anchors.field(warning)
    return Fault(number, warning.where, warning.pointer, warning.keyword, told, selected, field=field)


def _offers(
    run: Run, problem: ValidationError | None, examined: Examined | None, around: Around
) -> tuple[Offer, ...] | None:
    if problem is None or examined is None or run.outcome.state is not RunState.FINISHED:
        return ()
    if is_large(examined.subject.value):
        return None
    return suggested_fixes.offers(run, problem, around)


class ValidationTab(Tab):
    """Every validation error at its place, with fixes."""

    name = "validation"
    title = "Validation"
    template = "runs/tabs/validation.html"

    def badge(self, run: Run) -> Badge:
        """How many errors there are, or else how many warnings."""
        errors, warnings = len(run.outcome.problems), len(run.outcome.warnings)
        return Badge(str(errors or warnings or ""), "bad" if errors else "warn")

    def present(self, context: TabContext) -> Validation:
        """The tab with what the query selects."""
        return present(context.run, context.query.selection, context.around())
