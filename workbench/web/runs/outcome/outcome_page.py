"""Puts a run on a page: reads the query of the request, and hands it to the presenters."""

import time
from collections.abc import Mapping
from typing import TypedDict

from flask import render_template, request, url_for

from workbench.catalog import WriteError, config_text
from workbench.domain import Run
from workbench.history import EntryFilter
from workbench.web.runs.history.last_runs import SHOWN, History, history
from workbench.web.runs.links import Links
from workbench.web.runs.outcome.outcome_view import OutcomeView, present
from workbench.web.runs.outcome.written_view import WrittenView, written_view
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.reruns.rerun_view import RerunView, rerun_view
from workbench.web.runs.values.validated_value import Around
from workbench.web.services.app_context import app_context
from workbench.web.ui.own_paths import own_path

_COMPARED = 50
"""Runs of the same handler, the newest, with which a verdict and the fixes are compared."""


class OutcomeContext(TypedDict):
    """What ``runs/_outcome.html`` is rendered with."""

    outcome: OutcomeView | None
    links: Links | None
    history: History | None
    written: WrittenView | None
    rerun: RerunView | None


NOTHING_RUN: OutcomeContext = {"outcome": None, "links": None, "history": None, "written": None, "rerun": None}
"""The context of a page on which nothing has been run."""


def context(run: Run, here: str = "") -> OutcomeContext:
    """The context for a masked ``run`` on the page at the path ``here`` (by default the run's own page)."""
    return context_of(run, query_of(run.id, request.args, here))


def context_of(run: Run, query: OutcomeQuery) -> OutcomeContext:
    """The context for a masked ``run`` and what its page shows."""
    view = present(run, query, time.time(), lambda: around(run))
    return {
        "outcome": view,
        "links": Links(run, query, view.tab),
        "history": _history(run, query),
        "written": written_view(run),
        "rerun": rerun_view(run),
    }


def _history(run: Run, query: OutcomeQuery) -> History | None:
    """The last runs of the same handler; none for an import, which ran no handler."""
    asked = run.request
    if asked.load_only:
        return None
    kind, name = asked.kind, asked.name
    context = app_context()
    runs = context.store.list(integration_id=asked.integration_id, kind=kind, name=name, limit=SHOWN)
    wanted, archive = EntryFilter(asked.integration_id, kind, name), context.config.archive
    kept = archive.recent(wanted, SHOWN) if archive and len(runs) < SHOWN else ()
    is_run_page = query.here.partition("?")[0] == url_for("runs.show", run_id=run.id)
    return history(run, runs, kept, is_run_page=is_run_page, tab=query.tab)


def render(run: Run, query: OutcomeQuery) -> str:
    """The partial, by the one template that all ways to see an outcome share."""
    return render_template("runs/_outcome.html", **context_of(run, query))


def render_latest(run_id: str, query: OutcomeQuery) -> str | None:
    """The partial of the run as it is now; None where the store has dropped it."""
    run = app_context().store.get(run_id)
    return render(run, query) if run else None


def query_of(run_id: str, args: Mapping[str, str], here: str = "") -> OutcomeQuery:
    """What the parameters select of a run, on the page ``here`` or the one that they name (else the run's own)."""
    return OutcomeQuery.parse(args, own_path(here or args.get("here", ""), url_for("runs.show", run_id=run_id)))


def around(run: Run) -> Around:
    """``config.json`` as it is now, and the runs with which a verdict or a fix is compared."""
    asked, store = run.request, app_context().store
    others = store.list(integration_id=asked.integration_id, kind=asked.kind, name=asked.name, limit=_COMPARED)
    try:
        text = config_text(asked.root)
    except WriteError:
        return Around(runs=others)
    return Around(text, asked.config_digest, others)
