"""The page of a fuzz session, as a tab of its handler or below a run whose handler is gone."""

from collections.abc import Mapping
from typing import Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Integration, Run
from workbench.fuzz import Variant, choose, variants_of
from workbench.web.runs.fuzz.fuzz_view import FuzzView, present
from workbench.web.runs.fuzz.sources import options
from workbench.web.runs.page_frame import frame
from workbench.web.services.app_context import app_context
from workbench.web.services.fuzz_sessions import SessionStart
from workbench.web.ui.handler_pages import navigate, url_of
from workbench.web.ui.handlers import Handler, find

_MOMENT: Final = 1.0
"""Seconds for which a page waits for the end of a session before it is rendered again."""
_LARGEST: Final = 2_000


def of_run(run: Run) -> ResponseReturnValue:
    """The page of the session of a run."""
    asked = run.request
    integration = app_context().catalog.get(asked.integration_id)
    handler = find(integration, asked.kind, asked.name) if integration else None
    if integration and handler:
        return of_handler(integration, handler, run)
    return _page(run, url_for("fuzz.start", run_id=run.id), frame(run, "Fuzz"))


def of_handler(integration: Integration, handler: Handler, run: Run | None) -> ResponseReturnValue:
    """The tab of a handler with the session of ``run``, one of its runs."""
    start = url_of(integration, handler, "start_fuzz")
    chosen = (app_context().fuzz.begun(run.id).source or f"run:{run.id}") if run else ""
    more = {
        "handler": handler,
        "integration": integration,
        "nav": navigate(integration, handler),
        "sources": options(integration, handler, chosen),
    }
    return _page(run, start, more)


def session_start(form: Mapping[str, str]) -> SessionStart:
    """What a form says; a number that is none has its default."""
    default = SessionStart()
    most = _number(form.get("max", ""), default.most, _LARGEST)
    return SessionStart(form.get("source", ""), max(most, 1), _number(form.get("seed", ""), default.seed, 10**9))


def chosen_variants(run: Run, begun: SessionStart) -> list[Variant]:
    """The variants of a run as a form asked for them."""
    return choose(variants_of(run), begun.most, begun.seed)


def _page(run: Run | None, start: str, more: Mapping[str, object]) -> ResponseReturnValue:
    """The whole page; for htmx the findings alone, once the session has ended or after a moment."""
    sessions, begun = app_context().fuzz, SessionStart()
    is_part = "HX-Request" in request.headers
    if is_part and run is not None:
        sessions.wait(run.id, _MOMENT)
        run = app_context().store.get(run.id) or run  # it may have ended meanwhile
    begun = sessions.begun(run.id) if run is not None else begun
    view = _view(run) if run else None
    other = sessions.running if run is None or sessions.running != run.id else ""
    template = "runs/fuzz/_findings.html" if is_part else "runs/fuzz/fuzz.html"
    shown = {"run": run, "fuzz": view, "start": start, "begun": begun, "other": other, "part": is_part}
    return render_template(template, **shown, **more)


def _view(run: Run) -> FuzzView | None:
    sessions = app_context().fuzz
    is_waiting, is_made = sessions.is_waiting(run.id), bool(sessions.begun(run.id).source)
    return present(run, sessions.get(run.id), is_waiting=is_waiting, is_made=is_made)


def _number(text: str, otherwise: int, largest: int) -> int:
    return min(int(text), largest) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
