"""One exchange edited and sent again: the form, its buttons, and the answer beside it."""

from dataclasses import replace
from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.comparison import ExchangePart, exchange_pair
from workbench.domain import Exchange, Kind, Run, RunState
from workbench.web.runs.comparison.comparison_view import PairView, pair_view
from workbench.web.runs.outcome import outcome_page
from workbench.web.runs.page_frame import frame
from workbench.web.runs.request_code.formats import formats_of
from workbench.web.runs.resend.error import ResendError
from workbench.web.runs.resend.files import FileShelf, with_files
from workbench.web.runs.resend.form import MOST_ROWS, BodyKind, ResendForm
from workbench.web.runs.resend.sent_request import Secrets, resend_request
from workbench.web.runs.values import run_values
from workbench.web.runs.views import run_or_404
from workbench.web.services.app_context import app_context
from workbench.web.services.request_files import LARGEST
from workbench.web.ui.run_requests import submit_or_503
from workbench.web.ui.widgets import Option

blueprint = Blueprint("resend", __name__, url_prefix="/runs/<run_id>/exchanges/<int:exchange>/resend")
_MOMENT = 1.0
"""Seconds for which a page waits for the answer, so that it can be compared at once."""
_DIFFERENCES = (
    ExchangePart.FAILURE,
    ExchangePart.STATUS,
    ExchangePart.RESPONSE_BODY,
    ExchangePart.RESPONSE_HEADERS,
    ExchangePart.RESPONSE_TRAILERS,
    ExchangePart.METHOD,
    ExchangePart.URL,
    ExchangePart.REQUEST_HEADERS,
    ExchangePart.REQUEST_BODY,
)
"""In the order in which they are shown; without a response the first two are."""
_KINDS = {
    BodyKind.NONE: "None",
    BodyKind.JSON: "JSON",
    BodyKind.FORM: "Form",
    BodyKind.MULTIPART: "Multipart",
    BodyKind.TEXT: "Text",
    BodyKind.FILE: "File",
    BodyKind.RECORDED: "As recorded",
}


@blueprint.get("")
def show(run_id: str, exchange: int) -> ResponseReturnValue:
    """The request as a form, its secrets by name; what was typed and the answer, where it was sent before."""
    run, found = _exchange_or_404(run_id, exchange)
    drafts, token = app_context().drafts, request.args.get("typed", "")
    typed = drafts.get(run.request.integration_id, token, ResendForm)
    return _page(run, found, typed or ResendForm.of(found.request), request.args.get("sent", ""))


@blueprint.post("/form")
def edit(run_id: str, exchange: int) -> ResponseReturnValue:
    """The form after one of its buttons added or removed a row, or chose another kind of body."""
    run, found = _exchange_or_404(run_id, exchange)
    form, error = with_files(ResendForm.parse(request.form), request.files, _shelf(run))
    made = form.edit(request.form.get("op", ""))
    return _page(run, found, made, request.form.get("sent", ""), error), 422 if error else 200


@blueprint.post("")
def send(run_id: str, exchange: int) -> ResponseReturnValue:
    """A run that sends what was posted, or the request as it was captured; the form again where it cannot be sent."""
    run, found = _exchange_or_404(run_id, exchange)
    form, error = ResendForm.of(found.request), None
    if "method" in request.form:
        form, error = with_files(ResendForm.parse(request.form), request.files, _shelf(run))
    if error is not None:
        return _page(run, found, form, request.form.get("sent", ""), error), 422
    raw = run_values.exchange(run_or_404(run_id, reveal=True), exchange) or found
    secrets = Secrets.of(found.request, partial(app_context().store.secret, run_id), raw.request)
    try:
        captured = ResendForm.of(found.request)
        made = submit_or_503(resend_request(form, captured, raw, secrets, _shelf(run)))
    except ResendError as error:
        return _page(run, found, form, request.form.get("sent", ""), error), 422
    app_context().store.wait_finished(made.id, _MOMENT)
    typed = app_context().drafts.put(run.request.integration_id, form)
    return redirect(url_for("resend.show", run_id=run_id, exchange=exchange, sent=made.id, typed=typed), 303)


def _shelf(run: Run) -> FileShelf:
    return FileShelf(app_context().request_files, run.request.integration_id)


def _exchange_or_404(run_id: str, number: int) -> tuple[Run, Exchange]:
    run = run_or_404(run_id)
    found = run_values.exchange(run, number)
    if found is None or not formats_of(found):
        abort(404, "This run has no HTTP exchange with this number.")
    return run, found


def _page(run: Run, found: Exchange, form: ResendForm, sent_id: str, error: ResendError | None = None) -> str:
    names = sorted(Secrets.of(found.request, lambda name: None).names)
    kinds = [each for each in _KINDS if each is not BodyKind.RECORDED or form.kind is each or _is_binary(found)]
    sent = _sent(run, sent_id)
    here = request.full_path if request.method == "GET" else request.path.removesuffix("/form")
    shown = {"tab": "http", "exchange": "1"} | request.args.to_dict()
    outcome = (
        outcome_page.context_of(sent, outcome_page.query_of(sent.id, shown, here)) if sent else outcome_page.NOTHING_RUN
    )
    return render_template(
        "runs/resend.html",
        run=run,
        exchange=found,
        form=form,
        names=names,
        has_secrets=app_context().store.holds(run.id),
        largest=LARGEST,
        most_rows=MOST_ROWS,
        kinds=[Option(each.value, _KINDS[each], each is form.kind) for each in kinds],
        sent=sent,
        error=error,
        difference=_difference(found, sent) if sent else None,
        **frame(run, "Edit and resend"),
        **outcome,
    )


@blueprint.get("/difference")
def difference(run_id: str, exchange: int) -> ResponseReturnValue:
    """What differs between the exchange and the one that was sent, once that has ended or after a moment."""
    run, found = _exchange_or_404(run_id, exchange)
    sent_id = request.args.get("sent", "")[:40]
    if app_context().store.holds(sent_id):
        app_context().store.wait_finished(sent_id, _MOMENT)
    sent = _sent(run, sent_id)
    if sent is None:
        abort(404, "The run that resent the request was not found. It may have been deleted.")
    return render_template(
        "runs/_resend_difference.html", run=run, exchange=found, sent=sent, difference=_difference(found, sent)
    )


def _sent(run: Run, sent_id: str) -> Run | None:
    """The run that sent a request of the same integration; None where that id is of another run, or of none."""
    sent = app_context().store.get(sent_id[:40]) if sent_id else None
    is_one = sent and sent.request.kind is Kind.REQUEST and sent.request.integration_id == run.request.integration_id
    return sent if is_one else None


def _difference(found: Exchange, sent: Run) -> PairView | None:
    """Both exchanges side by side; None while the second is under way."""
    if sent.outcome.state is not RunState.FINISHED or not sent.outcome.exchanges:
        return None
    pair = exchange_pair(found, sent.outcome.exchanges[0])
    shown = _DIFFERENCES if pair.second and pair.second.response else _DIFFERENCES[:2]
    parts = sorted((one for one in pair.parts if one.part in shown), key=lambda one: shown.index(one.part))
    return pair_view(replace(pair, parts=tuple(parts)))


def _is_binary(found: Exchange) -> bool:
    return ResendForm.of(found.request).kind in (BodyKind.RECORDED, BodyKind.MULTIPART)
