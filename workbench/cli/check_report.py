"""The report of ``workbench check``, as text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.style import Style
from rich.text import Text

from workbench.cli.run_text import visible
from workbench.domain import JSON, Finding, Integration, Severity

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The integrations with their findings, and why others could not be checked.

    ``imported``: whether the code was imported, too.
    """

    integrations: Sequence[tuple[Integration, tuple[Finding, ...]]]
    unchecked: Sequence[str] = ()
    imported: bool = False

    def count(self, severity: Severity) -> int:
        """The number of findings with this severity."""
        return sum(finding.severity is severity for _, findings in self.integrations for finding in findings)

    @property
    def exit_code(self) -> int:
        """0, 1 or 2, as the command's help says."""
        return 2 if self.unchecked else 1 if self.count(Severity.ERROR) else 0


def as_json(report: CheckReport) -> dict[str, Any]:
    """The document that ``--format json`` prints; ``file`` is absolute, ``path`` relative to the integration."""
    return {
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
        "imported": report.imported,
        "unchecked": list(report.unchecked),
        "integrations": [
            {
                "path": str(one.root),
                "name": one.name,
                "contract": {
                    "version": one.contract.version,
                    "rule": one.contract.rule,
                    "reason": one.contract.reason,
                },
                "findings": [_finding(one, finding) for finding in findings],
            }
            for one, findings in report.integrations
        ],
    }


def print_text(report: CheckReport, console: Console) -> None:
    """A block for each integration that has findings, its places as editors and terminals understand them."""
    for one, findings in report.integrations:
        if findings:
            console.print(_heading(one), soft_wrap=True)
            for finding in findings:
                console.print(_line(one, finding), soft_wrap=True)
            console.print()
    console.print(_summary(report), soft_wrap=True)


def _heading(one: Integration) -> Text:
    return Text.assemble((visible(one.title), "bold"), (f"  {visible(str(one.root))}", "dim"))


def _finding(one: Integration, finding: Finding) -> dict[str, JSON]:
    """A finding as JSON. ``remedy`` is the former name of ``fix``, for what reads it."""
    return asdict(finding) | {"file": str(one.root / finding.path), "remedy": finding.fix}


def _line(one: Integration, finding: Finding) -> Text:
    file = one.root / finding.path
    place = ":".join(str(part) for part in (nearby(file), finding.line, finding.column) if part is not None)
    return Text.assemble(
        (visible(place), Style(link=file.as_uri())),
        ": ",
        (finding.severity, _COLOURS[finding.severity]),
        f" [{finding.code}] {visible(finding.message)}",
        (f"\n    {visible(finding.fix)}" if finding.fix else "", "dim"),
    )


def _summary(report: CheckReport) -> str:
    counts = [(report.count(severity), severity) for severity in Severity]
    counted = ", ".join(f"{number} {severity}{'s' * (number != 1)}" for number, severity in counts)
    total = len(report.integrations)
    how = "" if report.imported else " without importing"
    return f"{total} integration{'s' * (total != 1)} checked{how}: {counted}."


def nearby(path: Path) -> Path:
    """``path``, relative to the current folder if it lies below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
