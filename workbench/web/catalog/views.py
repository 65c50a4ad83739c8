"""The catalog: all integrations, and the field that opens another folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.catalog import CatalogError, complete_folder
from workbench.domain import Integration
from workbench.local_state import Layout
from workbench.web.catalog import card_checks, cards, handler_search
from workbench.web.catalog.last_runs import last_runs
from workbench.web.catalog.recent_folders import offers
from workbench.web.catalog.status_filter import standing_links, standing_of
from workbench.web.services.app_context import app_context
from workbench.web.ui.folder_labels import folder_labels
from workbench.web.ui.widgets import Notice

_RUNS = 500

blueprint = Blueprint("catalog", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The cards."""
    return page()


@blueprint.get("/folders")
def complete() -> ResponseReturnValue:
    """The folders whose path begins with what was typed."""
    return render_template("catalog/_completions.html", folders=complete_folder(request.args.get("path", "")))


@blueprint.post("/folders")
def open_folder() -> ResponseReturnValue:
    """Open a folder, and go to its integration where it holds just one."""
    typed = request.form.get("path", "").strip()
    if not typed:
        return page("", Notice("Enter the path of a folder that contains one or more integrations.", "bad")), 422
    try:
        found = app_context().catalog.open(Path(typed))
    except CatalogError as error:
        return page(typed, Notice(str(error), "bad")), 422
    root = found[0].integration.root
    app_context().config.local_state.remember([root if len(found) == 1 else root.parent])
    if len(found) == 1:
        return redirect(url_for("integrations.show", integration_id=found[0].integration.id), 303)
    return redirect(url_for("catalog.index"), 303)


@blueprint.post("/folders/removal")
def remove_folder() -> ResponseReturnValue:
    """Take a folder off the list of recent ones."""
    app_context().config.local_state.forget(request.form.get("path", ""))
    return redirect(url_for("catalog.index"), 303)


@blueprint.post("/layout")
def choose_layout() -> ResponseReturnValue:
    """Remember whether the integrations are cards or a list."""
    chosen = request.form.get("layout", "")
    if chosen in tuple(Layout):
        app_context().config.local_state.choose(Layout(chosen))
    return redirect(url_for("catalog.index"), 303)


@blueprint.get("/handlers")
def find_handlers() -> ResponseReturnValue:
    """The actions and triggers that have the typed words, for htmx."""
    typed = request.args.get("q", "")
    if "HX-Request" not in request.headers:
        return redirect(url_for("catalog.index", q=typed or None), 303)
    return render_template("catalog/_handlers.html", matches=handler_search.search(typed, _integrations()))


@blueprint.get("/checks")
def checks() -> ResponseReturnValue:
    """The status of the cards behind the one called ``after``, for htmx: as many as a moment is enough for."""
    if "HX-Request" not in request.headers:
        return redirect(url_for("catalog.index", checked=1), 303)
    found = card_checks.behind(request.args.get("after", ""), app_context().catalog, app_context().import_checks)
    standings = standing_links(_view(everything=True).cards, None) if found.checked_to is None else ()
    return render_template(
        "catalog/_checks.html", statuses=found.statuses, checked_to=found.checked_to, standings=standings
    )


def page(typed: str = "", notice: Notice | None = None) -> str:
    """The page of the catalog, with what was typed and what there is to say about it."""
    context, state, words = app_context(), app_context().config.local_state, request.args.get("q", "")
    standing = standing_of(request.args.get("status", ""))
    view = _view(everything="checked" in request.args or standing is not None)
    return render_template(
        "catalog/index.html",
        catalog=replace(view, cards=tuple(filter(standing.holds, view.cards))) if standing else view,
        standings=standing_links(view.cards, standing),
        standing=standing,
        matches=handler_search.search(words, _integrations()),
        typed_words=words,
        recent=offers(state.folders, context.catalog.roots),
        typed=typed,
        notice=notice,
        folders=(),
        echo_url=context.config.echo_url,
    )


def _view(*, everything: bool) -> cards.CatalogView:
    """All cards; ``everything``: with the status of each, however long that takes."""
    context = app_context()
    archive, outlines = context.config.archive, context.catalog.outlines()
    known = cards.Known(
        card_checks.known(outlines, context.catalog, context.import_checks, everything=everything),
        last_runs(context.store.list(limit=_RUNS), archive.latest() if archive else ()),
        folder_labels(outline.integration for outline in outlines),
    )
    shown = [(each.integration, url_for("integrations.show", integration_id=each.integration.id)) for each in outlines]
    return cards.catalog_view(shown, known, context.catalog.roots, context.config.local_state.layout)


def _integrations() -> Iterator[Integration]:
    return (outline.integration for outline in app_context().catalog.outlines())
