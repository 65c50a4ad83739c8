"""The Validation tab: every error and warning, fixes, and the selected place in data and schema side by side."""

from dataclasses import dataclass, replace

from workbench.domain import Branch, Outcome, Run, RunState, Status, ValidationError
from workbench.explain import code_locations, provenance, validation_errors
from workbench.explain.provenance import Origin
from workbench.explain.text import Sentence
from workbench.web.runs.fixes import suggested_fixes
from workbench.web.runs.fixes.suggested_fixes import SuggestedFix
from workbench.web.runs.query import Selection
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext
from workbench.web.runs.values import data_and_schema, field_anchors, value_checks, verdict_view
from workbench.web.runs.values.data_and_schema import DataAndSchema
from workbench.web.runs.values.field_anchors import FieldAnchor
from workbench.web.runs.values.validated_value import Around, ErrorContext, error_context, is_large, subject
from workbench.web.runs.values.value_checks import ValueCheck
from workbench.web.runs.values.verdict_view import VerdictView

SHOWN = 200
"""Errors that are listed."""
ORDER = ("auth", "input", "output")


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """An error or a warning in the list. ``file`` and ``line`` are where the value was returned."""

    number: int
    where: str
    pointer: str
    keyword: str
    sentence: Sentence
    selected: bool
    file: str = ""
    line: int = 0
    origin: Origin | None = None
    field: FieldAnchor | None = None
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation:
    """The tab. ``number`` is that of the selected error, None where something else is selected.

    ``fixes`` is None where they are to be loaded on their own, because testing them takes a while; ``beside`` counts
    the errors of the same value, the selected one included. ``key`` differs where data and schema differ; ``notes`` say
    how a pasted value was read.
    """

    number: int | None
    key: str
    checks: tuple[ValueCheck, ...]
    errors: tuple[ErrorItem, ...]
    warnings: tuple[ErrorItem, ...]
    data_and_schema: DataAndSchema | None
    hidden: int
    total: int
    verdict: VerdictView | None = None
    fixes: tuple[SuggestedFix, ...] | None = ()
    notes: tuple[str, ...] = ()
    beside: int = 0


def present(run: Run, asked: Selection, around: Around) -> Validation:
    """The tab with what the URL selects."""
    errors, warnings = sort_errors(run.outcome), run.outcome.warnings
    selected = _existing_selection(asked, len(errors), len(warnings))
    error = errors[selected.error] if selected.error is not None else None
    context = error_context(run, error) if error else None
    shown = tuple(_error(run, number, each, number == selected.error) for number, each in enumerate(errors[:SHOWN]))
    origin = provenance.find(run, error) if error else None  # which takes a search
    if error and selected.error is not None and selected.error < len(shown):
        shown = (
            *shown[: selected.error],
            replace(shown[selected.error], origin=origin, branches=error.branches),
            *shown[selected.error + 1 :],
        )
    drawn = _data_and_schema(run, selected, around)
    return Validation(
        number=selected.error,
        key=_key(selected, drawn),
        checks=tuple(value_checks.check_value(run, where) for where in ORDER),
        errors=shown,
        warnings=tuple(
            _warning(number, each, number == selected.warning) for number, each in enumerate(warnings[:SHOWN])
        ),
        data_and_schema=drawn,
        hidden=max(0, len(errors) - SHOWN),
        total=len(errors),
        verdict=verdict_view.present_verdict(run, context, around, origin) if context else None,
        fixes=_fixes(run, error, context, around),
        notes=tuple(each.text for each in run.outcome.output if each.source == "note") if run.request.pasted else (),
        beside=sum(each.where == error.where for each in errors) if error else 0,
    )


def _existing_selection(asked: Selection, errors: int, warnings: int) -> Selection:
    """What is selected, of what exists; else the first error, or nothing."""
    if asked.error is not None and 0 <= asked.error < errors:
        return Selection(error=asked.error)
    if asked.warning is not None and 0 <= asked.warning < warnings:
        return Selection(warning=asked.warning)
    if asked.where in ORDER:
        return Selection(where=asked.where, at=asked.at, rule=asked.rule)
    return Selection(error=0) if errors else Selection()


def _key(selected: Selection, drawn: DataAndSchema | None) -> str:
    parts = (selected.error, selected.warning, selected.where, selected.at, selected.rule, drawn is None)
    return suggested_fixes.digest(repr(parts))


def _data_and_schema(run: Run, selected: Selection, around: Around) -> DataAndSchema | None:
    if selected.error is not None:
        return data_and_schema.of_error(run, sort_errors(run.outcome)[selected.error], around)
    if selected.warning is not None:
        return data_and_schema.of_warning(run, run.outcome.warnings[selected.warning], around)
    if selected.where and subject(run, selected.where) is None:
        return None
    if selected.at is not None:
        return data_and_schema.of_place(run, selected.where, selected.at, around)
    if selected.rule is not None:
        return data_and_schema.of_rule(run, selected.where, selected.rule, around)
    order = (selected.where,) if selected.where else ("output", "input", "auth")
    return next((made for where in order if (made := data_and_schema.whole(run, where, around))), None)


def sort_errors(outcome: Outcome) -> tuple[ValidationError, ...]:
    """The errors in the order of the list: those that decided the run first."""
    decided = {Status.INVALID_AUTH: "auth", Status.INVALID_INPUT: "input", Status.INVALID_OUTPUT: "output"}
    first = decided.get(outcome.status) if outcome.status else None
    return tuple(sorted(outcome.errors, key=lambda error: error.where != first))


def _error(run: Run, number: int, error: ValidationError, selected: bool) -> ErrorItem:
    handler, line = run.outcome.handler, run.outcome.return_line or 0
    returned = error.where == "output" and not error.in_schema and handler is not None and line > 0
    return ErrorItem(
        number=number,
        where=error.where,
        pointer=error.pointer,
        keyword=error.keyword,
        sentence=validation_errors.sentence(error),
        selected=selected,
        file=code_locations.relative(handler.file, run.request.root) if handler and returned else "",
        line=line if returned else 0,
        field=field_anchors.find_field(error),
    )


def _warning(number: int, warning: ValidationError, selected: bool) -> ErrorItem:
    sentence, field = validation_errors.sentence(warning), field_anchors.find_field(warning)
    return ErrorItem(number, warning.where, warning.pointer, warning.keyword, sentence, selected, field=field)


def _fixes(
    run: Run, error: ValidationError | None, context: ErrorContext | None, around: Around
) -> tuple[SuggestedFix, ...] | None:
    if error is None or context is None or run.outcome.state is not RunState.FINISHED:
        return ()
    if is_large(context.subject.value):
        return None
    return suggested_fixes.suggest_fixes(run, error, around)


class ValidationTab(Tab):
    """Every validation error at its place, with fixes."""

    name = "validation"
    title = "Validation"
    template = "runs/tabs/validation.html"

    def badge(self, run: Run) -> Badge:
        """How many errors there are, or else how many warnings."""
        errors, warnings = len(run.outcome.errors), len(run.outcome.warnings)
        return Badge.of(errors or warnings, "bad" if errors else "warn")

    def present(self, context: TabContext) -> Validation:
        """The tab with what the query selects."""
        return present(context.run, context.query.selection, context.around())
