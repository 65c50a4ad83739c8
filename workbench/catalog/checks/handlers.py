"""Whether the handlers that the code registers and those that ``config.json`` declares are the same, both ways."""

from collections.abc import Iterator, Sequence

from workbench.catalog.code.module_facts import Registration
from workbench.catalog.findings.check_registry import finding
from workbench.domain import Finding, Integration, Kind
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.source_map import SourceMap


def check_handlers(
    integration: Integration, found: Sequence[Registration], positions: SourceMap, *, complete: bool
) -> Iterator[Finding]:
    """Compare registrations with declarations. Unless they are ``complete``, nothing is said to lack a handler."""
    declared = {
        Kind.ACTION: [action.name for action in integration.actions],
        Kind.TRIGGER: [trigger.name for trigger in integration.triggers],
    }
    for kind, names in declared.items():
        mine = [registration for registration in found if registration.kind is kind]
        yield from _undeclared(kind, names, mine)
        if complete:
            yield from _unhandled(kind, names, mine, positions)
    if complete:
        yield from _account(integration, found, positions)


def check_twice(found: Sequence[Registration]) -> Iterator[Finding]:
    """Names that two statements register a handler for, in any case and not in one branch or another."""
    seen: dict[tuple[Kind, str], Registration] = {}
    for one in found:
        if one.name is None or one.kind is Kind.ACCOUNT or not one.always:
            continue
        other = seen.setdefault((one.kind, one.name), one)
        if other is not one:
            words = {"what": one.kind.handler.noun, "name": repr(one.name), "other": f"{other.path}:{other.line}"}
            yield finding("handler-duplicate", one.path, one.line, one.column, **words)


def undeclared(kind: Kind, name: str, path: str, line: int, column: int) -> Finding:
    """The finding about a handler that is registered there for a name that ``config.json`` does not have."""
    words = {"what": kind.handler.noun, "name": repr(name), "member": kind.handler.section}
    return finding("handler-undeclared", path, line, column, **words)


def _undeclared(kind: Kind, names: list[str], mine: list[Registration]) -> Iterator[Finding]:
    for one in mine:
        if one.name is not None and one.name not in names:
            yield undeclared(kind, one.name, one.path, one.line, one.column)


def _unhandled(kind: Kind, names: list[str], mine: list[Registration], positions: SourceMap) -> Iterator[Finding]:
    computed = next((one for one in mine if one.name is None), None)
    if computed:
        yield finding("handler-name-dynamic", computed.path, computed.line, computed.column, what=kind.handler.noun)
        return
    registered = {one.name for one in mine}
    for name in names:
        if name not in registered:
            pointer = pointers.join("", kind.handler.section, name)
            line, column = positions.nearest(pointer) or (1, 1)
            words = {
                "what": kind.handler.noun,
                "name": repr(name),
                "quoted": f'"{name}"',
                "decorator": kind.handler.decorator,
            }
            yield finding("handler-missing", "config.json", line, column, pointer=pointer, **words)


def _account(integration: Integration, found: Sequence[Registration], positions: SourceMap) -> Iterator[Finding]:
    handler = next((one for one in found if one.kind is Kind.ACCOUNT), None)
    if integration.connected_account and handler is None:
        pointer = pointers.join("", Kind.ACCOUNT.handler.section)
        line, column = positions.nearest(pointer) or (1, 1)
        yield finding("account-missing", "config.json", line, column, pointer=pointer)
    elif handler and not integration.connected_account:
        yield finding("account-undeclared", handler.path, handler.line, handler.column)
