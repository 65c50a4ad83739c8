"""Runs: the list, one run, its stream, its parts and exports, its cancellation and the reveal of its secrets."""

from collections.abc import Callable, Hashable, Iterator
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request, session, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from workbench.domain import ABSENT, JSON, OnUnmatched, Run, RunState
from workbench.store import Subscription, TooManySubscribers, UnknownRun
from workbench.web.runs import exports
from workbench.web.runs.bodies.file_names import file_extension
from workbench.web.runs.bodies.image_body import image_type
from workbench.web.runs.comparison.agreement_view import agreement_view
from workbench.web.runs.exchanges import exchange_detail
from workbench.web.runs.history import care, run_list, run_source
from workbench.web.runs.history.run_filter import RunFilter
from workbench.web.runs.outcome import event_stream, outcome_page
from workbench.web.runs.page_frame import frame
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.request_code.formats import BY_NAME, formats_of
from workbench.web.runs.reruns import repetition
from workbench.web.runs.values import run_values
from workbench.web.services.app_context import app_context
from workbench.web.ui import json_tree
from workbench.web.ui.masked_text import masked
from workbench.web.ui.moments import moment

_MOMENT = 1.0
"""Seconds for which a page waits for each run before it is rendered again."""

blueprint = Blueprint("runs", __name__, url_prefix="/runs")
blueprint.add_app_template_filter(masked)
blueprint.add_app_template_filter(moment)


def run_or_404(run_id: str, *, reveal: bool = False) -> Run:
    """The run of that id; ends the request with a 404 where the store has none."""
    run = app_context().store.get(run_id, reveal=reveal)
    if run is None:
        abort(404, "Run not found. It was deleted, or belongs to another workbench.")
    return run


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All runs, newest first, filtered by integration, handler and status."""
    wanted, context = RunFilter.parse(request.args), app_context()
    archive, known = context.config.archive, [outline.integration for outline in context.catalog.outlines()]
    found = run_source.find(context.store, archive, wanted, run_list.SHOWN)
    listing = run_list.present(found, wanted, known, can_search=archive is not None)
    page = render_template("runs/index.html", listing=listing, care=care.present(archive))
    return page, 200, {"HX-Push-Url": f"{url_for('runs.index')}?{wanted.query}".rstrip("?")} if _is_filtered() else {}


def _is_filtered() -> bool:
    """Whether a filter was changed on the page: its address becomes one without empty parameters."""
    return "HX-Request" in request.headers and "before" not in request.args


@blueprint.get("/<run_id>")
def show(run_id: str) -> ResponseReturnValue:
    """One run on a page of its own."""
    run = run_or_404(run_id)
    inputs = run_values.handler_values(run)
    return render_template("runs/show.html", run=run, inputs=inputs, **frame(run), **outcome_page.context(run))


@blueprint.get("/<run_id>/outcome")
def part(run_id: str) -> ResponseReturnValue:
    """The outcome alone, for htmx. A browser that follows the link without scripts gets the page."""
    run = run_or_404(run_id)
    if "HX-Request" not in request.headers:
        return redirect(f"{url_for('runs.show', run_id=run_id)}?{request.query_string.decode('ascii', 'ignore')}", 303)
    query = outcome_page.query_of(run_id, request.args)
    return outcome_page.render(run, query), 200, {"HX-Replace-Url": query.page} if query.tab == "http" else {}


@blueprint.get("/<run_id>/agreement/<other_id>")
def agreement(run_id: str, other_id: str) -> ResponseReturnValue:
    """Two runs with two SDKs side by side; for htmx the part alone, once both have ended or after a moment."""
    if "HX-Request" in request.headers:
        for each in (run_id, other_id):
            app_context().store.wait_finished(run_or_404(each).id, _MOMENT)
    view = agreement_view(run_or_404(run_id), run_or_404(other_id))
    template = "runs/_agreement.html" if "HX-Request" in request.headers else "runs/agreement.html"
    return render_template(template, agreement=view)


@blueprint.get("/<run_id>/events")
def events(run_id: str) -> ResponseReturnValue:
    """The outcome as it grows, as server-sent events; 503 where too many follow."""
    run_or_404(run_id)
    query = outcome_page.query_of(run_id, request.args)
    after = event_stream.parse_event_id(request.headers.get("Last-Event-ID", ""))
    try:
        subscription = app_context().store.subscribe(run_id, after=after)
    except TooManySubscribers as error:
        raise ServiceUnavailable(str(error), retry_after=5) from error
    except UnknownRun as error:
        abort(404, str(error))
    view = run_id, query, session.get("csrf_token")
    response = Response(
        stream_with_context(_messages(subscription, view, partial(_latest, run_id, query))),
        content_type="text/event-stream; charset=utf-8",
    )
    response.call_on_close(subscription.close)
    return response


def _latest(run_id: str, query: OutcomeQuery) -> str | None:
    text = outcome_page.render_latest(run_id, query)
    return None if text is None else event_stream.as_received(text)


def _messages(subscription: Subscription, view: Hashable, make: Callable[[], str | None]) -> Iterator[bytes]:
    """The messages to one follower; the drawings are those of all who follow the same view."""
    with app_context().drawings.follow(view, event_stream.json_changes) as drawing:
        yield from event_stream.stream(
            subscription,
            lambda: drawing.draw(subscription.version, lambda: subscription.newest, make),
            event_stream.Pace(rest=0.0),
            drawing.changes,
        )


@blueprint.post("/<run_id>/repetition")
def repeat(run_id: str) -> ResponseReturnValue:
    """A run with the same inputs and settings, on the page of its handler or in place of the run's own page."""
    chosen = OnUnmatched.LIVE if request.form.get("unmatched") == OnUnmatched.LIVE else None
    again = repetition.repeat_or_409(run_or_404(run_id, reveal=True), on_unmatched=chosen)
    return redirect(repetition.page_of(again, request.form.get("here", "")), 303)


