"""Polling triggers: the page of one, its form, and its runs."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from workbench.domain import Kind
from workbench.web import handling

blueprint = Blueprint("triggers", __name__, url_prefix="/integrations/<integration_id>/triggers/<name:name>")


@blueprint.get("")
def show(integration_id: str, name: str) -> ResponseReturnValue:
    """The page in three parts: navigation, request, outcome."""
    return handling.show(integration_id, Kind.TRIGGER, name)


@blueprint.post("/runs")
def run(integration_id: str, name: str) -> ResponseReturnValue:
    """Run it with what was posted."""
    return handling.start(integration_id, Kind.TRIGGER, name)


@blueprint.post("/form")
def form(integration_id: str, name: str) -> ResponseReturnValue:
    """The request after an edit that changes its shape; nothing is run or kept."""
    return handling.redraw(integration_id, Kind.TRIGGER, name)


@blueprint.post("/payload")
def payload(integration_id: str, name: str) -> ResponseReturnValue:
    """What would be sent; nothing is run or kept."""
    return handling.payload(integration_id, Kind.TRIGGER, name)
