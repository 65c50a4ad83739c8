"""The check of a whole integration without importing its code."""

from workbench.catalog.document import read_document
from workbench.catalog.handlers import check_handlers
from workbench.catalog.reading import read_integration
from workbench.domain import Finding, Integration, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check(integration: Integration) -> tuple[Finding, ...]:
    """Everything that is wrong with the folder as it stands on disk now, errors first, then by file and line."""
    root = integration.root
    positions = read_document(root).positions
    current = read_integration(root)
    findings = (*current.findings, *check_handlers(root, current, positions))
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[int, str, int, int]:
    return _RANK[finding.severity], finding.path, finding.line or 0, finding.column or 0
