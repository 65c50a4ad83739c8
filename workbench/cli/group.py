"""The group of commands: each stands in a module of its own, imported when it is called."""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "serve": "workbench.cli.serve",
    "run": "workbench.cli.run",
    "record": "workbench.cli.record",
    "test": "workbench.cli.test",
    "fuzz": "workbench.cli.fuzz",
    "diff": "workbench.cli.diff",
    "open": "workbench.cli.open",
    "check": "workbench.cli.check",
    "breaking": "workbench.cli.breaking",
    "schema": "workbench.cli.schema",
    "install": "workbench.cli.install",
    "echo": "workbench.cli.echo",
    "mock": "workbench.cli.mock",
}
"""The module of each command, in the order of the help; the module has a function of the command's name.

Such a module holds the options and imports no more than click, because help and shell
completion import it; it imports what does the work inside the function.
"""


class CommandGroup(click.Group):
    """The commands of :data:`COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called ``cmd_name``, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command
