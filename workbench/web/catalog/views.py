"""The catalog: all integrations, and the field that opens another folder."""

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.catalog import CatalogError, complete_folder
from workbench.web.catalog import card_checks, cards
from workbench.web.services.app_context import app_context
from workbench.web.ui.widgets import Notice

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
    if len(found) == 1:
        return redirect(url_for("integrations.show", integration_id=found[0].integration.id), 303)
    return redirect(url_for("catalog.index"), 303)


@blueprint.get("/checks")
def checks() -> ResponseReturnValue:
    """The status of the cards behind the one called ``after``, for htmx: as many as a moment is enough for."""
    if "HX-Request" not in request.headers:
        return redirect(url_for("catalog.index", checked=1), 303)
    found = card_checks.behind(request.args.get("after", ""), app_context().catalog, app_context().import_checks)
    return render_template("catalog/_checks.html", statuses=found.statuses, checked_to=found.checked_to)


def page(typed: str = "", notice: Notice | None = None) -> str:
    """The page of the catalog, with what was typed and what there is to say about it."""
    context = app_context()
    outlines = context.catalog.outlines()
    everything = "checked" in request.args
    statuses = card_checks.known(outlines, context.catalog, context.import_checks, everything=everything)
    shown = [(each.integration, url_for("integrations.show", integration_id=each.integration.id)) for each in outlines]
    view = cards.catalog_view(shown, statuses, context.catalog.roots)
    echo_url = context.config.echo_url
    return render_template(
        "catalog/index.html", catalog=view, typed=typed, notice=notice, folders=(), echo_url=echo_url
    )
