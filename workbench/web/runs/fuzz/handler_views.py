"""The tab of a handler that replays it with odd answers and odd inputs; ``run_form`` has its routes."""

from functools import partial

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Kind
from workbench.web.runs.fuzz import fuzz_page
from workbench.web.runs.fuzz.sources import LIVE, RUN, request_or_422
from workbench.web.services.app_context import app_context
from workbench.web.services.fuzz_sessions import SessionRunning
from workbench.web.ui.handler_pages import handler_or_404
from workbench.web.ui.run_requests import submit_or_503


def show(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The last session of the handler, and the form that starts one."""
    integration, handler = handler_or_404(integration_id, kind, name)
    run_id = app_context().fuzz.last_of(integration.id, handler.kind, handler.name)
    return fuzz_page.of_handler(integration, handler, app_context().store.get(run_id) if run_id else None)


def start(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """Replay the variants of a run: of an earlier one, or of one that is made first."""
    integration, handler = handler_or_404(integration_id, kind, name)
    begun, context = fuzz_page.session_start(request.form), app_context()
    source, _, run_id = begun.source.partition(":")
    if source == RUN:
        return redirect(url_for("fuzz.start", run_id=run_id), 307)
    try:
        context.fuzz.check_free()
        made = submit_or_503(request_or_422(integration, handler, begun.source))
        choose = partial(fuzz_page.chosen_variants, begun=begun)
        context.fuzz.start_after(made, context.store, choose, begun=begun, must_succeed=source == LIVE)
    except SessionRunning as error:
        abort(409, str(error))
    return redirect(url_for("fuzz.show", run_id=made.id), 303)
