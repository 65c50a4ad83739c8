"""Puts a run on a page: reads what is wanted from the request and the sources from disk, and hands both on."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from flask import render_template, request, url_for

from workbench.domain import Run
from workbench.store import Store
from workbench.web.links import Links, own_path
from workbench.web.presenters import source
from workbench.web.presenters.outcome import CONFIG, OutcomeView, Wanted, matters, pill, present

_LARGEST_SOURCE = 2_000_000


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
    view = present(run, asked, time.time(), _texts(run, asked), busy=busy)
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


def _texts(run: Run, asked: Wanted) -> dict[str, str]:
    """The files that the open tab shows lines of."""
    tab = asked.tab or matters(run)
    wanted_files = source.files(run.outcome)[:20] if tab == "handler" else (CONFIG,) if tab == "validation" else ()
    read = ((file, read_inside(run.request.root, file)) for file in wanted_files)
    return {file: text for file, text in read if text is not None}


def read_inside(root: Path, file: str) -> str | None:
    """The text of a Python file or of ``config.json`` inside ``root``, links followed.

    None where it is elsewhere, too large, of another kind or gone.
    """
    try:
        path = (root / file).resolve()
        if not path.is_relative_to(root.resolve()) or not (path.suffix == ".py" or path.name == CONFIG):
            return None
        return path.read_text("utf-8", "replace") if path.stat().st_size <= _LARGEST_SOURCE else None
    except (OSError, ValueError):
        return None
