"""The tests of an integration: listed, replayed, deleted; a run saved as one."""

from dataclasses import replace
from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Integration, Run
from workbench.recordings.files import RecordingFile, delete_recording, find_files, read_recording
from workbench.recordings.from_run import recording_of
from workbench.recordings.recording import Recording, RecordingError
from workbench.testing.replays import ReplayResult, Replays
from workbench.testing.saved_test import CANNOT_ACCEPT, accept_outcome, can_accept, new_test, write_test
from workbench.web.recorded_tests.listing import RecordingView, TestListing, present, recording_view, row
from workbench.web.recorded_tests.noise_change import change_noise, changing_values
from workbench.web.recorded_tests.test_name import suggested_name
from workbench.web.runs.views import run_or_404
from workbench.web.services.app_context import app_context
from workbench.web.services.test_saves import SaveState
from workbench.web.ui.handler_pages import navigate

blueprint = Blueprint("recorded_tests", __name__, url_prefix="/integrations/<integration_id>/tests")

_MOMENT = 1.0
"""Seconds for which the list waits for replays before it is rendered again."""


@blueprint.get("")
def index(integration_id: str) -> ResponseReturnValue:
    """The tests with their last results; for htmx the list alone, once replays have ended or after a moment."""
    integration = app_context().integration_or_404(integration_id)
    if "HX-Request" in request.headers and request.args.get("part") == "list":
        app_context().config.tests.wait(integration_id, _MOMENT)
        listing = _listing(integration)
        return render_template("recorded_tests/_list.html", integration=integration, listing=listing, part=True)
    nav = navigate(integration, page="Tests")
    return render_template("recorded_tests/index.html", integration=integration, listing=_listing(integration), nav=nav)


@blueprint.get("/new")
def new(integration_id: str) -> ResponseReturnValue:
    """The form that saves a run as a test; says why where it cannot be one."""
    run = _run_or_404(integration_id, request.args.get("run", ""))
    return _form(run, suggested_name(run, find_files(run.request.root)))


@blueprint.post("")
def create(integration_id: str) -> ResponseReturnValue:
    """Save a run as a test in the background; the form again, with the reason, where that is not possible."""
    run, name = _run_or_404(integration_id, request.form.get("run", "")), request.form.get("name", "").strip()
    try:
        file, recording = new_test(run, run.request.root, name)
    except RecordingError as error:
        return _form(run, name, str(error)), 422
    config = app_context().config
    work = partial(_written, file, recording)
    config.saves.start(integration_id, file.label, work, config.tests.put, run_id=run.id)
    save = config.saves.wait(integration_id, file.label, _MOMENT)
    if save and save.run_id != run.id:
        return _form(run, name, f"{file.relative} is being saved from another run. Choose another name."), 422
    if save and save.error:
        return _form(run, name, save.error), 422
    return redirect(_page(integration_id, file), 303)


@blueprint.get("/<handler>/<name>")
def show(integration_id: str, handler: str, name: str) -> ResponseReturnValue:
    """One test: what it expects, what is masked and what is noise in it, its last result.

    For htmx once its replays have ended, or after a moment.
    """
    integration, config = app_context().integration_or_404(integration_id), app_context().config
    label, part = f"{handler}/{name}", "HX-Request" in request.headers
    if part:
        config.saves.wait(integration_id, label, _MOMENT)
        if label in config.tests.waiting(integration_id):
            config.tests.wait(integration_id, _MOMENT)
    save = config.saves.get(integration_id, label)  # read before the file, which is there once a save has ended
    if save and save.run_id and _file(integration, handler, name) is None:
        if save.error:
            return _form(run_or_404(save.run_id), name, save.error)
        if save.is_live:
            return _show(integration, RecordingFile(integration.root, handler, name), save, part=part, is_new=True)
    return _show(integration, _file_or_404(integration, handler, name), save, part=part)


def _show(
    integration: Integration, file: RecordingFile, save: SaveState | None, *, part: bool, is_new: bool = False
) -> str:
    tests = app_context().config.tests
    recording, unreadable = (None, "") if is_new else _readable(file)
    result, is_live = tests.results(integration.id).get(file.label), file.label in tests.waiting(integration.id)
    if save and save.is_live:
        test, is_live = replace(row(file, None, is_live=True), state="Saving"), True
    else:
        test = row(file, result, is_live=is_live)
    return render_template(
        "recorded_tests/show.html",
        integration=integration,
        nav=navigate(integration, page="Tests"),
        test=test,
        save=save,
        is_live=is_live,
        is_new=is_new,
        part=part,
        can_accept=result is not None and not is_live and can_accept(result),
        changing=() if is_live else changing_values(result),
        recording=recording,
        unreadable=unreadable,
    )


