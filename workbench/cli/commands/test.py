"""``workbench test``: its options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.options import CommandOptions
from workbench.cli.parameter_types import JsonDocument

if TYPE_CHECKING:
    from workbench.domain import JSON

option = CommandOptions("test")


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@option("--match", "-k", "words", metavar="TEXT", default="", help="Only tests whose handler/name contains TEXT.")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="Output format. JUnit XML is for CI servers.",
)
@option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Also write the results as one HTML file.")
@option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="Tests that run at the same time. Default: one per core."
)
@option("--update", is_flag=True, help="Accept the new results of failed tests, after printing what differs.")
@option("--record", is_flag=True, help="Run each against the network and write it again.")
@option("--auth", type=JsonDocument(), default="{}", show_default=True, help="Credentials for --record.")
@option("--profile", default="", metavar="NAME", help="Saved profile of the Auth page, for --record.")
@option.environment
def test(
    paths: tuple[Path, ...],
    words: str,
    form: str,
    report: Path | None,
    jobs: int | None,
    update: bool,
    record: bool,
    auth: JSON,
    profile: str,
    env: tuple[str, ...],
    env_files: tuple[Path, ...],
) -> None:
    """Replay recorded runs and compare the results with the recordings.

    PATH is an integration's folder, a folder of integrations, or one recording. Default: the current folder.

    Recordings are the files tests/recordings/HANDLER/NAME.json; "workbench record" and "Save as test" on the page of a
    run write them. Each is replayed in its own process: the handler gets the recorded answers, and no connection is
    opened. Its secrets are made up.

    \b
    Exit codes:
      0  all passed
      1  at least one differs from its recording
      2  something could not run, or there are no recordings
    """
    from workbench.cli.credential_options import credentials_of
    from workbench.cli.execution.test import execute  # imports the catalog and the runner

    credentials = credentials_of(auth, None, "", {}, env, env_files)
    code = execute(
        paths or (Path(),),
        words=words,
        form=form,
        report=report,
        jobs=jobs,
        update=update,
        record=record,
        credentials=credentials,
        profile=profile,
    )
    sys.exit(code)
