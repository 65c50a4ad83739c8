"""The connected account: whose account the credentials open."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from workbench.domain import Kind
from workbench.web import handling
from workbench.web.presenters.handlers import ACCOUNT

blueprint = Blueprint("account", __name__, url_prefix="/integrations/<integration_id>/account")


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """The page in three parts: navigation, request, outcome."""
    return handling.show(integration_id, Kind.ACCOUNT, ACCOUNT)


@blueprint.post("/runs")
def run(integration_id: str) -> ResponseReturnValue:
    """Run it with what was posted."""
    return handling.start(integration_id, Kind.ACCOUNT, ACCOUNT)


@blueprint.post("/form")
def form(integration_id: str) -> ResponseReturnValue:
    """The request after an edit that changes its shape; nothing is run or kept."""
    return handling.redraw(integration_id, Kind.ACCOUNT, ACCOUNT)


@blueprint.post("/payload")
def payload(integration_id: str) -> ResponseReturnValue:
    """What would be sent; nothing is run or kept."""
    return handling.payload(integration_id, Kind.ACCOUNT, ACCOUNT)
