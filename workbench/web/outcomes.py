"""Puts a run on a page: reads what is wanted from the request, and hands it to the presenters."""

import time
from collections.abc import Mapping
from typing import TypedDict

from flask import render_template, request, url_for

from workbench.catalog import WriteRefused, config_text
from workbench.domain import Run
from workbench.store import Store
from workbench.web.links import Links, own_path
from workbench.web.presenters.outcome import OutcomeView, Wanted, pill, present
from workbench.web.presenters.subject import Around
from workbench.web.state import bench

_LONGEST_POINTER = 4_000
_HELD_AGAINST = 50
"""Runs of the same handler, the newest, that verdicts and mends are held against."""


class OutcomeContext(TypedDict):
    """What ``runs/_outcome.html`` is rendered with."""

    outcome: OutcomeView | None
    links: Links | None


NOTHING_RUN: OutcomeContext = {"outcome": None, "links": None}
"""The context of a page on which nothing has been run."""


def context(run: Run, here: str = "") -> OutcomeContext:
    """The context for a masked ``run`` on the page at the path ``here`` (the run's own page where none is given)."""
    return context_of(run, wanted(run.id, request.args, here))


def context_of(run: Run, asked: Wanted) -> OutcomeContext:
    """The context for a masked ``run`` and what is wanted of it."""
    view = present(run, asked, time.time(), lambda: around(run))
    return {"outcome": view, "links": Links(run, asked, view.tab)}


def render(run: Run, asked: Wanted) -> str:
    """The partial, by the one template that all ways to see an outcome share."""
    return render_template("runs/_outcome.html", **context_of(run, asked))


def wanted(run_id: str, args: Mapping[str, str], here: str = "") -> Wanted:
    """What the parameters ask of a run; what makes no sense asks nothing."""
    page = url_for("runs.show", run_id=run_id)
    return Wanted(
        here=own_path(here or args.get("here", ""), page),
        tab=args.get("tab", "")[:20],
        exchange=_number(args.get("exchange", "")),
        fault=_number(args.get("fault", "")),
        raw=args.get("raw", "")[:20],
        source=args.get("source", "")[:20],
        warning=_number(args.get("warning", "")),
        where=args.get("where", "")[:20],
        at=_pointer(args.get("at", "")),
        rule=_pointer(args.get("rule", "")),
    )


def last_status(store: Store, integration_id: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The last outcome of everything an integration has: ``(kind, name)`` to the word and the tone of its dot."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for run in store.list(integration_id=integration_id, limit=500):
        key = (run.request.kind.value, run.request.name)
        if key not in seen and not run.request.pasted:
            last = pill(run)
            seen[key] = (last.text, last.tone)
    return seen


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _pointer(text: str) -> str:
    """A JSON Pointer behind ``#``, or nothing."""
    return text if len(text) < _LONGEST_POINTER and (text == "#" or text.startswith("#/")) else ""


def around(run: Run) -> Around:
    """``config.json`` as it is now, and the runs that a verdict or a mend is held against."""
    asked, store = run.request, bench().store
    others = store.list(integration_id=asked.integration_id, kind=asked.kind, name=asked.name, limit=_HELD_AGAINST)
    try:
        text = config_text(asked.root)
    except WriteRefused:
        return Around(runs=others)
    return Around(text, asked.config_digest, others)