@blueprint.post("/queue/cancellation")
def cancel_queue() -> ResponseReturnValue:
    """Cancel all runs that wait for a worker; those that run go on."""
    for run in app_context().store.list(limit=run_source.ALL):
        if run.outcome.state is RunState.QUEUED:
            app_context().runner.cancel(run.id)
    return redirect(url_for("runs.index"), 303)


@blueprint.post("/<run_id>/cancellation")
def cancel(run_id: str) -> ResponseReturnValue:
    """Cancel a run in progress; a finished one stays as it is."""
    run_or_404(run_id)
    app_context().runner.cancel(run_id)
    return back_to(run_id)


@blueprint.post("/<run_id>/exchanges/<int:exchange>/revelation")
def reveal(run_id: str, exchange: int) -> ResponseReturnValue:
    """One exchange with its secrets, for this one response."""
    run = run_or_404(run_id, reveal=True)
    if not app_context().store.holds(run_id):
        abort(404, "Secrets are not stored. Run again to see them.")
    found = run_values.exchange(run, exchange)
    if found is None:
        abort(404, "This run has no exchange with this number.")
    query = outcome_page.query_of(run_id, request.form)
    shown = outcome_page.context_of(run_or_404(run_id), query)
    detail = exchange_detail.detail(run, found, revealed=True)
    template = "runs/_exchange.html" if "HX-Request" in request.headers else "runs/revealed.html"
    return render_template(template, run=run, detail=detail, **shown)


@blueprint.post("/<run_id>/secrets")
def reveal_secret(run_id: str) -> ResponseReturnValue:
    """The value for which one mask stands, for this one response."""
    run_or_404(run_id)
    name = request.form.get("name", "")
    value = app_context().store.secret(run_id, name)
    if value is None:
        abort(404, "The value of this secret is not available. Secrets are not stored; run again to see it.")
    template = "runs/_secret.html" if "HX-Request" in request.headers else "runs/secret.html"
    return render_template(template, run_id=run_id, name=name, value=value)


@blueprint.get("/<run_id>/values/<name>")
def value(run_id: str, name: str) -> ResponseReturnValue:
    """One JSON value of the run: more of its tree for htmx, a page without it, or the whole as a download."""
    run, pointer = run_or_404(run_id), request.args.get("pointer", "")
    found = run_values.find(run, name, pointer)
    if found is ABSENT:
        abort(404, "This run has no value at this address.")
    if request.args.get("form") == "json":
        file_name = f"run-{run.id}-{name}{run_values.mark(run, name)}.json"
        return download(run_values.dump(found), "application/json", file_name)
    if "HX-Request" in request.headers:
        return _members(run, name, pointer, found)
    root = json_tree.grow(found, pointer=pointer)
    return render_template("runs/value.html", run=run, root=root, name=name, **outcome_page.context(run))


