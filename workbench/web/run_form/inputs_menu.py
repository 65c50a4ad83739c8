"""The menu of saved inputs in the request pane: those to load, and the place to save the form's."""

from dataclasses import dataclass

from workbench.catalog.saved_inputs import saved_names
from workbench.domain import Integration, Kind
from workbench.web.ui.handler_pages import url_of
from workbench.web.ui.handlers import Handler
from workbench.web.ui.widgets import LinkTo

FIELD = "inputs_name"
"""The field with the name to save under."""


@dataclass(frozen=True, slots=True)
class InputsMenu:
    """``saved`` are links that load inputs, ``url`` is where the form is posted to be saved."""

    saved: tuple[LinkTo, ...]
    url: str
    field: str = FIELD


def menu_of(integration: Integration, handler: Handler) -> InputsMenu | None:
    """The menu of a handler; None for one without inputs."""
    if handler.kind is Kind.ACCOUNT:
        return None
    names = saved_names(integration.root, handler.name)
    links = (LinkTo(name, url_of(integration, handler, inputs=name)) for name in names)
    return InputsMenu(tuple(links), url_of(integration, handler, "save"))
