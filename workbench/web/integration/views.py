"""An integration: its overview, its check, its files and its icon."""

import time

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.catalog import WriteError
from workbench.domain import Integration, Kind
from workbench.events.redactor import Redactor
from workbench.explain.installation import not_started
from workbench.installer import FolderBusy, NoInstallTool
from workbench.runner import RunnerBusy, RunnerClosed
from workbench.web.integration import icons, import_result
from workbench.web.integration.contract_changes import contract_changes
from workbench.web.integration.file_view import file_view
from workbench.web.integration.overview import Overview, overview
from workbench.web.integration.requirements_view import RequirementsView, requirements_view
from workbench.web.runs.outcome.written_view import last_written
from workbench.web.services import source_files
from workbench.web.services.app_context import app_context
from workbench.web.ui import code_places, config_state
from workbench.web.ui.handler_pages import groups_of, navigate

blueprint = Blueprint("integrations", __name__, url_prefix="/integrations/<integration_id>")

_MOMENT = 1.0
"""Seconds for which a page waits for an import before it shows how that stands."""


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """What the folder declares, and what is wrong with it."""
    integration = app_context().integration_or_404(integration_id)
    nav = navigate(integration)
    return render_template(
        "integration/show.html",
        integration=integration,
        overview=_overview(integration),
        requirements=_requirements_view(integration),
        written=last_written(integration.root),
        nav=nav,
    )


@blueprint.post("/undo")
def undo(integration_id: str) -> ResponseReturnValue:
    """Put ``config.json`` back as it was before the workbench's last change; a 409 where that is not possible."""
    integration = app_context().integration_or_404(integration_id)
    try:
        app_context().writes.undo(integration.root)
    except WriteError as error:
        abort(409, str(error))
    return redirect(url_for("integrations.show", integration_id=integration_id), 303)


@blueprint.get("/findings")
def findings(integration_id: str) -> ResponseReturnValue:
    """The findings alone, for htmx, once a running import has ended, or after a moment."""
    integration = app_context().integration_or_404(integration_id)
    if "HX-Request" not in request.headers:
        return redirect(url_for("integrations.show", integration_id=integration_id, _anchor="findings"), 303)
    app_context().import_checks.wait(integration, _MOMENT)
    return _findings(integration)


@blueprint.get("/config-state")
def state(integration_id: str) -> ResponseReturnValue:
    """Whether ``config.json`` can be read now: a part of every page of the integration, for its script."""
    integration = app_context().integration_or_404(integration_id)
    return render_template("ui/_config_state.html", integration=integration, config=config_state.of(integration))


@blueprint.get("/changes")
def changes(integration_id: str) -> ResponseReturnValue:
    """What the edits since the last commit mean for users, of one handler or of all: a part of pages."""
    integration = app_context().integration_or_404(integration_id)
    name, kind = request.args.get("name", ""), request.args.get("kind", "", type=str)
    of = Kind(kind) if kind in tuple(Kind) else None
    contract = contract_changes(integration, of, name)
    return render_template(
        "integration/_contract_changes.html", integration=integration, contract=contract, folded=of is not None
    )


@blueprint.get("/installation")
def installation(integration_id: str) -> ResponseReturnValue:
    """The requirements alone, for htmx, once a running installation has ended, or after a moment."""
    integration = app_context().integration_or_404(integration_id)
    if "HX-Request" not in request.headers:
        return _to_requirements(integration_id)
    app_context().config.installs.wait(integration, _MOMENT)
    return _requirements(integration)


@blueprint.post("/installation")
def install(integration_id: str) -> ResponseReturnValue:
    """Install the requirements into ``dependencies/``."""
    integration = app_context().integration_or_404(integration_id)
    try:
        app_context().config.installs.start(integration)
    except (FolderBusy, NoInstallTool, OSError) as error:
        abort(503, not_started(error))
    return _requirements(integration)


@blueprint.post("/installation/cancellation")
def cancel_installation(integration_id: str) -> ResponseReturnValue:
    """End the installation; ``dependencies/`` stays as it was."""
    integration = app_context().integration_or_404(integration_id)
    app_context().config.installs.cancel(integration)
    app_context().config.installs.wait(integration, _MOMENT)
    return _requirements(integration)


def _requirements(integration: Integration) -> ResponseReturnValue:
    if "HX-Request" not in request.headers:
        return _to_requirements(integration.id)
    current = app_context().integration_or_404(integration.id)
    view = _requirements_view(current)
    return render_template("integration/_requirements.html", integration=current, requirements=view, part=True)


def _requirements_view(integration: Integration) -> RequirementsView:
    return requirements_view(integration, app_context().config.installs.progress(integration))


def _to_requirements(integration_id: str) -> ResponseReturnValue:
    return redirect(url_for("integrations.show", integration_id=integration_id, _anchor="requirements"), 303)


@blueprint.post("/import-checks")
def check_import(integration_id: str) -> ResponseReturnValue:
    """Import the code in a worker, to hold what it registers against what is declared. Calls no handler."""
    integration = app_context().integration_or_404(integration_id)
    try:
        app_context().import_checks.start(integration, app_context().vault.get(integration.id))
    except (RunnerBusy, RunnerClosed) as error:
        abort(503, str(error))
    if "HX-Request" not in request.headers:
        return redirect(url_for("integrations.show", integration_id=integration_id, _anchor="findings"), 303)
    return _findings(integration)


def _findings(integration: Integration) -> str:
    return render_template(
        "integration/_findings.html", integration=integration, overview=_overview(integration), part=True
    )


def _overview(integration: Integration) -> Overview:
    checked = app_context().import_checks.checked(integration)
    last_import = import_result.present(
        integration.entry_point, checked.possible, checked.load, checked.stale, time.time()
    )
    return overview(
        integration,
        groups_of(integration),
        checked.findings,
        last_import,
        lambda path: source_files.is_shown(integration.root, path),
        app_context().auth_shape(integration),
    )


@blueprint.get("/icon")
def icon(integration_id: str) -> ResponseReturnValue:
    """The icon, where it is a picture inside the folder."""
    picture = icons.read(app_context().integration_or_404(integration_id))
    if picture is None:
        abort(404, "This integration has no icon, or one of an unsupported format.")
    return icons.answer(picture)


@blueprint.get("/files/<path:path>")
def file(integration_id: str, path: str) -> ResponseReturnValue:
    """A text file of the folder, to be read, with the line marked that a finding or a frame speaks of."""
    integration = app_context().integration_or_404(integration_id)
    line = request.args.get("line", default=0, type=int)
    try:
        found = source_files.read(integration.root, path, line)
    except source_files.UnreadableSource as error:
        abort(404, str(error))
    mask = Redactor(app_context().secrets(integration)).text
    view = file_view(found, line, mask)
    nav = navigate(integration, page=path)
    here = code_places.page_url(integration.id, path, line or None)
    return render_template("integration/file.html", integration=integration, file=view, nav=nav, line=line, here=here)
