"""The suggested fixes of an error: the list, one to review, and writing it to ``config.json``."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from workbench.web.runs.fixes import fix_pages
from workbench.web.runs.views import run_or_404

blueprint = Blueprint("fixes", __name__, url_prefix="/runs/<run_id>/fixes")


@blueprint.get("")
def index(run_id: str) -> ResponseReturnValue:
    """The suggested fixes of the error that the URL names, tested now: for htmx the part, else a page."""
    run = run_or_404(run_id)
    number, problem = fix_pages.error_or_404(run)
    template = "runs/fixes/_fixes.html" if "HX-Request" in request.headers else "runs/fixes/fixes.html"
    found = fix_pages.fixes_of(run, problem)
    return render_template(template, run=run, fixes=found, number=number, links=fix_pages.links_of(run))


@blueprint.get("/<key>")
def show(run_id: str, key: str) -> ResponseReturnValue:
    """One fix of the schema with the lines that it changes, and the question whether to write it."""
    run = run_or_404(run_id)
    number, problem = fix_pages.error_or_404(run)
    fix = fix_pages.fix_or_404(run, problem, key)
    lines, obstacle = fix_pages.plan_lines(run, fix.patch)
    links = fix_pages.links_of(run)
    return render_template(
        "runs/fixes/fix.html", run=run, title=fix.title, trial=fix.trial, lines=lines, obstacle=obstacle, links=links,
        action=links.fix(number, key), back=links.error(number).page, done=False,
    )  # fmt: skip


@blueprint.post("/<key>")
def write(run_id: str, key: str) -> ResponseReturnValue:
    """Write it and show the lines; a 409 with the reason where it was not written."""
    run = run_or_404(run_id)
    number, problem = fix_pages.error_or_404(run)
    fix = fix_pages.fix_or_404(run, problem, key)
    lines, obstacle = fix_pages.write_lines(run, fix.patch)
    links = fix_pages.links_of(run)
    page = render_template(
        "runs/fixes/fix.html", run=run, title=fix.title, trial=fix.trial, lines=lines, obstacle=obstacle, links=links,
        action=links.fix(number, key), back=links.error(number).page, done=not obstacle,
    )  # fmt: skip
    return page, 409 if obstacle else 200
