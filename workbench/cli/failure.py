"""The error of a command that could not do its work: one sentence on stderr and exit code 2."""

import click


class CannotRun(click.ClickException):
    """The work could not start; nothing was executed."""

    exit_code = 2

    def format_message(self) -> str:
        """The sentence; names and texts of a folder in it steer no terminal."""
        from workbench.explain.terminal_text import visible  # completion imports this module

        return visible(super().format_message())
