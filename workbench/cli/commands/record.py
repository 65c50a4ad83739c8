"""``workbench record``: the options of ``workbench run``, and the name of the test."""

from copy import copy
from typing import Any

import click

from workbench.cli.commands.run import run
from workbench.cli.options import CommandOptions

option = CommandOptions("record")
_LEFT_OUT = ("strict", "reveal", "watch", "watch_answers")


def _shared() -> list[click.Parameter]:
    """The parameters of ``run``, with environment variables of their own."""
    found = []
    for one in run.params:
        if one.name not in _LEFT_OUT:
            mine = copy(one)
            if isinstance(mine.envvar, str):
                mine.envvar = mine.envvar.replace("WORKBENCH_RUN_", "WORKBENCH_RECORD_")
            found.append(mine)
    return found


@click.command(params=_shared())
@option("--as", "save_as", metavar="NAME", required=True, help="Name of the test.")
@option("--replace", "replace_existing", is_flag=True, help="Overwrite an existing recording with this name.")
def record(**given: Any) -> None:
    """Run one action or trigger and save the run as a test.

    The file is tests/recordings/HANDLER/NAME.json in the integration's folder. Secrets are masked in it. The run is
    then replayed at other times. Values that change from run to run, such as times and UUIDs, are compared by their
    kind from then on.

    PATH, HANDLER and the options are those of "workbench run".

    \b
    Example:
      workbench record samples/api-fetch call_api --as first --inputs '{"url": "http://127.0.0.1:8771/test"}'

    \b
    Exit codes:
      0  saved, whatever the outcome of the run: it is what the test expects
      1  saved, but a replay of it still differs
      2  nothing was saved
    """
    click.get_current_context().invoke(run, strict=False, reveal=False, watch=False, watch_answers="", **given)