def _members(run: Run, name: str, pointer: str, found: JSON) -> str:
    nodes = json_tree.members(found, pointer, *run_values.member_range(request.args))
    where, side = request.args.get("where", ""), "schema" if name.endswith("-schema") else "data"
    return render_template(
        "runs/_members.html", nodes=nodes, name=name, where=where, side=side, **outcome_page.context(run)
    )


@blueprint.get("/<run_id>/exchanges/<int:exchange>/<any(request, response):side>/body")
def body(run_id: str, exchange: int, side: str) -> ResponseReturnValue:
    """What was recorded of a body or of a part of it, as a download whatever it is."""
    run = run_or_404(run_id)
    number = request.args.get("part", 0, type=int)
    found = run_values.message_of(run, exchange, side, number)
    if found is None:
        abort(404, "This exchange has no body on this side.")
    part = f"-first-{len(found.body)}-bytes" if found.cut else f"-part-{number}" if number else ""
    name = f"run-{run.id}-exchange-{exchange}-{side}{part}.{file_extension(found)}"
    return download(found.body, "application/octet-stream", name)


@blueprint.get("/<run_id>/exchanges/<int:exchange>/<any(request, response):side>/image")
def image(run_id: str, exchange: int, side: str) -> ResponseReturnValue:
    """A body that is an image of pixels, for its preview. Nothing in it can run: its type is given by its bytes."""
    found = run_values.message_of(run_or_404(run_id), exchange, side, request.args.get("part", 0, type=int))
    media = image_type(found) if found is not None else ""
    if found is None or not media:
        abort(404, "This exchange has no image on this side.")
    return Response(found.body, content_type=media, headers={"Content-Security-Policy": "default-src 'none'; sandbox"})


@blueprint.get("/<run_id>/exchanges/<int:exchange>/request")
def request_text(run_id: str, exchange: int) -> ResponseReturnValue:
    """The request as text to copy; masked."""
    found, form = run_values.exchange(run_or_404(run_id), exchange), BY_NAME.get(request.args.get("form", "http"))
    if found is None or form not in formats_of(found):
        abort(404, "This run has no exchange with this number, or a request has no such form.")
    return Response(form.write(found.request).encode("utf-8", "replace"), content_type="text/plain; charset=utf-8")


@blueprint.get("/<run_id>/mends")
@blueprint.get("/<run_id>/mends/<key>")
def fixes_before(run_id: str, key: str = "") -> ResponseReturnValue:
    """The address that suggested fixes had in earlier releases."""
    url = url_for("fixes.show", run_id=run_id, key=key) if key else url_for("fixes.index", run_id=run_id)
    return redirect(f"{url}?{request.query_string.decode('ascii', 'ignore')}", 301)


@blueprint.get("/<run_id>/export")
def export(run_id: str) -> ResponseReturnValue:
    """The run as JSON or as a file to send, or its exchanges or one of them as an HTTP archive; masked."""
    run, only = run_or_404(run_id), request.args.get("exchange", type=int)
    if request.args.get("form") == "html":
        return download(exports.html(run), "text/html; charset=utf-8", f"run-{run.id}-{run.request.name}.html")
    if request.args.get("form", "json") == "har":
        name = f"run-{run.id}.har" if only is None else f"run-{run.id}-exchange-{only}.har"
        return download(exports.har(run, only), "application/json", name)
    return download(exports.as_json(run), "application/json", f"run-{run.id}.json")


def back_to(run_id: str) -> ResponseReturnValue:
    """After a press on a button: the outcome for htmx, else the page that has the button."""
    query = outcome_page.query_of(run_id, request.form)
    if "HX-Request" in request.headers:
        return outcome_page.render(run_or_404(run_id), query)
    return redirect(query.here, 303)


def download(data: bytes, media: str, name: str) -> Response:
    """The data as an attachment: a browser stores it and never renders it on our origin."""
    response = Response(data, content_type=media)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
