"""What can be run of an integration, all three kinds alike: actions, polling triggers, the connected account."""

from dataclasses import dataclass

from workbench.domain import JSON, Integration, Kind

ACCOUNT = "connected_account"
"""The name under which the connected account's handler runs; ``config.json`` gives it none."""


@dataclass(frozen=True, slots=True)
class Handler:
    """One thing to run. ``interval`` is a trigger's, as written; ``line`` is where it stands in ``config.json``."""

    kind: Kind
    name: str
    title: str
    description: str = ""
    input_schema: JSON = None
    output_schema: JSON = None
    interval: str = ""
    line: int | None = None


def handlers(integration: Integration, kind: Kind) -> tuple[Handler, ...]:
    """All handlers of that kind, in the order of ``config.json``."""
    if kind is Kind.ACCOUNT:
        return (_ACCOUNT,) if integration.connected_account else ()
    if kind is Kind.REQUEST:
        return ()
    declared = integration.actions if kind is Kind.ACTION else integration.triggers
    return tuple(
        Handler(
            kind,
            each.name,
            each.title,
            each.description,
            each.input_schema,
            each.output_schema,
            getattr(each, "polling_interval", ""),
            each.line,
        )
        for each in declared
    )


def find(integration: Integration, kind: Kind, name: str) -> Handler | None:
    """The handler of that kind and name, or None."""
    return next((handler for handler in handlers(integration, kind) if handler.name == name), None)


_ACCOUNT = Handler(
    Kind.ACCOUNT,
    ACCOUNT,
    "Connected account",
    "Asks the handler whose account the credentials open, as the platform does after a person connects.",
)
