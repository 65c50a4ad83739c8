"""A suggested ``output_schema``: its page, and writing it to ``config.json``."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Run
from workbench.web.runs.fixes import fix_pages
from workbench.web.runs.fixes.schema_suggestion import SCOPES, Suggestion, suggest
from workbench.web.runs.outcome import outcome_page
from workbench.web.runs.page_frame import frame
from workbench.web.runs.views import run_or_404

blueprint = Blueprint("suggestions", __name__, url_prefix="/runs/<run_id>/suggestion")


@blueprint.get("")
def show(run_id: str) -> ResponseReturnValue:
    """The schema made from this run (``from=this``) or from all runs (``from=all``), and what it changes."""
    run = run_or_404(run_id)
    found = _suggestion_or_404(run, request.args.get("from", "this"))
    can_write = found.patch and not found.obstacle
    lines, obstacle = fix_pages.plan_lines(run, found.patch) if can_write else ((), found.obstacle)
    return _page(run, found, lines, obstacle)


@blueprint.post("")
def write(run_id: str) -> ResponseReturnValue:
    """Write what was shown, and run again where that is asked for; a 409 with the reason where it was not written."""
    run = run_or_404(run_id)
    found = _suggestion_or_404(run, request.form.get("from", "this"))
    if found.key != request.form.get("key"):
        abort(409, "New runs changed the suggestion. Review it again, then write it.")
    if found.obstacle:
        abort(409, f"Nothing was written. {found.obstacle}")
    return fix_pages.write_or_409(run, found.patch, f"output_schema of {run.request.name}")


def _suggestion_or_404(run: Run, scope: str) -> Suggestion:
    found = suggest(run, scope if scope in SCOPES else "this", outcome_page.around(run))
    if found is None:
        abort(404, "This run returned no value to infer a schema from.")
    return found


def _page(run: Run, found: Suggestion, lines: object, obstacle: str) -> str:
    here = url_for("suggestions.show", run_id=run.id)
    return render_template(
        "runs/fixes/suggestion.html", run=run, it=found, lines=lines, obstacle=obstacle, here=here,
        links=fix_pages.links_of(run), **frame(run, "suggested output_schema"),
    )  # fmt: skip
