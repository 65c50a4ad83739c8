"""The replays of a run with odd answers and odd inputs: their page, their start, their end, and one of them opened."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Run, RunState
from workbench.fuzz import FuzzSession, choose, variants_of
from workbench.web.runs.fuzz.fuzz_view import present
from workbench.web.runs.page_frame import frame
from workbench.web.runs.views import run_or_404
from workbench.web.services.app_context import app_context
from workbench.web.services.fuzz_sessions import SessionRunning
from workbench.web.ui.run_requests import submit_or_503

blueprint = Blueprint("fuzz", __name__, url_prefix="/runs/<run_id>/fuzz")

_MOST = 200
"""Replays of one session."""

_MOMENT = 1.0
"""Seconds for which a page waits for the end of a session before it is rendered again."""


@blueprint.get("")
def show(run_id: str) -> ResponseReturnValue:
    """The findings so far; for htmx the part alone, once the session has ended or after a moment."""
    run, session = run_or_404(run_id), app_context().fuzz.get(run_id)
    is_part = "HX-Request" in request.headers
    if is_part and session is not None:
        session.wait(_MOMENT)
    template = "runs/fuzz/_findings.html" if is_part else "runs/fuzz/fuzz.html"
    return render_template(template, run=run, fuzz=present(session) if session else None, **frame(run, "Fuzz"))


@blueprint.post("")
def start(run_id: str) -> ResponseReturnValue:
    """Replay the variants of a finished run, unless that goes on already."""
    run = _recorded_or_409(run_id)
    try:
        app_context().fuzz.start(run, choose(variants_of(run), _MOST, _seed()))
    except SessionRunning as error:
        if error.run_id != run_id:
            abort(409, str(error))
    return redirect(url_for("fuzz.show", run_id=run_id), 303)


@blueprint.post("/cancellation")
def cancel(run_id: str) -> ResponseReturnValue:
    """Start no more replays."""
    session = _session_or_404(run_id)
    session.cancel()
    session.wait(_MOMENT)
    return redirect(url_for("fuzz.show", run_id=run_id), 303)


@blueprint.post("/<int:number>/run")
def run_variant(run_id: str, number: int) -> ResponseReturnValue:
    """Replay one variant as a run like any other."""
    asked = _session_or_404(run_id).request(number)
    if asked is None:
        abort(404, "This variant was not part of the last session. Start it again.")
    return redirect(url_for("runs.show", run_id=submit_or_503(asked).id), 303)


def _seed() -> int:
    text = request.form.get("seed", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


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
