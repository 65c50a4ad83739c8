"""The left pane: groups of handlers with their last outcome, the setup, and where the page stands in it all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbench.domain import Integration, Kind
from workbench.explain.contract_facts import ContractFacts
from workbench.web.ui.config_state import ConfigState
from workbench.web.ui.handlers import Handler, handlers

GROUPS = ((Kind.ACTION, "actions", "Actions"), (Kind.TRIGGER, "triggers", "Polling triggers"))


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the navigation. ``state`` and ``tone`` are of its dot; ``words`` are found by the filter."""

    name: str
    url: str
    state: str = ""
    tone: str = ""
    count: str = ""
    current: bool = False
    title: str = ""
    description: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Handlers of one kind."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AuthChip:
    """Whether the saved credentials fit what the integration asks, and the shape in which runs get them, and why."""

    text: str
    tone: str
    url: str
    shape: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The pane, the way to the page as crumbs (text and URL, none for the page itself), and the auth chip.

    ``url`` is that of the page which the pane is on; ``contract`` is what the contract means, ``config`` the state of
    ``config.json``; ``folder`` tells the integration from others of its title.
    """

    overview: Item
    groups: tuple[Group, ...]
    setup: tuple[Item, ...]
    crumbs: tuple[tuple[str, str], ...]
    url: str
    auth: AuthChip | None = None
    contract: ContractFacts | None = None
    config: ConfigState | None = None
    folder: str = ""


def groups(
    integration: Integration,
    url: Callable[[Handler], str],
    last: Mapping[tuple[str, str], tuple[str, str]],
    current: Handler | None = None,
) -> tuple[Group, ...]:
    """The handlers. ``last`` is the word and the tone of the last run of each ``(kind, name)``."""
    made = (
        Group(id, title, tuple(item(handler, url, last, current) for handler in handlers(integration, kind)))
        for kind, id, title in GROUPS
    )
    return tuple(group for group in made if group.items)


def item(
    handler: Handler,
    url: Callable[[Handler], str],
    last: Mapping[tuple[str, str], tuple[str, str]],
    current: Handler | None = None,
) -> Item:
    """The line of one handler."""
    state, tone = last.get((handler.kind.value, handler.name), ("not run yet", ""))
    return Item(
        name=handler.name or "(empty name)",
        url=url(handler),
        state=state,
        tone=tone,
        count=handler.interval,
        current=current is not None and (current.kind, current.name) == (handler.kind, handler.name),
        title=handler.title,
        description=handler.description,
        words=handler.title if handler.title != handler.name else "",
    )
