"""An ``output_schema`` made from recorded results: to be looked at, copied, and written after a question."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Run
from workbench.web.runs import outcome_page
from workbench.web.runs.fixes import fix_pages
from workbench.web.runs.fixes.schema_suggestion import SCOPES, Suggestion, suggest
from workbench.web.runs.views import run_or_404

blueprint = Blueprint("suggestions", __name__, url_prefix="/runs/<run_id>/suggestion")


@blueprint.get("")
def show(run_id: str) -> ResponseReturnValue:
    """The schema made from this run (``from=this``) or from all recorded ones (``from=all``), and what it changes."""
    run = run_or_404(run_id)
    found = _asked(run, request.args.get("from", "this"))
    lines, refusal = fix_pages.planned(run, found.patch) if found.patch and not found.obstacle else ((), found.obstacle)
    return _page(run, found, lines, refusal)


@blueprint.post("")
def write(run_id: str) -> ResponseReturnValue:
    """Write what was shown, and say so; a 409 with the reason where it was not written."""
    run = run_or_404(run_id)
    found = _asked(run, request.form.get("from", "this"))
    if found.key != request.form.get("key"):
        abort(409, "New runs changed the suggestion. Review it again, then write it.")
    lines, refusal = ((), found.obstacle) if found.obstacle else fix_pages.written(run, found.patch)
    return _page(run, found, lines, refusal, done=not refusal), 409 if refusal else 200


def _asked(run: Run, scope: str) -> Suggestion:
    found = suggest(run, scope if scope in SCOPES else "this", outcome_page.around(run))
    if found is None:
        abort(404, "This run returned no value to infer a schema from.")
    return found


def _page(run: Run, found: Suggestion, lines: object, refusal: str, *, done: bool = False) -> str:
    here = url_for("suggestions.show", run_id=run.id)
    return render_template(
        "runs/fixes/suggestion.html", run=run, it=found, lines=lines, refusal=refusal, done=done, here=here,
        links=fix_pages.links_of(run),
    )  # fmt: skip
