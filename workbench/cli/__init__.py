"""The command line, and the composition root: here the rooms are put together."""

import click

from workbench import __version__
from workbench.cli.check import check
from workbench.cli.echo import echo
from workbench.cli.run import run
from workbench.cli.serve import serve

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="workbench")
def main() -> None:
    """Run AutoHive integrations on this machine and see what was sent, what came back, and why a schema said no."""


for command in (serve, run, check, echo):
    main.add_command(command)
