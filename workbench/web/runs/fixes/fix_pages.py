"""What the pages of fixes and of a suggested schema share: the error, its fixes, and the lines of ``config.json``."""

from dataclasses import replace

from flask import abort, request

from workbench.catalog import WriteError, plan_change, write_change
from workbench.domain import Run, ValidationError
from workbench.jsondoc.patch import Patch
from workbench.web.runs import outcome_page
from workbench.web.runs.fixes import suggested_fixes
from workbench.web.runs.fixes.suggested_fixes import SuggestedFix
from workbench.web.runs.links import Links
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.tabs import validation
from workbench.web.ui.text_diff import DiffLine, difference


def error_or_404(run: Run) -> tuple[int, ValidationError]:
    """The error whose number is in the URL, with that; ends the request with a 404 where there is none."""
    problems, asked = validation.sort_errors(run.outcome), request.args.get("error", request.args.get("fault", ""))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else len(problems)
    if number >= len(problems):
        abort(404, "This run has no error with this number.")
    return number, problems[number]


def fixes_of(run: Run, problem: ValidationError) -> tuple[SuggestedFix, ...]:
    """The fixes of an error, tested now."""
    return suggested_fixes.suggest_fixes(run, problem, outcome_page.around(run))


def fix_or_404(run: Run, problem: ValidationError, key: str) -> SuggestedFix:
    """One fix of the schema; ends the request with a 404 where it is no longer suggested."""
    found = next((fix for fix in fixes_of(run, problem) if fix.key == key), None)
    if found is None or found.target != "schema":
        abort(
            404,
            "This fix no longer applies: config.json or the earlier runs have changed. Go back and choose a fix again.",
        )
    return found


def run_with_fix(run: Run, notice: str) -> tuple[Run, str]:
    """The run that fills the form, with its inputs or those after the fix in the URL; and the notice."""
    if not (key := request.args.get("fix", request.args.get("mend", ""))):
        return run, notice
    _, problem = error_or_404(run)
    around = outcome_page.around(run)
    inputs = suggested_fixes.apply_fix(run, problem, key, around) if problem.where == "input" else None
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


def write_lines(run: Run, patch: Patch) -> tuple[tuple[DiffLine, ...], str]:
    """The lines that were changed in ``config.json``, and why none was where none was."""
    try:
        change = write_change(run.request.root, run.request.config_digest, patch)
    except WriteError as error:
        return (), str(error)
    return difference(change.before, change.after), ""


def links_of(run: Run) -> Links:
    """The links of the run's own page."""
    return Links(run, OutcomeQuery(outcome_page.query_of(run.id, {}).here, "validation"), "validation")
