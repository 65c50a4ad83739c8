"""``workbench install``: its options."""

import sys
from pathlib import Path

import click

from workbench.cli.options import CommandOptions

option = CommandOptions("install")


@click.command()
@click.argument("path", metavar="[PATH]", default=".", type=click.Path(path_type=Path))
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format. JSON is printed at the end.",
)
def install(path: Path, form: str) -> None:
    """Install the requirements of an integration into its dependencies/.

    PATH is the integration's folder. Default: the current folder.

    Runs pip (or uv, where there is no pip) for the interpreter of the workbench, with its own environment and
    settings. The old dependencies/ stays as it is unless everything was installed.

    \b
    Exit codes:
      0  everything is installed
      1  the installation failed or was cancelled
      2  it could not start
    """
    from workbench.cli.execution.install import execute  # imports the catalog and the installer

    sys.exit(execute(path, form))
