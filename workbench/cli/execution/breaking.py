"""The work of ``workbench breaking``: read both versions, compare them, print the changes."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from workbench.catalog import declarations, read_document
from workbench.cli.failure import CannotRun
from workbench.cli.output.check_report import nearby
from workbench.cli.output.github_commands import command, default_form
from workbench.cli.requests import open_integration
from workbench.compatibility import Change, Comparison, PreviousConfigError, Verdict, compare, previous_config
from workbench.explain import compatibility as words
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain

_COLOURS = {Verdict.YES: "bold red", Verdict.UNKNOWN: "bold yellow", Verdict.NO: "bold green"}


def execute(path: Path, against: str, form: str | None) -> int:
    """Compare the integration at ``path``; returns the exit code. Raises :class:`CannotRun`."""
    root = open_integration(path).root
    try:
        old = previous_config(root, against)
    except PreviousConfigError as error:
        raise CannotRun(str(error)) from error
    comparison = compare(declarations(old), declarations(read_document(root)))
    form = form or default_form()
    if form == "github":
        click.echo("\n".join(_commands(comparison, root, against)))
    elif form == "json":
        click.echo(json.dumps(words.as_json(comparison), ensure_ascii=False, separators=(",", ":")))
    else:
        console = Console(highlight=False)
        for line in _lines(comparison, root, against):
            console.print(line, soft_wrap=True)
    return exit_code(comparison)


def exit_code(comparison: Comparison) -> int:
    """1 for a break that the version does not announce, else 0."""
    return int(comparison.breaking is Verdict.YES and not comparison.version.is_enough)


def _lines(comparison: Comparison, root: Path, against: str) -> Iterator[Text]:
    """A line for each change with its place, its proof below it; then the count and the version."""
    for change in comparison.changes:
        yield _line(change, root)
    if comparison.changes:
        yield Text()
    yield Text(visible(plain(words.summary(comparison, against))))
    if comparison.changes:
        yield Text(visible(plain(words.version(comparison.version))))


def _commands(comparison: Comparison, root: Path, against: str) -> Iterator[str]:
    """A workflow command of GitHub Actions for each change; then the count and the version.

    A break that the version announces is a warning, as what could not be decided.
    """
    file = nearby(root / "config.json").as_posix()
    breaks = "error" if exit_code(comparison) else "warning"
    kinds = {Verdict.YES: breaks, Verdict.UNKNOWN: "warning", Verdict.NO: "notice"}
    for change in comparison.changes:
        told = " ".join(filter(None, (plain(words.what(change)), plain(words.why(change)))))
        title = f"{words.VERDICTS[change.breaking]} {change.kind}"
        yield command(kinds[change.breaking], file, change.line or 1, None, title, told)
    yield visible(plain(words.summary(comparison, against)))
    if comparison.changes:
        yield visible(plain(words.version(comparison.version)))


def _line(change: Change, root: Path) -> Text:
    place = f"{nearby(root / 'config.json')}:{change.line or 1}"
    proof = plain(words.why(change))
    return Text.assemble(
        f"{visible(place)}: ",
        (words.VERDICTS[change.breaking], _COLOURS[change.breaking]),
        f" {visible(plain(words.what(change)))}",
        (f"\n    {visible(proof)}" if proof else "", "dim"),
    )
