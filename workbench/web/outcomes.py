"""Puts a run on a page: reads what is wanted from the request, and hands it to the presenters."""

import time
from collections.abc import Mapping
from typing import TypedDict

from flask import render_template, request, url_for

from workbench.domain import Run
from workbench.store import Store
from workbench.web.links import Links, own_path
from workbench.web.presenters.outcome import OutcomeView, Wanted, matters, pill, present

_LARGEST_CONFIG = 2_000_000


class OutcomeContext(TypedDict):
    """What ``runs/_outcome.html`` is rendered with."""

    outcome: OutcomeView | None
    links: Links | None


NOTHING_RUN: OutcomeContext = {"outcome": None, "links": None}
"""The context of a page on which nothing has been run."""


def context(run: Run, here: str = "", *, busy: bool = False) -> OutcomeContext:
    """The context for a masked ``run`` on the page at the path ``here`` (the run's own page where none is given)."""
    return context_of(run, wanted(run.id, request.args, here), busy=busy)


def context_of(run: Run, asked: Wanted, *, busy: bool = False) -> OutcomeContext:
    """The context for a masked ``run`` and what is wanted of it."""
    view = present(run, asked, time.time(), _config(run, asked), busy=busy)
    return {"outcome": view, "links": Links(run, asked, view.tab)}


def render(run: Run, asked: Wanted, *, busy: bool = False) -> str:
    """The partial, by the one template that all ways to see an outcome share."""
    return render_template("runs/_outcome.html", **context_of(run, asked, busy=busy))


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
    )


def last_status(store: Store, integration_id: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The last outcome of everything an integration has: ``(kind, name)`` to the word and the tone of its dot."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for run in store.list(integration_id=integration_id, limit=500):
        key = (run.request.kind.value, run.request.name)
        if key not in seen:
            last = pill(run)
            seen[key] = (last.text, last.tone)
    return seen


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _config(run: Run, asked: Wanted) -> str:
    """The text of ``config.json`` as it is now, for the tab that shows lines of it; empty where there is none."""
    if (asked.tab or matters(run)) != "validation":
        return ""
    path, root = run.request.root / "config.json", run.request.root
    try:
        if not path.resolve().is_relative_to(root.resolve()) or path.stat().st_size > _LARGEST_CONFIG:
            return ""
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
