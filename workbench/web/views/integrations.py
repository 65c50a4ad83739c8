"""An integration: its overview and its icon."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from workbench.trace.redact import Redactor
from workbench.web import icons, sources
from workbench.web.pages import groups_of, navigate
from workbench.web.presenters.overview import overview
from workbench.web.presenters.source import file_view
from workbench.web.state import bench

blueprint = Blueprint("integrations", __name__, url_prefix="/integrations/<integration_id>")


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """What the folder declares, and what is wrong with it."""
    integration = bench().integration(integration_id)
    found = bench().catalog.check(integration)
    view = overview(integration, groups_of(integration), found, lambda path: sources.is_shown(integration.root, path))
    return render_template("integrations/show.html", integration=integration, overview=view, nav=navigate(integration))


@blueprint.get("/icon")
def icon(integration_id: str) -> ResponseReturnValue:
    """The icon, where it is a picture inside the folder."""
    picture = icons.read(bench().integration(integration_id))
    if picture is None:
        abort(404, "This integration has no icon that can be shown.")
    return icons.answer(picture)


@blueprint.get("/files/<path:path>")
def file(integration_id: str, path: str) -> ResponseReturnValue:
    """A text file of the folder, to be read, with the line marked that a finding or a frame speaks of."""
    integration = bench().integration(integration_id)
    line = request.args.get("line", default=0, type=int)
    try:
        found = sources.read(integration.root, path, line)
    except sources.UnreadableSource as error:
        abort(404, str(error))
    mask = Redactor(bench().secrets(integration)).text
    view = file_view(found, line, mask)
    nav = navigate(integration, page=path)
    return render_template("integrations/file.html", integration=integration, file=view, nav=nav)
