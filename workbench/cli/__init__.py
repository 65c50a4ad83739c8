"""The command line, and the composition root: the packages are put together here."""

import click

from workbench import __version__
from workbench.cli.group import CommandGroup

__all__ = ["main"]


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Each option can also be set by an environment variable, which the help of the command names.",
)
@click.version_option(__version__, prog_name="workbench")
def main() -> None:
    """Run AutoHive integrations on this machine and see every request, response and validation error."""
    from workbench.cli.failure import CannotRun
    from workbench.own_sdk import SdkReplaced, check_own_sdk

    try:
        check_own_sdk()
    except SdkReplaced as error:
        raise CannotRun(str(error)) from error
