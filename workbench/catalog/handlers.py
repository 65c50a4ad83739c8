"""Whether the handlers that the code registers and those that ``config.json`` declares are the same, both ways."""

from collections.abc import Iterator, Sequence

from workbench.catalog.positions import Positions, pointer_to
from workbench.catalog.source import Module, Registration, SourceFault, registrations
from workbench.domain import Finding, Integration, Kind, Severity

_MEMBERS = {Kind.ACTION: "actions", Kind.TRIGGER: "polling_triggers"}
_WORDS = {Kind.ACTION: ("action", "action"), Kind.TRIGGER: ("polling trigger", "polling_trigger")}


def check_handlers(
    integration: Integration, modules: Sequence[Module], broken: Sequence[SourceFault], positions: Positions
) -> Iterator[Finding]:
    """Compare registrations with declarations. Where a module is broken, nothing is said to lack a handler."""
    yield from map(_unparsable, broken)
    found = [registration for module in modules for registration in registrations(module)]
    declared = {
        Kind.ACTION: [action.name for action in integration.actions],
        Kind.TRIGGER: [trigger.name for trigger in integration.triggers],
    }
    for kind, names in declared.items():
        yield from _undeclared(kind, names, found)
        if not broken:
            yield from _unhandled(kind, names, found, positions)
    if not broken:
        yield from _account(integration, found, positions)


def _undeclared(kind: Kind, names: list[str], found: list[Registration]) -> Iterator[Finding]:
    what, _ = _WORDS[kind]
    for registration in found:
        if registration.kind is kind and registration.name is not None and registration.name not in names:
            yield _at(
                registration,
                "handler-undeclared",
                Severity.ERROR,
                f"A handler is registered for the {what} {registration.name!r}, which config.json does not declare; "
                "the SDK refuses to load it.",
                f"Declare {registration.name!r} under {_MEMBERS[kind]}, or mend the name.",
            )


def _unhandled(kind: Kind, names: list[str], found: list[Registration], positions: Positions) -> Iterator[Finding]:
    what, decorator = _WORDS[kind]
    mine = [registration for registration in found if registration.kind is kind]
    computed = next((registration for registration in mine if registration.name is None), None)
    if computed:
        message = f"A handler's {what} is named at run time, so its name cannot be compared with config.json."
        yield _at(
            computed, "handler-computed", Severity.NOTE, message, "Write the name as a string to have it checked."
        )
        return
    registered = {registration.name for registration in mine}
    for name in names:
        if name not in registered:
            pointer = pointer_to(_MEMBERS[kind], name)
            line, column = positions.of(pointer) or (None, None)
            yield Finding(
                "handler-missing",
                Severity.ERROR,
                f"No handler is registered for the {what} {name!r}.",
                f'Add a class with @….{decorator}("{name}") to the entry point or to a module that it imports.',
                line=line,
                column=column,
                pointer=pointer,
            )


def _account(integration: Integration, found: list[Registration], positions: Positions) -> Iterator[Finding]:
    handler = next((registration for registration in found if registration.kind is Kind.ACCOUNT), None)
    if integration.connected_account and handler is None:
        pointer = "/supports_connected_account"
        line, column = positions.of(pointer) or (None, None)
        message = "config.json says that a connected account is supported, and no handler is registered for it."
        remedy = "Add a class with @….connected_account(), or say false."
        yield Finding("account-missing", Severity.ERROR, message, remedy, line=line, column=column, pointer=pointer)
    elif handler and not integration.connected_account:
        message = "A connected account's handler is registered, and config.json does not say that it is supported."
        remedy = 'Add "supports_connected_account": true to config.json.'
        yield _at(handler, "account-undeclared", Severity.WARNING, message, remedy)


def _at(registration: Registration, code: str, severity: Severity, message: str, remedy: str) -> Finding:
    return Finding(code, severity, message, remedy, registration.path, registration.line, registration.column)


def _unparsable(fault: SourceFault) -> Finding:
    remedy = "Mend the file; its handlers cannot be registered until it loads."
    return Finding("source-unparsable", Severity.ERROR, fault.message, remedy, fault.path, fault.line, fault.column)
