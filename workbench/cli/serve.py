"""``workbench serve``: the pages, on this machine."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_urlsafe
from types import FrameType

import click

from workbench.catalog import Catalog, CatalogError
from workbench.cli.companion import EchoCompanion
from workbench.cli.failure import CannotRun
from workbench.cli.ports import is_loopback, listen
from workbench.runner import Runner
from workbench.store import Limits, Store

PORT = 8770
_THREADS_FOR_PAGES = 12
_LONGEST_REQUEST = 64 * 1024 * 1024


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"0 takes any free port.  [default: {PORT}, or the next free]"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--echo/--no-echo", default=False, show_default=True, help="Start the echo server beside it.")
@click.option("--echo-port", type=click.IntRange(0, 65535), help="[default: 8771, or the next free]")
@click.option(
    "--open/--no-open", "open_browser", default=False, show_default=True, help="Open a browser, if there is one."
)
@click.option(
    "--let-the-network-run-code",
    is_flag=True,
    help="Allow a --host that other machines reach. Whoever gets in can run any code as you, and reads your secrets.",
)
def serve(
    paths: tuple[Path, ...],
    port: int | None,
    host: str,
    echo: bool,
    echo_port: int | None,
    open_browser: bool,
    let_the_network_run_code: bool,
) -> None:
    """Serve the workbench for the integrations at PATHS: their folders, or folders of such folders.

    Prints one line with a launch link that lets its first user in. Ctrl+C ends it, and every run with it.
    """
    from waitress.server import create_server
    from waitress.wasyncore import close_all

    from workbench.web import WebConfig, create_app  # the pages and Flask: no other command waits for them

    if not is_loopback(host) and not let_the_network_run_code:
        raise CannotRun(
            f"--host {host} can be reached by other machines. The workbench runs code: whoever gets in can do anything "
            "that you can do here, and read the secrets you typed. If you mean it, add --let-the-network-run-code."
        )
    try:
        catalog = Catalog(paths)
    except CatalogError as error:
        raise CannotRun(str(error)) from error
    limits = Limits()
    with ExitStack() as stack:
        socket = stack.enter_context(listen(host, port, PORT))
        store = Store(limits)
        stack.enter_context(_ended_by_signals(store))
        companion = stack.enter_context(EchoCompanion(echo_port)) if echo else None
        runner = stack.enter_context(Runner(store))
        config = WebConfig(
            catalog=catalog,
            store=store,
            runner=runner,
            token=token_urlsafe(32),
            host=host,
            port=socket.getsockname()[1],
            echo_url=companion.url if companion else "",
            shelf=companion.shelf if companion else None,
            announce=lambda line: click.echo(line, err=True),
        )
        connections: dict[int, object] = {}
        server = create_server(
            create_app(config),
            map=connections,
            sockets=[socket],
            threads=limits.subscribers + _THREADS_FOR_PAGES,
            connection_limit=4 * limits.subscribers,
            channel_request_lookahead=1,
            max_request_body_size=_LONGEST_REQUEST,
            ident=None,
        )
        stack.callback(close_all, connections, ignore_all=True)
        link = config.launch_link(config.token)
        print(f"Workbench ready: {link}", flush=True)
        if open_browser:
            _open_browser(link)
        server.run()


@contextmanager
def _ended_by_signals(store: Store) -> Iterator[None]:
    """End quietly on Ctrl+C, SIGTERM and a closed terminal; whoever follows a run is let go first."""

    def end(number: int, frame: FrameType | None) -> None:
        for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(other, signal.SIG_IGN)
        threading.Thread(target=store.close, daemon=True).start()  # the lock may be held by the code interrupted here
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    yield


def _open_browser(link: str) -> None:
    """Open a graphical browser, where there is a screen; what it prints stays out of our output."""
    if sys.platform != "darwin" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    process = subprocess.Popen(  # noqa: S603  our own interpreter; the link is ours
        [sys.executable, "-P", "-m", "webbrowser", link],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()
