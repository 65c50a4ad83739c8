"""Options as every command declares them: each can be set by an environment variable, and the help names it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbench.cli.parameter_types import Variable

SERVE_PORT = 8770
"""The port of the pages that is tried first."""


_ENV = "Environment variable for the code; without a value, that of the current environment. Can be repeated."
_ENV_FILE = "File of environment variables for the code, such as .env. Can be repeated."


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

    def port[F: Callable[..., Any]](self, function: F) -> F:
        """Declare ``--port`` of the pages."""
        usual = f"Port of the pages; 0 takes any free port. Default: {SERVE_PORT}, or the next free port."
        return self("--port", type=click.IntRange(0, 65535), metavar="PORT", help=usual)(function)

    def environment[F: Callable[..., Any]](self, function: F) -> F:
        """Declare ``--env`` and ``--env-file``, which become the parameters ``env`` and ``env_files``."""
        file = click.Path(path_type=Path)
        of_file = self("--env-file", "env_files", type=file, multiple=True, metavar="FILE", help=_ENV_FILE)
        return self("--env", type=Variable(), multiple=True, help=_ENV)(of_file(function))
