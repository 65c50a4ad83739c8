"""Links to places of code: into the person's editor where one is chosen, else to the page that shows the file."""

import os
from pathlib import Path

from flask import Flask, url_for

from workbench.editors import Editor, EditorError, editor_of, find_editor
from workbench.web.services.app_context import app_context
from workbench.web.services.source_files import is_shown


def chosen_editor() -> Editor | None:
    """The editor that was chosen, else the one that the environment names; None for the workbench's own pages."""
    chosen = app_context().config.local_state.editor
    if chosen is None:
        return editor_of(os.environ)
    try:
        return find_editor(chosen)
    except EditorError:
        return None


def code_url(integration_id: str, root: Path, path: str, line: int | None = None, column: int | None = None) -> str:
    """The link to a line of a file below ``root``, the integration's folder; empty where it is none of its files."""
    if not is_shown(root, path):
        return ""
    if editor := chosen_editor():
        return editor.url((root / path).resolve(), line or 1, column or 1)
    return page_url(integration_id, path, line)


def page_url(integration_id: str, path: str, line: int | None = None) -> str:
    """The page that shows a line of a file."""
    anchor = f"L{line}" if line else None
    return url_for("integrations.file", integration_id=integration_id, path=path, line=line, _anchor=anchor)


def install(app: Flask) -> None:
    """Give the templates ``code_url`` and ``chosen_editor``."""
    app.jinja_env.globals.update(code_url=code_url, chosen_editor=chosen_editor)
