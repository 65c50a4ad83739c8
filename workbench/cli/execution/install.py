"""The work of ``workbench install``: one installation to its end, its output as it comes, and how it ended."""

import json
from pathlib import Path

import click

from workbench.catalog import read_integration
from workbench.cli.failure import CannotRun
from workbench.cli.requests import open_integration
from workbench.cli.signals import interrupt_on_signals
from workbench.domain import InstallProgress, InstallState
from workbench.explain import dependencies, installation
from workbench.explain.documents.report import dependency_json
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain
from workbench.installer import FolderBusy, Installation, NoInstallTool, install_requirements

_INTERVAL = 0.1
"""Seconds between two looks at the output."""


def execute(path: Path, form: str) -> int:
    """Install the requirements of the integration at ``path``; returns the exit code. Raises :class:`CannotRun`."""
    root = open_integration(path).root
    try:
        with interrupt_on_signals():
            running = install_requirements(root)
            progress = _follow(running, quiet=form == "json")
    except (NoInstallTool, FolderBusy, OSError) as error:
        raise CannotRun(installation.not_started(error)) from error
    words = plain(installation.tell(progress))
    known = read_integration(root).dependencies
    if form == "json":
        report = {
            "state": progress.state,
            "message": words,
            "tool": progress.tool,
            "output": list(progress.lines),
            "requirements": [dependency_json(one) for one in known.requirements],
        }
        click.echo(json.dumps(report, ensure_ascii=False, separators=(",", ":")))
    else:
        click.echo(visible(words))
        if progress.state is InstallState.SUCCEEDED and known.unmet:
            click.echo(visible(f"{dependencies.summary(known)}: {dependencies.listed(known.unmet)}"))
    return 0 if progress.state is InstallState.SUCCEEDED else 1


def _follow(running: Installation, *, quiet: bool) -> InstallProgress:
    """The installation at its end; its lines are printed as they come. The first Ctrl+C cancels it."""
    printed = 0
    while True:
        try:
            progress = running.wait(_INTERVAL)
        except KeyboardInterrupt:
            running.cancel()
            continue
        for line in () if quiet else progress.lines[printed:]:
            click.echo(visible(line))
        printed = len(progress.lines)
        if progress.state is not InstallState.RUNNING:
            return progress
