"""``workbench open``: its options."""

from pathlib import Path

import click

from workbench.cli.options import CommandOptions

option = CommandOptions("open")


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@option.port
@option("--open/--no-open", "open_browser", default=True, show_default=True, help="Open the run in the browser.")
@option(
    "--history",
    default="",
    metavar="URL|none",
    help="Database for the run, as for workbench serve. Default: a file in your data folder.",
)
def open(  # the command's name
    file: Path, paths: tuple[Path, ...], port: int | None, open_browser: bool, history: str
) -> None:
    """Open a shared run: start the workbench on its page.

    FILE was written by "Share" on the page of a run, or by --report. PATH is the integration's folder, or a
    folder of integrations; with its integration open the run can be replayed. Default: the current folder.

    The run is copied to your history under a new number. No code runs before you press a button.
    """
    from workbench.cli.execution.serve import ServeOptions, execute  # imports Flask and the pages
    from workbench.cli.shared_run import read_or_fail

    options = ServeOptions(port=port, open_browser=open_browser, history=history)
    execute(paths, options, read_or_fail(file))
