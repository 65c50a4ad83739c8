"""The frame of a page about a run: the navigation of its integration with its handler selected, and the way to it."""

from dataclasses import replace
from typing import TypedDict

from flask import url_for

from workbench.domain import Integration, Run
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import navigate, url_of
from workbench.web.ui.handlers import find
from workbench.web.ui.navigation import Navigation


class Frame(TypedDict):
    """What ``ui/shell.html`` is rendered with; no navigation where the integration's folder is no longer open."""

    integration: Integration | None
    nav: Navigation | None
    crumbs: tuple[tuple[str, str], ...]


def frame(run: Run, title: str = "") -> Frame:
    """The frame of the run's own page, or of the page ``title`` below it."""
    asked = run.request
    own = url_for("runs.show", run_id=run.id)
    steps = ((f"run {run.id}", own if title else ""), *(((title, ""),) if title else ()))
    integration = app_context().catalog.get(asked.integration_id)
    if integration is None:
        return Frame(integration=None, nav=None, crumbs=(("Runs", url_for("runs.index")), *steps))
    handler = None if asked.load_only else find(integration, asked.kind, asked.name)
    way = [(integration.name, url_for("integrations.show", integration_id=integration.id))]
    way += [(handler.name or "(empty name)", url_of(integration, handler))] if handler else []
    nav = navigate(integration, handler)
    if handler is None:
        nav = replace(nav, overview=replace(nav.overview, current=False))
    return Frame(integration=integration, nav=nav, crumbs=(*way, *steps))
