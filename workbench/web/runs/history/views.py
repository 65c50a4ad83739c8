"""What is done to the history of runs: a run kept or deleted, and how much is kept."""

from dataclasses import replace
from urllib.parse import parse_qsl

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workbench.history import HistoryArchive
from workbench.web.runs.history import care
from workbench.web.runs.history.run_filter import RunFilter
from workbench.web.services.app_context import app_context

blueprint = Blueprint("history", __name__, url_prefix="/history")


@blueprint.post("/<run_id>/pin")
def pin(run_id: str) -> ResponseReturnValue:
    """Keep a run of the history whatever its age, or no longer."""
    archive_or_404().pin(run_id, pinned=bool(request.form.get("pinned")))
    return _back_to_list()


@blueprint.post("/<run_id>/deletion")
def delete(run_id: str) -> ResponseReturnValue:
    """Delete a run from the history."""
    archive_or_404().delete(run_id)
    return _back_to_list()


@blueprint.post("/deletion")
def delete_found() -> ResponseReturnValue:
    """Delete the runs of a filter from the history."""
    wanted = RunFilter.parse(dict(parse_qsl(request.form.get("filter", ""))))
    archive_or_404().delete_all(replace(wanted, before="").of_history)
    return _back_to_list()


@blueprint.post("/retention")
def retention() -> ResponseReturnValue:
    """Change what the history keeps."""
    archive_or_404().retain(care.parse(request.form))
    return _back_to_list()


def archive_or_404() -> HistoryArchive:
    """The history; ends the request with a 404 where there is none."""
    archive = app_context().config.archive
    if archive is None:
        abort(404, "This workbench keeps no history.")
    return archive


def _back_to_list() -> ResponseReturnValue:
    wanted = RunFilter.parse(dict(parse_qsl(request.form.get("filter", ""))))
    return redirect(f"{url_for('runs.index')}?{wanted.query}".rstrip("?"), 303)
