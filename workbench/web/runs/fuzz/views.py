"""The replays of a run with odd answers and odd inputs: their page, their start, their end, and one of them opened."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Run, RunState
from workbench.fuzz import FuzzSession
from workbench.web.runs.fuzz import fuzz_page
from workbench.web.runs.views import run_or_404
from workbench.web.services.app_context import app_context
from workbench.web.services.fuzz_sessions import SessionRunning
from workbench.web.ui.run_requests import submit_or_503

blueprint = Blueprint("fuzz", __name__, url_prefix="/runs/<run_id>/fuzz")

_MOMENT = 1.0
"""Seconds for which a page waits for the end of a cancelled session."""


@blueprint.get("")
def show(run_id: str) -> ResponseReturnValue:
    """The findings so far."""
    return fuzz_page.of_run(run_or_404(run_id))


@blueprint.post("")
def start(run_id: str) -> ResponseReturnValue:
    """Replay the variants of a finished run, unless that goes on already."""
    run, begun = _recorded_or_409(run_id), fuzz_page.session_start(request.form)
    try:
        app_context().fuzz.start(run, fuzz_page.chosen_variants(run, begun), begun)
    except SessionRunning as error:
        if error.run_id != run_id:
            abort(409, str(error))
    return redirect(url_for("fuzz.show", run_id=run_id), 303)


@blueprint.post("/cancellation")
def cancel(run_id: str) -> ResponseReturnValue:
    """Start no more replays."""
    if app_context().fuzz.is_waiting(run_id):
        app_context().runner.cancel(run_id)
    else:
        _session_or_404(run_id).cancel()
    app_context().fuzz.wait(run_id, _MOMENT)
    return redirect(url_for("fuzz.show", run_id=run_id), 303)


@blueprint.post("/<int:number>/run")
def run_variant(run_id: str, number: int) -> ResponseReturnValue:
    """Replay one variant as a run like any other."""
    asked = _session_or_404(run_id).request(number)
    if asked is None:
        abort(404, "This variant was not part of the last session. Start it again.")
    return redirect(url_for("runs.show", run_id=submit_or_503(asked).id), 303)


def _session_or_404(run_id: str) -> FuzzSession:
    session = app_context().fuzz.get(run_id)
    if session is None:
        abort(404, "The variants of this run have not been replayed since the workbench was started.")
    return session


def _recorded_or_409(run_id: str) -> Run:
    """The finished run with its secrets; ends the request with a 409 where it cannot be replayed."""
    run = run_or_404(run_id, reveal=True)
    if run.request.pasted or run.request.load_only:
        abort(409, "This run cannot be replayed: no handler was run.")
    if run.outcome.state is not RunState.FINISHED:
        abort(409, "This run has not ended yet. Wait for its end, then try again.")
    return run
