"""Mends and suggestions of a run, from the store and the folder to the pages that offer them."""

from dataclasses import replace

from flask import abort, request

from workbench.catalog import WriteError, plan_change, write_change
from workbench.domain import Run, ValidationError
from workbench.schema import Patch
from workbench.web.runs import outcome_page
from workbench.web.runs.fixes import suggested_fixes
from workbench.web.runs.fixes.suggested_fixes import Offer
from workbench.web.runs.links import Links
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.tabs import validation
from workbench.web.ui.text_diff import DiffLine, difference


def fault_of(run: Run) -> tuple[int, ValidationError]:
    """The fault that the URL names by its number; ends the request with a 404 where there is none."""
    problems, asked = validation.ordered(run.outcome), request.args.get("error", request.args.get("fault", ""))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else len(problems)
    if number >= len(problems):
        abort(404, "This run has no error with this number.")
    return number, problems[number]


def offers_of(run: Run, problem: ValidationError) -> tuple[Offer, ...]:
    """The mends of a fault, tried now."""
    return suggested_fixes.offers(run, problem, outcome_page.around(run))


def offer_of(run: Run, problem: ValidationError, key: str) -> Offer:
    """One of them; ends the request with a 404 where it is not offered any more."""
    found = next((offer for offer in offers_of(run, problem) if offer.key == key), None)
    if found is None or found.target != "schema":
        abort(
            404,
            "This fix no longer applies: config.json or the earlier runs have changed. Go back and choose a fix again.",
        )
    return found


def applied(run: Run, notice: str) -> tuple[Run, str]:
    """The run as its form is filled, with its inputs or those after the mend that the URL names; and the notice."""
    if not (key := request.args.get("fix", request.args.get("mend", ""))):
        return run, notice
    _, problem = fault_of(run)
    inputs = suggested_fixes.mended(run, problem, key, outcome_page.around(run)) if problem.where == "input" else None
    if inputs is None:
        return run, "This fix no longer applies. The inputs are unchanged."
    mend = replace(run, request=replace(run.request, inputs=inputs), outcome=replace(run.outcome, problems=()))
    return mend, "Fix applied to the form. Run it to try."


def planned(run: Run, patch: Patch) -> tuple[tuple[DiffLine, ...], str]:
    """The lines that would change in ``config.json``, and why they may not be written, where they may not."""
    try:
        change = plan_change(run.request.root, run.request.config_digest, patch)
    except WriteError as refusal:
        return (), str(refusal)
    return difference(change.before, change.after), ""


def written(run: Run, patch: Patch) -> tuple[tuple[DiffLine, ...], str]:
    """The same, done."""
    try:
        change = write_change(run.request.root, run.request.config_digest, patch)
    except WriteError as refusal:
        return (), str(refusal)
    return difference(change.before, change.after), ""


def links_of(run: Run) -> Links:
    """The links of the run's own page."""
    return Links(run, OutcomeQuery(outcome_page.query_of(run.id, {}).here, "validation"), "validation")
