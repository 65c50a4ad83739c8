"""The error of a command that could not do its work: one sentence on stderr and exit code 2."""

import click


class CannotRun(click.ClickException):
    """The work could not start; nothing was executed."""

    exit_code = 2
