"""The work of ``workbench check``: open the paths, check every integration, print the report."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path

import click
from rich.console import Console

from workbench import catalog
from workbench.catalog import Catalog, CatalogError
from workbench.cli.check_report import CheckedIntegration, CheckReport, as_json, print_text
from workbench.cli.failure import CannotRun
from workbench.cli.sarif import as_sarif
from workbench.cli.signals import interrupt_on_signals
from workbench.domain import Credentials, EnvironmentVariable, Integration, Outcome
from workbench.explain.endings import is_workbench_failure, with_message
from workbench.runner import Runner, RunnerLimits, inherited_environment, load_request
from workbench.store import Store

_MOST_IMPORTS = 4
"""Imports at the same time."""


def execute(
    paths: Sequence[Path], form: str, timeout: float | None, environment: tuple[EnvironmentVariable, ...] = ()
) -> int:
    """Check the integrations at ``paths`` and print the report as ``form``; returns the exit code.

    ``timeout`` is in seconds, for each import; None imports nothing. The code gets the variables of
    ``environment``. Raises :class:`CannotRun`.
    """
    opened, unchecked = _open(paths)
    try:
        with interrupt_on_signals():
            report = _check(opened, unchecked, timeout, Credentials(environment=environment))
    except KeyboardInterrupt as error:
        raise CannotRun("Interrupted before everything was checked.") from error
    _show(report, form)
    for reason in report.unchecked:
        click.echo(f"Error: {reason}", err=True)
    return report.exit_code


def _open(paths: Sequence[Path]) -> tuple[Catalog, list[str]]:
    """A catalog of the integrations, and why some paths hold none.

    Raises :class:`CannotRun` where there is nothing to check.
    """
    opened, unchecked = Catalog(), []
    for path in paths:
        try:
            opened.open(path)
        except CatalogError as error:
            unchecked.append(str(error))
    if not opened.integrations():
        raise CannotRun("\n".join(unchecked))
    return opened, unchecked


def _check(opened: Catalog, unchecked: Sequence[str], timeout: float | None, credentials: Credentials) -> CheckReport:
    """The check of each; without a ``timeout`` no import."""
    integrations, reasons = opened.integrations(), list(unchecked)
    outcomes: Mapping[str, Outcome] = {}
    if timeout is not None:
        with Console(stderr=True).status("Importing …"):
            outcomes = load_all([one for one in integrations if catalog.can_load(one)], timeout, credentials)
    environ = inherited_environment(os.environ)
    checked: list[CheckedIntegration] = []
    for one in integrations:
        outcome = outcomes.get(one.id)
        if outcome and outcome.error and is_workbench_failure(outcome):
            reasons.append(f"{one.root} could not be imported. {outcome.error.message}")
            outcome = None
        findings, reads = opened.check(one, outcome, timeout=timeout or 0.0), opened.reads(one)
        unset = catalog.unset_variables(reads, credentials, environ)
        checked.append(CheckedIntegration(one, findings, reads, unset))
    return CheckReport(checked, reasons, imported=timeout is not None)


def load_all(
    integrations: Sequence[Integration], timeout: float, credentials: Credentials | None = None
) -> Mapping[str, Outcome]:
    """The outcome of importing each, by id, with the text of its error. A few run at once.

    ``timeout`` is in seconds and for each alone. The code gets the environment variables of ``credentials``.
    """
    limits = RunnerLimits(queued=len(integrations), cancel=0.5)
    store = Store(environ=inherited_environment(os.environ))
    with Runner(
        store, max_running=min(os.process_cpu_count() or 1, _MOST_IMPORTS), spare=False, limits=limits
    ) as runner:
        runs = {one.id: runner.submit(load_request(one, timeout, credentials)).id for one in integrations}
        for run_id in runs.values():
            store.wait_finished(run_id)
        found = {integration_id: store.get(run_id, reveal=True) for integration_id, run_id in runs.items()}
    return {
        integration_id: with_message(run.outcome, run.request)
        for integration_id, run in found.items()
        if run is not None
    }


def _show(report: CheckReport, form: str) -> None:
    if form == "text":
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a name may have characters that the terminal lacks
        print_text(report, Console(highlight=False))
        return
    document = as_json(report) if form == "json" else as_sarif(report)
    sys.stdout.buffer.write(json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()
