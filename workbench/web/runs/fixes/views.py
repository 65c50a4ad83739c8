"""The suggested fixes of an error, of several errors as one change, and the way back."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from workbench.schema import Target
from workbench.web.runs.fixes import fix_pages
from workbench.web.runs.page_frame import frame
from workbench.web.runs.views import run_or_404

blueprint = Blueprint("fixes", __name__, url_prefix="/runs/<run_id>")


@blueprint.get("/fixes")
def index(run_id: str) -> ResponseReturnValue:
    """The suggested fixes of the error that the URL names, tested now: for htmx the part, else a page."""
    run = run_or_404(run_id)
    number, error = fix_pages.error_or_404(run)
    template = "runs/fixes/_fixes.html" if "HX-Request" in request.headers else "runs/fixes/fixes.html"
    found = fix_pages.fixes_of(run, error)
    return render_template(
        template, run=run, fixes=found, number=number, total=len(fix_pages.errors_beside(run, error)),
        links=fix_pages.links_of(run), **frame(run, "Suggested fixes"),
    )  # fmt: skip


@blueprint.get("/fixes/<key>")
def show(run_id: str, key: str) -> ResponseReturnValue:
    """The address of one fix leads to its error, where it stands."""
    number, _ = fix_pages.error_or_404(run_or_404(run_id))
    return redirect(f"{fix_pages.links_of(run_or_404(run_id)).error(number).page}#fix-{key}", 303)


@blueprint.post("/fixes/<key>")
def write(run_id: str, key: str) -> ResponseReturnValue:
    """Write it to ``config.json`` or apply it to the inputs, and run again where that is asked for."""
    run = run_or_404(run_id)
    _, error = fix_pages.error_or_404(run)
    fix = fix_pages.fix_or_404(run, error, key)
    if fix.target == Target.DATA:
        return fix_pages.apply_to_inputs(run, fix.patch)
    return fix_pages.write_or_409(run, fix.patch, fix.title)


@blueprint.get("/fixes/plan")
def plan(run_id: str) -> ResponseReturnValue:
    """Fixes of several errors as one change, those that the URL selects: for htmx the part, else a page."""
    run = run_or_404(run_id)
    number, error = fix_pages.error_or_404(run)
    found = fix_pages.plan_or_404(run, error, fix_pages.selected_in(request.args))
    template = "runs/fixes/_plan.html" if "HX-Request" in request.headers else "runs/fixes/plan.html"
    links = fix_pages.links_of(run)
    return render_template(template, run=run, plan=found, number=number, links=links, **frame(run, "Several fixes"))


@blueprint.post("/fixes/plan")
def write_plan(run_id: str) -> ResponseReturnValue:
    """Make the change that was shown; a 409 where it has become another one."""
    run = run_or_404(run_id)
    _, error = fix_pages.error_or_404(run)
    found = fix_pages.plan_or_404(run, error, fix_pages.selected_in(request.form) or {})
    if found.obstacle or found.key != request.form.get("key"):
        abort(409, f"Nothing was written. {found.obstacle or 'The change is no longer the one that was shown.'}")
    if found.target is Target.DATA:
        return fix_pages.apply_to_inputs(run, found.patch)
    return fix_pages.write_or_409(run, found.patch, found.title)


@blueprint.post("/undo")
def undo(run_id: str) -> ResponseReturnValue:
    """Put ``config.json`` back as it was before the last change, where it is still as that left it."""
    return fix_pages.undo_or_409(run_or_404(run_id))
