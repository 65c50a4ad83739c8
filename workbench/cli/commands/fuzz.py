"""``workbench fuzz``: its options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.handler_words import path_and_name
from workbench.cli.options import CommandOptions
from workbench.cli.parameter_types import JsonDocument, OneOf

if TYPE_CHECKING:
    from workbench.domain import JSON, Kind

option = CommandOptions("fuzz")


@click.command()
@click.argument("words", metavar="[PATH] [HANDLER]", nargs=-1)
@option(
    "--kind",
    type=OneOf("Kind", "request"),
    help="Type of HANDLER. Default: the action with this name, or else the trigger.",
)
@option(
    "--live",
    is_flag=True,
    help="Run HANDLER once on the network and vary that run, instead of its recordings. Only this run sends requests.",
)
@option("--inputs", type=JsonDocument(), default="{}", show_default=True, help="Inputs of the run of --live.")
@option("--auth", type=JsonDocument(), default="{}", show_default=True, help="Credentials of the run of --live.")
@option.environment
@option("--profile", default="", metavar="NAME", help="Saved profile for the run of --live.")
@option(
    "--max",
    "most",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    metavar="N",
    help="Replays of each recording; of more variants, a sample is taken.",
)
@option("--seed", type=int, default=0, show_default=True, metavar="N", help="The same seed takes the same sample.")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="Output format.",
)
def fuzz(
    words: tuple[str, ...],
    kind: Kind | None,
    live: bool,
    inputs: JSON,
    auth: JSON,
    env: tuple[str, ...],
    env_files: tuple[Path, ...],
    profile: str,
    most: int,
    seed: int,
    form: str,
) -> None:
    """Replay handlers with odd answers and odd inputs.

    PATH is the integration's folder, HANDLER an action or trigger, by the rule of "workbench run". Without HANDLER,
    every handler that has recordings.

    Each replay has one change: a value in a response is null, missing or of another type; a response is an error, is
    cut off, asks to wait or never comes; an input is at the edge of its schema. Nothing is sent to the network.

    \b
    Exit codes:
      0  every change was handled
      1  at least one was not
      2  there was nothing to replay
    """
    path, name = path_and_name(words, kind)
    from workbench.cli.credential_options import credentials_of
    from workbench.cli.execution.fuzz import execute, live_run, recorded_runs  # imports the catalog and the runner

    if live:
        credentials = credentials_of(auth, None, "", {}, env, env_files)
        runs = [live_run(path, name, kind, inputs=inputs, credentials=credentials, profile=profile)]
    else:
        runs = recorded_runs(path, name, kind)
    sys.exit(execute(runs, form, most=most, seed=seed))
