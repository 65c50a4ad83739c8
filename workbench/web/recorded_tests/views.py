"""The tests of an integration: listed, replayed, deleted; a run saved as one."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import Integration, Run
from workbench.recordings.files import RecordingFile, delete_recording, find_files, read_recording
from workbench.recordings.from_run import recording_of
from workbench.recordings.recording import RecordingError
from workbench.testing.replays import ReplayResult, Replays
from workbench.testing.saved_test import accept_outcome, can_accept, save_test
from workbench.web.recorded_tests.listing import TestListing, present, recording_view, row
from workbench.web.recorded_tests.noise_change import change_noise, changing_values
from workbench.web.recorded_tests.test_name import suggested_name
from workbench.web.runs.views import run_or_404
from workbench.web.services.app_context import app_context
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
    """Save a run as a test; the form again, with the reason, where that is not possible."""
    run, name = _run_or_404(integration_id, request.form.get("run", "")), request.form.get("name", "").strip()
    try:
        saved = save_test(run, run.request.root, name)
    except RecordingError as error:
        return _form(run, name, str(error)), 422
    app_context().config.tests.put(integration_id, saved.result)
    return redirect(_page(integration_id, saved.file), 303)


@blueprint.get("/<handler>/<name>")
def show(integration_id: str, handler: str, name: str) -> ResponseReturnValue:
    """One test: what it expects, what is masked and what is noise in it, its last result."""
    integration = app_context().integration_or_404(integration_id)
    file, tests = _file_or_404(integration, handler, name), app_context().config.tests
    try:
        recording, unreadable = recording_view(read_recording(file)), ""
    except RecordingError as error:
        recording, unreadable = None, str(error)
    is_live = file.label in tests.waiting(integration_id)
    result = tests.results(integration_id).get(file.label)
    return render_template(
        "recorded_tests/show.html",
        integration=integration,
        nav=navigate(integration, page="Tests"),
        test=row(file, result, is_live=is_live),
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
        app_context().config.tests.wait(integration_id, 10 * _MOMENT)
        return redirect(_page(integration_id, files[0]), 303)
    return redirect(url_for("recorded_tests.index", integration_id=integration_id), 303)


@blueprint.post("/acceptance")
def accept(integration_id: str) -> ResponseReturnValue:
    """Let a test expect what its last replay gave."""
    integration = app_context().integration_or_404(integration_id)
    file, result = _last_result_or_409(integration)
    try:
        with Replays(1, forks=False) as replays:
            app_context().config.tests.put(integration_id, accept_outcome(result, replays))
    except RecordingError as error:
        abort(409, str(error))
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
    app_context().config.tests.wait(integration_id, 10 * _MOMENT)
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
    """The test with this name, among those in the folder: a name from a URL never becomes a path."""
    found = next((one for one in find_files(integration.root) if (one.handler, one.name) == (handler, name)), None)
    if found is None:
        abort(404, "Test not found. It was deleted or renamed.")
    return found


def _page(integration_id: str, file: RecordingFile) -> str:
    return url_for("recorded_tests.show", integration_id=integration_id, handler=file.handler, name=file.name)
