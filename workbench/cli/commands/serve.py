"""``workbench serve``: its options."""

from pathlib import Path

import click

from workbench.cli.options import CommandOptions
from workbench.cli.parameter_types import EditorName
from workbench.echo_address import ECHO_PORT

option = CommandOptions("serve")


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@option.port
@option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on.")
@option("--echo/--no-echo", default=False, show_default=True, help="Also start the echo server.")
@option(
    "--echo-port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help=f"Port of the echo server. Default: {ECHO_PORT}, or the next free port.",
)
@option("--open/--no-open", "open_browser", default=False, show_default=True, help="Open the workbench in the browser.")
@option(
    "--editor",
    default="",
    type=EditorName(),
    metavar="EDITOR",
    help="Editor that links to code open: vscode, cursor, zed, pycharm, idea, sublime and others, none, or an address "
    "such as myeditor://{path}:{line}. The choice is saved. Default: the last one, else that of VISUAL or EDITOR.",
)
@option(
    "--history",
    default="",
    metavar="URL|none",
    help="Database for finished runs, which are masked, such as sqlite:////path/history.sqlite or "
    "postgresql://user@host/name, or none. Default: a file in your data folder.",
)
@option(
    "--otlp",
    default="",
    metavar="URL",
    help="Send each finished run, masked, as an OpenTelemetry trace to this collector, such as http://127.0.0.1:4318.",
)
@option(
    "--let-the-network-run-code",
    is_flag=True,
    help="Allow a --host that other machines can reach. Anyone who signs in can run code as you and read your secrets.",
)
def serve(
    paths: tuple[Path, ...],
    port: int | None,
    host: str,
    echo: bool,
    echo_port: int | None,
    open_browser: bool,
    editor: str,
    history: str,
    otlp: str,
    let_the_network_run_code: bool,
) -> None:
    """Start the workbench and print its address.

    PATH is an integration's folder or a folder of integrations. Default: the current folder, if it is or
    holds one. The first page opens more.

    The printed link works once: it signs in the first browser that opens it. Ctrl+C stops the workbench and all its
    runs.
    """
    from workbench.cli.execution.serve import ServeOptions, execute  # imports Flask and the pages

    options = ServeOptions(
        host=host,
        port=port,
        echo=echo,
        echo_port=echo_port,
        open_browser=open_browser,
        editor=editor,
        history=history,
        otlp=otlp,
        let_the_network_run_code=let_the_network_run_code,
    )
    execute(paths, options)
