"""``workbench echo``: its options."""

from pathlib import Path

import click

from workbench.cli.options import CommandOptions
from workbench.echo_address import ECHO_PORT

option = CommandOptions("echo")


@click.command()
@option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help=f"Port; 0 takes any free port. Default: {ECHO_PORT}, or the next free port.",
)
@option("--until-stdin-ends", is_flag=True, hidden=True, help="End when stdin ends: for a parent process.")
@option("--files", type=click.Path(path_type=Path), hidden=True, help="Serve this folder; remove it at the end.")
def echo(port: int | None, until_stdin_ends: bool, files: Path | None) -> None:
    """Start an HTTP server that answers with the request it received.

    The samples call it. It listens on 127.0.0.1 only. Ctrl+C stops it.
    """
    from workbench.cli.execution.echo import execute  # imports aiohttp

    execute(port, until_stdin_ends=until_stdin_ends, files=files)
