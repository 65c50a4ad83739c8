"""The settings: the editor that links to code open."""

import os

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.editors import EDITORS, NONE, EditorError, editor_of, find_editor
from workbench.web.services.app_context import app_context
from workbench.web.ui.code_places import chosen_editor
from workbench.web.ui.own_paths import own_path
from workbench.web.ui.widgets import Option

_OWN = "own"
"""The choice of an address that the person types."""

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The page."""
    editor = chosen_editor()
    return _page(editor.name if editor else NONE)


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Remember the editor and go back to the page that led here; the form again where there is no such editor."""
    chosen, address = request.form.get("editor", ""), request.form.get("address", "")
    text = address if chosen == _OWN else chosen
    try:
        find_editor(text)
    except EditorError as error:
        return _page(text, str(error), address), 422
    app_context().config.local_state.choose_editor(text.strip())
    return redirect(own_path(request.form.get("back", ""), url_for("settings.show", saved=1)), 303)


def _page(chosen: str, error: str = "", address: str = "") -> str:
    names = [(NONE, "None: show the line on a page of the workbench")]
    names += [(editor.name, editor.title) for editor in EDITORS]
    known = chosen in dict(names)
    found = editor_of(os.environ)
    return render_template(
        "settings/show.html",
        options=[Option(name, title, name == chosen) for name, title in names],
        own=Option(_OWN, "Another editor, by its address", not known),
        address=address or ("" if known else chosen),
        error=error,
        found=found.title if found else "",
        saved="saved" in request.args and not error,
        back=own_path(request.args.get("back", request.form.get("back", "")), ""),
    )
