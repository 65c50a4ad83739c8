"""Options as every command declares them: each can be set by an environment variable, and the help names it."""

from collections.abc import Callable
from typing import Any

import click

SERVE_PORT = 8770
ECHO_PORT = 8771
"""The ports that are tried first."""


class CommandOptions:
    """Declares the options of one command."""

    def __init__(self, command: str) -> None:
        self._prefix = f"WORKBENCH_{command}_"

    def __call__[F: Callable[..., Any]](self, name: str, *more: str, **attributes: Any) -> Callable[[F], F]:
        """As :func:`click.option`. ``--some-option`` is also read from ``WORKBENCH_COMMAND_SOME_OPTION``.

        A hidden option has no variable.
        """
        if not attributes.get("hidden"):
            spelled = name.partition("/")[0].removeprefix("--").replace("-", "_")
            attributes |= {"envvar": (self._prefix + spelled).upper(), "show_envvar": True}
        return click.option(name, *more, **attributes)
