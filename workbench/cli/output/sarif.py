"""Findings as SARIF 2.1.0 (OASIS), for editors and code hosts.

Paths are relative to ``SRCROOT``: the current folder if it contains all that was checked, else their common folder.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import __version__
from workbench.catalog import ALL_CHECKS
from workbench.catalog.findings.check_registry import plain
from workbench.catalog.workbench_toml import NAME as TOML
from workbench.cli.output.check_report import CheckReport
from workbench.domain import Finding, Integration

_ROOT = "SRCROOT"
_INDEXES = {code: index for index, code in enumerate(ALL_CHECKS)}


def as_sarif(report: CheckReport) -> dict[str, Any]:
    """The log of one run over all integrations."""
    base = _base([checked.integration.root for checked in report.integrations])
    run = {
        "tool": {"driver": {"name": "workbench check", "version": __version__, "rules": _rules()}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": (base / "x").as_uri()[:-1]}},
        "invocations": [_invocation(report)],
        "results": [
            _result(base, checked.integration, finding)
            for checked in report.integrations
            for finding in checked.findings
        ],
    }
    return {"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [run]}


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "id": check.code,
            "name": "".join(word.capitalize() for word in check.code.split("-")),
            "shortDescription": {"text": check.about.replace("`", "")},
            "help": {
                "text": f"{check.about} {plain(check.fix)}".replace("`", "").replace("*", ""),
                "markdown": f"{check.about}\n\n{plain(check.fix)}",
            },
            "defaultConfiguration": {"level": check.severity},
            **({"deprecatedIds": list(check.former)} if check.former else {}),
        }
        for check in ALL_CHECKS.values()
    ]


def _invocation(report: CheckReport) -> dict[str, Any]:
    if not report.unchecked:
        return {"executionSuccessful": True}
    notes = [{"level": "error", "message": {"text": words}} for words in report.unchecked]
    return {"executionSuccessful": False, "toolExecutionNotifications": notes}


def _base(roots: list[Path]) -> Path:
    here = Path.cwd()
    if all(root.is_relative_to(here) for root in roots):
        return here
    return Path(os.path.commonpath(roots))


def _result(base: Path, integration: Integration, finding: Finding) -> dict[str, Any]:
    path = (integration.root / finding.path).relative_to(base).as_posix()
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(os.fsencode(path)), "uriBaseId": _ROOT}}
    if finding.line is not None:
        place["region"] = {"startLine": finding.line, "startColumn": finding.column or 1}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.pointer}]
    result = {
        "ruleId": finding.code,
        "ruleIndex": _INDEXES[finding.code],
        "level": finding.severity,
        "message": {"text": f"{finding.message} {finding.fix}".strip()},
        "locations": [location],
    }
    if not finding.ignored:
        return result
    kind = "external" if finding.ignored_at.startswith(f"{TOML}:") else "inSource"
    return result | {"suppressions": [{"kind": kind, "justification": finding.ignored}]}
