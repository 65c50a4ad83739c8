"""What the views of fixes and of a suggested schema share: the error, its fixes, writing them, and the run after it."""

from dataclasses import replace

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from workbench.catalog import WriteError, plan_change, write_change
from workbench.domain import JSON, Run, ValidationError
from workbench.jsondoc.patch import Patch, apply
from workbench.web.runs.fixes import suggested_fixes
from workbench.web.runs.fixes.fix_plan import FixPlan, Numbered, Selected, make_plan
from workbench.web.runs.fixes.suggested_fixes import SuggestedFix
from workbench.web.runs.links import Links
from workbench.web.runs.outcome import outcome_page
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.reruns import repetition
from workbench.web.runs.tabs import validation
from workbench.web.services.app_context import app_context
from workbench.web.services.config_writes import ConfigWrite
from workbench.web.ui.text_diff import DiffLine, difference

THEN_RUN = "run"
"""What the field ``then`` says where the run is to be repeated after the change."""


def error_or_404(run: Run) -> Numbered:
    """The error whose number is in the URL, with that; ends the request with a 404 where there is none."""
    errors, asked = validation.sort_errors(run.outcome), request.args.get("error", request.args.get("fault", ""))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else len(errors)
    if number >= len(errors):
        abort(404, "This run has no error with this number.")
    return number, errors[number]


def fixes_of(run: Run, error: ValidationError) -> tuple[SuggestedFix, ...]:
    """The fixes of an error, tested now."""
    return suggested_fixes.suggest_fixes(run, error, outcome_page.around(run))


def fix_or_404(run: Run, error: ValidationError, key: str) -> SuggestedFix:
    """One fix; ends the request with a 404 where it is no longer suggested."""
    found = next((fix for fix in fixes_of(run, error) if fix.key == key), None)
    if found is None:
        abort(
            404,
            "This fix no longer applies: config.json or the earlier runs have changed. Go back and choose a fix again.",
        )
    return found


def errors_beside(run: Run, error: ValidationError) -> list[Numbered]:
    """The errors of the same value, with their numbers."""
    return [each for each in enumerate(validation.sort_errors(run.outcome)) if each[1].where == error.where]


def selected_in(values: MultiDict[str, str]) -> Selected | None:
    """The fixes that a form selects, by ``error`` and ``fix-NUMBER``; None where it was not posted."""
    if "selected" not in values:
        return None
    numbers = [text for text in values.getlist("number") if text.isascii() and text.isdigit() and len(text) < 6]
    return {int(number): values.get(f"fix-{number}", "") for number in numbers}


def plan_or_404(run: Run, error: ValidationError, selected: Selected | None) -> FixPlan:
    """The plan that fixes several errors of the same value; ends the request with a 404 where none has a fix."""
    plan = make_plan(run, errors_beside(run, error), outcome_page.around(run), selected)
    if plan is None:
        abort(404, "There is no suggested fix for these errors.")
    return plan


def run_with_fix(run: Run, notice: str) -> tuple[Run, str]:
    """The run that fills the form, with its inputs or those after the fix in the URL; and the notice."""
    if not (key := request.args.get("fix", request.args.get("mend", ""))):
        return run, notice
    _, error = error_or_404(run)
    around = outcome_page.around(run)
    inputs = suggested_fixes.apply_fix(run, error, key, around) if error.where == "input" else None
    if inputs is None:
        return run, "This fix no longer applies. The inputs are unchanged."
    fixed = replace(run, request=replace(run.request, inputs=inputs), outcome=replace(run.outcome, errors=()))
    return fixed, "Fix applied to the form. Run it to try."


def plan_lines(run: Run, patch: Patch) -> tuple[tuple[DiffLine, ...], str]:
    """The lines that would change in ``config.json``, and why they cannot be written where they cannot."""
    try:
        change = plan_change(run.request.root, run.request.config_digest, patch)
    except WriteError as error:
        return (), str(error)
    return difference(change.before, change.after), ""


def write_or_409(run: Run, patch: Patch, title: str) -> ResponseReturnValue:
    """Write a patch of ``config.json``, then run again where that was asked for; leads to the outcome.

    Ends the request with a 409 and the reason where nothing was written.
    """
    asked = run.request
    try:
        change = write_change(asked.root, asked.config_digest, patch)
    except WriteError as error:
        abort(409, f"Nothing was written. {error}")
    app_context().writes.put(asked.root, ConfigWrite(change, title, (run.id,)))
    return _next(run)


def apply_to_inputs(run: Run, patch: Patch) -> ResponseReturnValue:
    """Run again with the inputs after a patch; leads to the new outcome."""
    raw = app_context().store.get(run.id, reveal=True) or run
    return _run_again(raw, apply(raw.request.inputs, patch))


def undo_or_409(run: Run) -> ResponseReturnValue:
    """Put ``config.json`` back as it was before the last change; leads to the outcome.

    Ends the request with a 409 and the reason where the file is no longer as that change left it.
    """
    try:
        app_context().writes.undo(run.request.root)
    except WriteError as error:
        abort(409, str(error))
    return _next(run)


def _next(run: Run) -> ResponseReturnValue:
    if request.form.get("then") == THEN_RUN:
        return _run_again(app_context().store.get(run.id, reveal=True) or run)
    query = outcome_page.query_of(run.id, request.form)
    return redirect(OutcomeQuery(query.here, "validation").page, 303)


def _run_again(raw: Run, inputs: JSON = None) -> ResponseReturnValue:
    again = repetition.repeat_or_409(raw, inputs)
    return redirect(repetition.page_of(again, request.form.get("here", "")), 303)


def links_of(run: Run) -> Links:
    """The links of the outcome on the page that the request names, by default the run's own."""
    return Links(run, OutcomeQuery(outcome_page.query_of(run.id, request.args).here, "validation"), "validation")
