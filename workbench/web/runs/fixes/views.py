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
    number, problem = fix_pages.fault_of(run)
    template = "runs/fixes/_fixes.html" if "HX-Request" in request.headers else "runs/fixes/fixes.html"
    found = fix_pages.offers_of(run, problem)
    return render_template(template, run=run, offers=found, number=number, links=fix_pages.links_of(run))


@blueprint.get("/<key>")
def show(run_id: str, key: str) -> ResponseReturnValue:
    """One fix of the schema with the lines that it changes, and the question whether to write it."""
    run = run_or_404(run_id)
    number, problem = fix_pages.fault_of(run)
    offer = fix_pages.offer_of(run, problem, key)
    lines, refusal = fix_pages.planned(run, offer.patch)
    links = fix_pages.links_of(run)
    return render_template(
        "runs/fixes/fix.html", run=run, title=offer.title, trial=offer.trial, lines=lines, refusal=refusal, links=links,
        action=links.fix(number, key), back=links.error(number).page, done=False,
    )  # fmt: skip


@blueprint.post("/<key>")
def write(run_id: str, key: str) -> ResponseReturnValue:
    """Write it, and say what was written; a 409 with the reason where it was not."""
    run = run_or_404(run_id)
    number, problem = fix_pages.fault_of(run)
    offer = fix_pages.offer_of(run, problem, key)
    lines, refusal = fix_pages.written(run, offer.patch)
    links = fix_pages.links_of(run)
    page = render_template(
        "runs/fixes/fix.html", run=run, title=offer.title, trial=offer.trial, lines=lines, refusal=refusal, links=links,
        action=links.fix(number, key), back=links.error(number).page, done=not refusal,
    )  # fmt: skip
    return page, 409 if refusal else 200
