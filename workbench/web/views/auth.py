"""The credentials of an integration: their form, and what the handler will see of them."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from workbench.web.pages import navigate
from workbench.web.state import bench

blueprint = Blueprint("auth", __name__, url_prefix="/integrations/<integration_id>/auth")


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """The form."""
    integration = bench().integration(integration_id)
    return render_template("auth/show.html", integration=integration, nav=navigate(integration, page="Auth"))
