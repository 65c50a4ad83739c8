"""``workbench check``: what is wrong with integrations, without importing their code."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from workbench import catalog
from workbench.catalog import Catalog, CatalogError
from workbench.cli.failure import CannotRun
from workbench.cli.sarif import as_sarif
from workbench.cli.text import visible
from workbench.domain import Finding, Integration, Severity

type Checked = list[tuple[Integration, tuple[Finding, ...]]]

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
def check(paths: tuple[Path, ...], form: str) -> None:
    """Check the integrations at PATHS: their folders, or folders of such folders. No code of theirs is imported.

    Exits with 0 where there are no errors (warnings may be), 1 where there are, 2 where a path could not be checked.
    """
    try:
        checked: Checked = [(one, catalog.check(one)) for one in Catalog(paths).integrations()]
    except CatalogError as error:
        raise CannotRun(str(error)) from error
    if form == "text":
        _print(checked, Console(highlight=False))
    else:
        document = _as_json(checked) if form == "json" else as_sarif(checked)
        sys.stdout.buffer.write(json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")
    sys.exit(1 if _count(checked, Severity.ERROR) else 0)


def _as_json(checked: Checked) -> dict[str, object]:
    return {
        "errors": _count(checked, Severity.ERROR),
        "warnings": _count(checked, Severity.WARNING),
        "notes": _count(checked, Severity.NOTE),
        "integrations": [
            {"path": str(one.root), "name": one.name, "findings": [asdict(finding) for finding in findings]}
            for one, findings in checked
        ],
    }


def _print(checked: Checked, console: Console) -> None:
    for one, findings in checked:
        for finding in findings:
            place = f"{one.root}/{finding.place}: "
            severity = (f"{finding.severity}", _COLOURS[finding.severity])
            remedy = f"\n    {visible(finding.remedy)}" if finding.remedy else ""
            words = f" [{finding.code}] {visible(finding.message)}"
            console.print(Text.assemble(visible(place), severity, words, (remedy, "dim")), soft_wrap=True)
    counts = [(_count(checked, severity), severity) for severity in Severity]
    said = ", ".join(f"{number} {severity}{'s' * (number != 1)}" for number, severity in counts)
    console.print(f"{len(checked)} integration{'s' * (len(checked) != 1)} checked: {said}.", soft_wrap=True)


def _count(checked: Checked, severity: Severity) -> int:
    return sum(finding.severity is severity for _, findings in checked for finding in findings)