@blueprint.post("/runs")
def run(integration_id: str) -> ResponseReturnValue:
    """Replay all tests, or the one that the form names."""
    integration = app_context().integration_or_404(integration_id)
    handler, name = request.form.get("handler", ""), request.form.get("name", "")
    files = [_file_or_404(integration, handler, name)] if name else find_files(integration.root)
    app_context().config.tests.start(integration_id, files)
    if name:
        app_context().config.tests.wait(integration_id, _MOMENT)
        return redirect(_page(integration_id, files[0]), 303)
    return redirect(url_for("recorded_tests.index", integration_id=integration_id), 303)


@blueprint.post("/acceptance")
def accept(integration_id: str) -> ResponseReturnValue:
    """Let a test expect what its last replay gave; its file is written in the background."""
    integration, config = app_context().integration_or_404(integration_id), app_context().config
    file, result = _last_result_or_409(integration)
    if not can_accept(result):
        abort(409, CANNOT_ACCEPT)
    config.saves.start(integration_id, file.label, partial(accept_outcome, result), config.tests.put)
    config.saves.wait(integration_id, file.label, _MOMENT)
    return redirect(_page(integration_id, file), 303)


@blueprint.post("/noise")
def noise(integration_id: str) -> ResponseReturnValue:
    """Compare a value of a test by its kind from now on, or exactly again; then replay it."""
    integration = app_context().integration_or_404(integration_id)
    file = _file_or_404(integration, request.form.get("handler", ""), request.form.get("name", ""))
    result = app_context().config.tests.results(integration_id).get(file.label)
    try:
        change_noise(file, result, request.form.get("noise", ""))
    except RecordingError as error:
        abort(409, str(error))
    app_context().config.tests.start(integration_id, [file])
    app_context().config.tests.wait(integration_id, _MOMENT)
    return redirect(_page(integration_id, file), 303)


@blueprint.post("/deletion")
def delete(integration_id: str) -> ResponseReturnValue:
    """Delete a test: its file and those of its bodies."""
    integration = app_context().integration_or_404(integration_id)
    try:
        delete_recording(_file_or_404(integration, request.form.get("handler", ""), request.form.get("name", "")))
    except RecordingError as error:
        abort(409, str(error))
    return redirect(url_for("recorded_tests.index", integration_id=integration_id), 303)


def _written(file: RecordingFile, recording: Recording, replays: Replays) -> ReplayResult:
    return write_test(file, recording, replays).result


def _readable(file: RecordingFile) -> tuple[RecordingView | None, str]:
    """What the file holds, and why it cannot be read."""
    try:
        return recording_view(read_recording(file)), ""
    except RecordingError as error:
        return None, str(error)


def _listing(integration: Integration) -> TestListing:
    tests = app_context().config.tests
    files = find_files(integration.root)
    waiting, progress = tests.waiting(integration.id), tests.progress(integration.id)
    return present(files, tests.results(integration.id), waiting, progress)


def _form(run: Run, name: str, error: str = "") -> str:
    """The page; without its form where the run cannot be a test, whatever its name is."""
    integration = app_context().integration_or_404(run.request.integration_id)
    nav, obstacle = navigate(integration, page="Tests"), _obstacle(run)
    return render_template(
        "recorded_tests/new.html", integration=integration, nav=nav, run=run, name=name, error=error, obstacle=obstacle
    )


def _obstacle(run: Run) -> str:
    try:
        recording_of(run)
    except RecordingError as error:
        return str(error)
    return ""


def _run_or_404(integration_id: str, run_id: str) -> Run:
    run = run_or_404(run_id)
    if run.request.integration_id != integration_id:
        abort(404, "This integration has no such run.")
    return run


def _last_result_or_409(integration: Integration) -> tuple[RecordingFile, ReplayResult]:
    file = _file_or_404(integration, request.form.get("handler", ""), request.form.get("name", ""))
    result = app_context().config.tests.results(integration.id).get(file.label)
    if result is None:
        abort(409, "This test was not run since the workbench started. Run it first.")
    return file, result


def _file_or_404(integration: Integration, handler: str, name: str) -> RecordingFile:
    found = _file(integration, handler, name)
    if found is None:
        abort(404, "Test not found. It was deleted or renamed.")
    return found


def _file(integration: Integration, handler: str, name: str) -> RecordingFile | None:
    """The test with this name, among those in the folder: a name from a URL never becomes a path."""
    return next((one for one in find_files(integration.root) if (one.handler, one.name) == (handler, name)), None)


def _page(integration_id: str, file: RecordingFile) -> str:
    return url_for("recorded_tests.show", integration_id=integration_id, handler=file.handler, name=file.name)
