"""``workbench diff``: its options."""

import sys

import click

from workbench.cli.options import CommandOptions

option = CommandOptions("diff")


@click.command()
@click.argument("first", metavar="RUN")
@click.argument("second", metavar="RUN|FILE")
@option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
@option(
    "--history",
    default="",
    metavar="URL",
    help="The database that has the runs. Default: the file in your data folder.",
)
def diff(first: str, second: str, form: str, history: str) -> None:
    """Compare two runs: inputs, requests, results and output.

    RUN is the number of a run in the history, FILE the output of workbench run --format json or the recording of a test
    (tests/recordings/HANDLER/NAME.json). Either can be first.

    Values that change from run to run (times, UUIDs, tokens) are listed but do not count as differences.

    \b
    Examples:
      workbench diff 41 42
      workbench diff before.json 42 --format json

    \b
    Exit codes:
      0  nothing differs, apart from such values and the time taken
      1  something differs
      2  a run was not found or cannot be read
    """
    from workbench.cli.execution.diff import execute  # imports the history

    sys.exit(execute(first, second, form, history))
