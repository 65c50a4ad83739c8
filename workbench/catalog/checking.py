"""The check of a whole integration without importing its code."""

from collections.abc import Iterator

from workbench.catalog.document import read_document
from workbench.catalog.handlers import check_handlers
from workbench.catalog.imports import check_imports
from workbench.catalog.positions import Positions
from workbench.catalog.reading import read_integration
from workbench.catalog.source import Module, SourceFault, modules
from workbench.domain import JSON, Finding, Integration, Severity
from workbench.schema import check_config

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check(integration: Integration) -> tuple[Finding, ...]:
    """Everything that is wrong with the folder as it stands on disk now, errors first, then by file and line.

    It holds the config and every schema in it against ``workbench.schema.check_config``, and the code's registrations
    and imports against what is declared and required. No code is run.
    """
    root = integration.root
    if not root.is_dir() or any(finding.code == "folder-outside" for finding in integration.findings):
        return integration.findings
    current = read_integration(root)
    positions = read_document(root).positions
    found = [*current.findings, *_of_config(current.config, positions), *_of_code(current, positions)]
    # What a first look at the config found already, check_config says again under the same code.
    distinct = {(finding.code, finding.path, finding.pointer, finding.line): finding for finding in reversed(found)}
    return tuple(sorted(distinct.values(), key=_order))


def _of_config(config: JSON, positions: Positions) -> Iterator[Finding]:
    if not isinstance(config, dict):
        return
    for fault in check_config(config):
        line, column = positions.nearest(fault.pointer) or (None, None)
        severity = Severity(fault.severity)
        yield Finding(
            fault.code, severity, fault.message, fault.remedy, line=line, column=column, pointer=fault.pointer
        )


def _of_code(integration: Integration, positions: Positions) -> Iterator[Finding]:
    if not integration.entry_point or not (integration.root / integration.entry_point).is_file():
        return
    found = list(modules(integration.root, integration.entry_point))
    parsed = [module for module in found if isinstance(module, Module)]
    broken = [fault for fault in found if isinstance(fault, SourceFault)]
    yield from check_handlers(integration, parsed, broken, positions)
    yield from check_imports(integration.root, parsed, integration.requirements)


def _order(finding: Finding) -> tuple[int, str, int, int]:
    return _RANK[finding.severity], finding.path, finding.line or 0, finding.column or 0
