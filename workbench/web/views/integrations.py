"""An integration: its overview and its icon."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from workbench.catalog import check
from workbench.web import icons
from workbench.web.pages import groups_of, navigate
from workbench.web.presenters.overview import overview
from workbench.web.state import bench

blueprint = Blueprint("integrations", __name__, url_prefix="/integrations/<integration_id>")


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """What the folder declares, and what is wrong with it."""
    integration = bench().integration(integration_id)
    found = check(integration)
    view = overview(integration, groups_of(integration), found)
    return render_template(
        "integrations/show.html", integration=integration, overview=view, nav=navigate(integration, findings=found)
    )


@blueprint.get("/icon")
def icon(integration_id: str) -> ResponseReturnValue:
    """The icon, where it is a picture inside the folder."""
    picture = icons.read(bench().integration(integration_id))
    if picture is None:
        abort(404, "This integration has no icon that can be shown.")
    return icons.answer(picture)
