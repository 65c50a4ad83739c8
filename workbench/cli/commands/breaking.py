"""``workbench breaking``: its options."""

import sys
from pathlib import Path

import click

from workbench.cli.options import CommandOptions

option = CommandOptions("breaking")


@click.command()
@click.argument("path", metavar="[PATH]", default=".", type=click.Path(path_type=Path))
@option(
    "--against",
    default="HEAD",
    show_default=True,
    metavar="REV|FOLDER",
    help="What to compare with: a revision in git, or another folder of the integration.",
)
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default=None,
    help="Output format. Default: github in GitHub Actions, else text.",
)
def breaking(path: Path, against: str, form: str | None) -> None:
    """Find changes that break the users of an integration.

    PATH is an integration's folder. Default: the current folder.

    Compares its config.json with an earlier one. A change to inputs breaks where a value was valid and no longer is, a
    change to outputs where a value may come that was not promised. Each has an example.

    \b
    Exit codes:
      0  nothing breaks, or the version says so (a higher major version)
      1  something breaks, and the version does not say so
      2  there was nothing to compare
    """
    from workbench.cli.execution.breaking import execute  # imports the catalog and the schemas

    sys.exit(execute(path, against, form))
