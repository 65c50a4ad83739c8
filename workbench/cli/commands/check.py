"""``workbench check``: its options."""

import sys
from pathlib import Path

import click

from workbench.cli.options import CommandOptions

option = CommandOptions("check")


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github", "junit"]),
    help="Output format. SARIF 2.1.0 is for editors and code hosts; github marks the lines of a pull request.  "
    "[default: text; github in GitHub Actions]",
)
@option(
    "--import/--no-import",
    "imports",
    default=True,
    show_default=True,
    help="Also import the code, in a separate process for each integration. No handler is called.",
)
@option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="Time limit for the import of one integration.",
)
@option(
    "--cache/--no-cache",
    default=True,
    show_default=True,
    help="Save what was found, for integrations that do not change until the next check. Imports are never saved.",
)
@option.environment
def check(
    paths: tuple[Path, ...],
    form: str | None,
    imports: bool,
    timeout: float,
    cache: bool,
    env: tuple[str, ...],
    env_files: tuple[Path, ...],
) -> None:
    """Check integrations for errors.

    PATH is an integration's folder or a folder of integrations. Default: the current folder.

    Prints each finding with its file, line and column; docs/checks.md describes all of them.

    \b
    Exit codes:
      0  no errors (there may be warnings)
      1  at least one error
      2  something could not be checked
    """
    from workbench.cli.credential_options import environment_of
    from workbench.cli.execution.check import execute  # imports the catalog and the runner
    from workbench.cli.output.github_commands import default_form

    environment = environment_of(env, env_files)
    sys.exit(
        execute(paths or (Path(),), form or default_form(), timeout if imports else None, environment, cache=cache)
    )
