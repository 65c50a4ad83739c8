"""The credentials of an integration: their form, and what the handler will see of them."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from workbench.web import authing

blueprint = Blueprint("auth", __name__, url_prefix="/integrations/<integration_id>/auth")


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """The form."""
    return authing.show(integration_id)


@blueprint.post("")
def save(integration_id: str) -> ResponseReturnValue:
    """Keep what was posted, in memory."""
    return authing.save(integration_id)


@blueprint.post("/form")
def form(integration_id: str) -> ResponseReturnValue:
    """The form after an edit that changes its shape; nothing is kept."""
    return authing.redraw(integration_id)


@blueprint.post("/preview")
def preview(integration_id: str) -> ResponseReturnValue:
    """What ``context.auth`` would be; nothing is kept."""
    return authing.preview(integration_id)


@blueprint.post("/removal")
def forget(integration_id: str) -> ResponseReturnValue:
    """Drop what is kept."""
    return authing.forget(integration_id)
