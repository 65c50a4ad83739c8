"""The work of ``workbench check``: open the paths, check every integration, print the report."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from workbench import catalog
from workbench.catalog import Catalog, CatalogError, SavedChecks
from workbench.cli.cache import saved_checks
from workbench.cli.failure import CannotRun
from workbench.cli.import_runs import ImportRuns
from workbench.cli.output.check_formats import as_github, as_junit
from workbench.cli.output.check_report import CheckedIntegration, CheckReport, as_json, print_text
from workbench.cli.output.sarif import as_sarif
from workbench.cli.signals import interrupt_on_signals
from workbench.domain import Credentials, EnvironmentVariable, Integration
from workbench.explain.endings import is_workbench_failure
from workbench.explain.terminal_text import visible
from workbench.runner import inherited_environment


def execute(
    paths: Sequence[Path],
    form: str,
    timeout: float | None,
    environment: tuple[EnvironmentVariable, ...] = (),
    *,
    cache: bool = True,
) -> int:
    """Check the integrations at ``paths`` and print the report as ``form``; returns the exit code.

    ``timeout`` is in seconds, for each import; None imports nothing. The code gets the variables of
    ``environment``. With the ``cache``, results are saved for the next command. Raises :class:`CannotRun`.
    """
    saved = saved_checks() if cache else None
    opened, unchecked = _open(paths, saved)
    try:
        with interrupt_on_signals():
            report = _check(opened, unchecked, timeout, Credentials(environment=environment))
    except KeyboardInterrupt as error:
        raise CannotRun("Interrupted before everything was checked.") from error
    if saved:
        saved.close()
    _show(report, form)
    for reason in report.unchecked:
        click.echo(f"Error: {reason}", err=True)
    return report.exit_code


def _open(paths: Sequence[Path], saved: SavedChecks | None) -> tuple[Catalog, list[str]]:
    """A catalog of the integrations, and why some paths hold none.

    Raises :class:`CannotRun` where there is nothing to check.
    """
    opened, unchecked = Catalog(saved=saved), []
    for path in paths:
        try:
            opened.add(path)
        except CatalogError as error:
            unchecked.append(str(error))
    if not opened.roots:
        raise CannotRun("\n".join(unchecked))
    return opened, unchecked


def _check(opened: Catalog, unchecked: Sequence[str], timeout: float | None, credentials: Credentials) -> CheckReport:
    """The check of each, in order; without a ``timeout`` no import."""
    integrations, reasons = opened.integrations(), list(unchecked)
    environ = inherited_environment(os.environ)
    checked: list[CheckedIntegration] = []
    with ExitStack() as stack:
        imports = None if timeout is None else stack.enter_context(ImportRuns(integrations, timeout, credentials))
        for one in stack.enter_context(_progress(integrations)):
            outcome = imports.outcome(one) if imports else None
            if outcome and outcome.error and is_workbench_failure(outcome):
                reasons.append(f"{one.root} could not be imported. {outcome.error.message}")
                outcome = None
            findings, reads = opened.check(one, outcome, timeout=timeout or 0.0), opened.reads(one)
            unset = catalog.unset_variables(reads, credentials, environ)
            checked.append(CheckedIntegration(one, findings, reads, unset))
    return CheckReport(checked, reasons, imported=timeout is not None)


@contextmanager
def _progress(integrations: Sequence[Integration]) -> Iterator[Iterable[Integration]]:
    """The integrations, counted on a terminal as they are taken."""
    console = Console(stderr=True)
    columns = TextColumn("Checking"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(integrations))

        def each() -> Iterator[Integration]:
            for one in integrations:
                progress.update(task, description=escape(visible(one.name)))
                yield one
                progress.advance(task)

        yield each()


def _show(report: CheckReport, form: str) -> None:
    if form == "text":
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a name may have characters that the terminal lacks
        print_text(report, Console(highlight=False))
        return
    sys.stdout.buffer.write(_FORMS[form](report).encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()


_FORMS: Mapping[str, Callable[[CheckReport], str]] = {
    "json": lambda report: json.dumps(as_json(report), ensure_ascii=False, separators=(",", ":")),
    "sarif": lambda report: json.dumps(as_sarif(report), ensure_ascii=False, separators=(",", ":")),
    "github": as_github,
    "junit": as_junit,
}
