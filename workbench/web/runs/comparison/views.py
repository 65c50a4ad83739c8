"""Comparison of two runs: the page, the previous run of a handler, two runs chosen in the list, the export."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.comparison import compare
from workbench.explain.documents.comparison_report import comparison_report
from workbench.explain.documents.report import as_json
from workbench.web.runs.comparison.comparison_view import comparison_view
from workbench.web.runs.history import handler_runs
from workbench.web.runs.page_frame import frame
from workbench.web.runs.views import download, run_or_404
from workbench.web.services.app_context import app_context

_MOMENT = 1.0
"""Seconds for which the page waits for each run before it is rendered again."""

blueprint = Blueprint("comparison", __name__, url_prefix="/runs")


@blueprint.get("/comparison")
def choose() -> ResponseReturnValue:
    """To the page of two runs that were chosen in the list, the older one first."""
    chosen = list(dict.fromkeys(request.args.getlist("run")))
    if len(chosen) != 2:
        abort(
            400, f"Two runs are compared, and {len(chosen) or 'none'} {'is' if len(chosen) == 1 else 'are'} selected."
        )
    first, second = sorted((run_or_404(run_id) for run_id in chosen), key=lambda run: run.created_at)
    return redirect(url_for("comparison.show", run_id=first.id, other_id=second.id), 303)


@blueprint.get("/<run_id>/comparison")
def previous(run_id: str) -> ResponseReturnValue:
    """To the page of a run and the one before it of the same handler."""
    run = run_or_404(run_id)
    before = handler_runs.previous(run)
    if before is None:
        abort(404, f"No run of {run.request.name} before run {run_id} was found to compare it with.")
    return redirect(url_for("comparison.show", run_id=before, other_id=run_id), 303)


@blueprint.get("/<run_id>/comparison/<other_id>")
def show(run_id: str, other_id: str) -> ResponseReturnValue:
    """Two runs side by side; for htmx the part alone, once both have ended or after a moment."""
    if "HX-Request" in request.headers:
        for each in (run_id, other_id):
            if app_context().store.holds(each):
                app_context().store.wait_finished(each, _MOMENT)
    first, second = run_or_404(run_id), run_or_404(other_id)
    view = comparison_view(first, second)
    if "HX-Request" in request.headers:
        return render_template("runs/_comparison.html", comparison=view)
    return render_template("runs/comparison.html", comparison=view, run=second, **frame(second, "comparison"))


@blueprint.get("/<run_id>/comparison/<other_id>/export")
def export(run_id: str, other_id: str) -> ResponseReturnValue:
    """What differs as JSON, masked."""
    document = comparison_report(compare(run_or_404(run_id), run_or_404(other_id)))
    return download(as_json(document).encode(), "application/json", f"runs-{run_id}-{other_id}.json")
