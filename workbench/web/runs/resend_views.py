"""One exchange edited and sent again: the form, and the start of the run."""

from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Exchange, Run
from workbench.web.runs import values
from workbench.web.runs.page_frame import frame
from workbench.web.runs.resend import ResendError, ResendForm, Secrets, resend_request
from workbench.web.runs.views import run_or_404
from workbench.web.services.app_context import app_context
from workbench.web.ui.run_requests import submit_or_503

blueprint = Blueprint("resend", __name__, url_prefix="/runs/<run_id>/exchanges/<int:exchange>/resend")


@blueprint.get("")
def show(run_id: str, exchange: int) -> ResponseReturnValue:
    """The request as a form, its secrets by name."""
    run, found = _exchange_or_404(run_id, exchange)
    return _page(run, found, ResendForm.of(found.request))


@blueprint.post("")
def send(run_id: str, exchange: int) -> ResponseReturnValue:
    """A run that sends what was posted; the form again where it cannot be sent."""
    run, found = _exchange_or_404(run_id, exchange)
    form = ResendForm.parse(request.form)
    secrets = Secrets.of(found.request, partial(app_context().store.secret, run_id))
    try:
        raw = values.exchange(run_or_404(run_id, reveal=True), exchange) or found
        made = submit_or_503(resend_request(form, raw, secrets, run.request.integration_id))
    except ResendError as error:
        return _page(run, found, form, error), 422
    return redirect(url_for("runs.show", run_id=made.id, tab="http"), 303)


def _exchange_or_404(run_id: str, number: int) -> tuple[Run, Exchange]:
    run = run_or_404(run_id)
    found = values.exchange(run, number)
    if found is None or found.library == "grpc":
        abort(404, "This run has no HTTP exchange with this number.")
    return run, found


def _page(run: Run, found: Exchange, form: ResendForm, error: ResendError | None = None) -> str:
    names = sorted(Secrets.of(found.request, lambda name: None).names)
    return render_template(
        "runs/resend.html",
        run=run,
        exchange=found,
        form=form,
        names=names,
        error=error,
        **frame(run, "Edit and resend"),
    )
