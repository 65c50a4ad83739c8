"""The report of ``workbench check``, as text and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.style import Style
from rich.text import Text

from workbench.catalog import CodeReads, NameRead, ReadSource, auth_shape
from workbench.domain import JSON, Credentials, Finding, Integration, ReadPlace, Severity
from workbench.explain.auth_shape import why
from workbench.explain.terminal_text import visible

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


@dataclass(frozen=True, slots=True)
class CheckedIntegration:
    """An integration with its findings and what its code reads; ``unset`` are environment variables of that."""

    integration: Integration
    findings: tuple[Finding, ...]
    reads: CodeReads = field(default_factory=CodeReads)
    unset: tuple[ReadPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The integrations that were checked, and why others could not be.

    ``imported``: whether the code was imported, too.
    """

    integrations: Sequence[CheckedIntegration]
    unchecked: Sequence[str] = ()
    imported: bool = False

    def count(self, severity: Severity) -> int:
        """The number of findings with this severity that are not ignored."""
        return sum(finding.severity is severity and not finding.ignored for finding in self._findings)

    @property
    def ignored(self) -> int:
        """The number of findings that are ignored."""
        return sum(bool(finding.ignored) for finding in self._findings)

    @property
    def _findings(self) -> Iterator[Finding]:
        return (finding for one in self.integrations for finding in one.findings)

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
        "ignored": report.ignored,
        "imported": report.imported,
        "unchecked": list(report.unchecked),
        "integrations": [_integration(checked) for checked in report.integrations],
    }


def _integration(checked: CheckedIntegration) -> dict[str, JSON]:
    one, unset = checked.integration, {read.name for read in checked.unset}
    shape = auth_shape(one, Credentials(), checked.reads)
    variables = [{**_read(read), "set": read.name not in unset} for read in checked.reads.of(ReadSource.ENVIRONMENT)]
    return {
        "path": str(one.root),
        "name": one.name,
        "contract": {"version": one.contract.version, "rule": one.contract.rule, "reason": one.contract.reason},
        "auth_shape": {
            "shape": shape.shape,
            "rule": shape.reason.rule,
            "reason": why(shape.reason, one.contract),
            "file": shape.reason.file,
            "line": shape.reason.line,
        },
        "credentials": [_read(read) for read in checked.reads.of(ReadSource.AUTH, ReadSource.CREDENTIALS)],
        "metadata": [_read(read) for read in checked.reads.of(ReadSource.METADATA)],
        "environment": [*variables],
        "findings": [_finding(one, finding) for finding in checked.findings],
    }


def _read(read: NameRead) -> dict[str, JSON]:
    """A key that the code reads, and where."""
    return {"name": read.name, "path": read.path, "line": read.line, "required": read.required}


def print_text(report: CheckReport, console: Console) -> None:
    """A block for each integration with findings or unset variables, places as editors and terminals read them."""
    for checked in report.integrations:
        one = checked.integration
        if checked.findings or checked.unset:
            console.print(_heading(one), soft_wrap=True)
            for finding in checked.findings:
                console.print(_line(one, finding), soft_wrap=True)
            if checked.unset:
                console.print(_unset(checked.unset), soft_wrap=True)
            console.print()
    console.print(summary(report), soft_wrap=True)


def _heading(one: Integration) -> Text:
    return Text.assemble((visible(one.title), "bold"), (f"  {visible(str(one.root))}", "dim"))


def _finding(one: Integration, finding: Finding) -> dict[str, JSON]:
    """A finding as JSON. ``remedy`` is the former name of ``fix``, for what reads it.

    ``ignored`` is the reason why it does not count, null for most; ``ignored_at`` the place of that reason.
    """
    ignored = {"ignored": finding.ignored or None, "ignored_at": finding.ignored_at or None}
    return asdict(finding) | ignored | {"file": str(one.root / finding.path), "remedy": finding.fix}


def _unset(unset: Sequence[ReadPlace]) -> Text:
    """The environment variables that the code reads and that are not set here."""
    names = ", ".join(f"{visible(read.name)} ({visible(read.file)}:{read.line})" for read in unset)
    return Text(f"Environment variables that are not set: {names}", style="dim")


def _line(one: Integration, finding: Finding) -> Text:
    file = one.root / finding.path
    place = ":".join(str(part) for part in (nearby(file), finding.line, finding.column) if part is not None)
    if finding.ignored:
        reason = f"\n    {visible(finding.ignored)} ({visible(finding.ignored_at)})"
        words = f": ignored [{finding.code}] {visible(finding.message)}{reason}"
        return Text.assemble((visible(place), Style(link=file.as_uri())), words, style="dim")
    return Text.assemble(
        (visible(place), Style(link=file.as_uri())),
        ": ",
        (finding.severity, _COLOURS[finding.severity]),
        f" [{finding.code}] {visible(finding.message)}",
        (f"\n    {visible(finding.fix)}" if finding.fix else "", "dim"),
    )


def summary(report: CheckReport) -> str:
    counts = [(report.count(severity), severity) for severity in Severity]
    counted = ", ".join(f"{number} {severity}{'s' * (number != 1)}" for number, severity in counts)
    counted += f", {report.ignored} ignored" if report.ignored else ""
    total = len(report.integrations)
    how = "" if report.imported else " without importing"
    return f"{total} integration{'s' * (total != 1)} checked{how}: {counted}."


def nearby(path: Path) -> Path:
    """``path``, relative to the current folder if it lies below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
