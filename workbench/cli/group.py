"""The group of commands: each stands in a module of its own, imported when it is called."""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "serve": "workbench.cli.commands.serve",
    "run": "workbench.cli.commands.run",
    "record": "workbench.cli.commands.record",
    "test": "workbench.cli.commands.test",
    "fuzz": "workbench.cli.commands.fuzz",
    "diff": "workbench.cli.commands.diff",
    "open": "workbench.cli.commands.open",
    "check": "workbench.cli.commands.check",
    "breaking": "workbench.cli.commands.breaking",
    "schema": "workbench.cli.commands.schema",
    "install": "workbench.cli.commands.install",
    "echo": "workbench.cli.commands.echo",
    "mock": "workbench.cli.commands.mock",
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
