"""Findings as SARIF 2.1.0 (OASIS), for editors and code hosts."""

from collections.abc import Iterable
from typing import Any

from workbench import __version__
from workbench.domain import Finding, Integration, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def as_sarif(checked: Iterable[tuple[Integration, tuple[Finding, ...]]]) -> dict[str, Any]:
    """The log of one run over all integrations."""
    found = [(integration, finding) for integration, findings in checked for finding in findings]
    codes = sorted({finding.code for _, finding in found})
    driver = {"name": "workbench check", "version": __version__, "rules": [{"id": code} for code in codes]}
    return {
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [
            {"tool": {"driver": driver}, "results": [_result(integration, finding) for integration, finding in found]}
        ],
    }


def _result(integration: Integration, finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": (integration.root / finding.path).as_uri()}}
    if finding.line is not None:
        place["region"] = {"startLine": finding.line} | ({"startColumn": finding.column} if finding.column else {})
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.remedy}".strip()},
        "locations": [{"physicalLocation": place}],
    }
