"""Runs: the list, one run, its stream, its parts, its exports, and the two deeds: cancel and reveal."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from workbench.domain import ABSENT, Run
from workbench.store import TooManySubscribers, UnknownRun
from workbench.web.runs import event_stream, exports, outcome_page, run_list, values
from workbench.web.runs import exchange_detail as presented
from workbench.web.services.app_context import app_context
from workbench.web.ui import json_tree
from workbench.web.ui.masked_text import masked

blueprint = Blueprint("runs", __name__, url_prefix="/runs")
blueprint.add_app_template_filter(masked)


def the_run(run_id: str, *, reveal: bool = False) -> Run:
    """The run of that id; ends the request with a 404 where the store has none."""
    run = app_context().store.get(run_id, reveal=reveal)
    if run is None:
        abort(404, "Run not found. The workbench keeps the latest runs in memory until it stops.")
    return run


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All runs, newest first, filtered by integration and status."""
    shown = run_list.present(app_context().store.list(limit=500), request.args)
    return render_template("runs/index.html", listing=shown)


@blueprint.get("/<run_id>")
def show(run_id: str) -> ResponseReturnValue:
    """One run on a page of its own."""
    run = the_run(run_id)
    return render_template("runs/show.html", run=run, given=values.given(run), **outcome_page.context(run))


@blueprint.get("/<run_id>/outcome")
def part(run_id: str) -> ResponseReturnValue:
    """The outcome alone, for htmx. A browser that follows the link without scripts gets the page."""
    run = the_run(run_id)
    if "HX-Request" not in request.headers:
        return redirect(f"{url_for('runs.show', run_id=run_id)}?{request.query_string.decode('ascii', 'ignore')}", 303)
    return outcome_page.render(run, outcome_page.query_of(run_id, request.args))


@blueprint.get("/<run_id>/events")
def events(run_id: str) -> ResponseReturnValue:
    """The outcome as it grows, as server-sent events; 503 where too many follow."""
    asked, store = outcome_page.query_of(run_id, request.args), app_context().store
    seen = request.headers.get("Last-Event-ID", "")
    after = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else -1
    the_run(run_id)
    try:
        subscription = store.subscribe(run_id, after=after)
    except TooManySubscribers as error:
        raise ServiceUnavailable(str(error), retry_after=5) from error
    except UnknownRun as error:
        abort(404, str(error))

    def draw() -> str | None:
        now = store.get(run_id)
        return outcome_page.render(now, asked) if now else None

    body: Iterator[bytes] = stream_with_context(event_stream.stream(subscription, draw))
    response = Response(body, content_type="text/event-stream; charset=utf-8")
    response.call_on_close(subscription.close)
    return response


@blueprint.post("/<run_id>/cancellation")
def cancel(run_id: str) -> ResponseReturnValue:
    """Stop a run that goes on; one that is over stays as it is."""
    the_run(run_id)
    app_context().runner.cancel(run_id)
    return back_to(run_id)


@blueprint.post("/<run_id>/exchanges/<int:exchange>/revelation")
def reveal(run_id: str, exchange: int) -> ResponseReturnValue:
    """One exchange with its secrets, once, to the person who asks for it."""
    run = the_run(run_id, reveal=True)
    found = next((each for each in run.outcome.exchanges if each.id == exchange), None)
    if found is None:
        abort(404, "This run has no exchange with this number.")
    asked = outcome_page.query_of(run_id, request.form)
    shown = outcome_page.context_of(the_run(run_id), asked)
    detail = presented.detail(run, found, revealed=True)
    template = "runs/_exchange.html" if "HX-Request" in request.headers else "runs/revealed.html"
    return render_template(template, run=run, detail=detail, **shown)


@blueprint.get("/<run_id>/values/<name>")
def value(run_id: str, name: str) -> ResponseReturnValue:
    """One JSON value of the run: more of its tree for htmx, a page without it, or the whole as a download."""
    run = the_run(run_id)
    found = values.find(run, name, request.args.get("pointer", ""))
    if found is ABSENT:
        abort(404, "This run has no value at this address.")
    if request.args.get("form") == "json":
        return download(values.dump(found), "application/json", f"run-{run.id}-{name}.json")
    start, stop = values.stretch(request.args)
    context = outcome_page.context(run)
    if "HX-Request" in request.headers:
        nodes = json_tree.members(found, request.args.get("pointer", ""), start, stop)
        where, side = request.args.get("where", ""), "schema" if name.endswith("-schema") else "data"
        return render_template("runs/_members.html", nodes=nodes, name=name, where=where, side=side, **context)
    shown = json_tree.grow(found, pointer=request.args.get("pointer", ""))
    return render_template("runs/value.html", run=run, root=shown, name=name, **context)


@blueprint.get("/<run_id>/exchanges/<int:exchange>/<any(request, response):side>/body")
def body(run_id: str, exchange: int, side: str) -> ResponseReturnValue:
    """What was kept of a body, as a download whatever it is."""
    run = the_run(run_id)
    found = values.body_of(run, exchange, side)
    if found is None:
        abort(404, "This exchange has no body on this side.")
    return download(found, "application/octet-stream", f"run-{run.id}-exchange-{exchange}-{side}.bin")


@blueprint.get("/<run_id>/mends")
@blueprint.get("/<run_id>/mends/<key>")
def fixes_before(run_id: str, key: str = "") -> ResponseReturnValue:
    """The address that suggested fixes had in earlier releases."""
    url = url_for("fixes.show", run_id=run_id, key=key) if key else url_for("fixes.index", run_id=run_id)
    return redirect(f"{url}?{request.query_string.decode('ascii', 'ignore')}", 301)


@blueprint.get("/<run_id>/export")
def export(run_id: str) -> ResponseReturnValue:
    """The run as JSON, or its exchanges as an HTTP archive; masked."""
    run = the_run(run_id)
    if request.args.get("form", "json") == "har":
        return download(exports.har(run), "application/json", f"run-{run.id}.har")
    return download(exports.as_json(run), "application/json", f"run-{run.id}.json")


def back_to(run_id: str) -> ResponseReturnValue:
    """After a deed: the outcome for htmx, else the page that the person came from."""
    asked = outcome_page.query_of(run_id, request.form)
    if "HX-Request" in request.headers:
        return outcome_page.render(the_run(run_id), asked)
    return redirect(asked.here, 303)


def download(data: bytes, media: str, name: str) -> Response:
    """An attachment; never drawn on our origin."""
    response = Response(data, content_type=media)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
