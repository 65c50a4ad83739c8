"""The work of ``workbench serve``: the catalog, the store, the runner and the pages, put together."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

import click
from waitress.wasyncore import close_all

from workbench.catalog import Catalog, CatalogError, SavedChecks
from workbench.cli.cache import saved_checks
from workbench.cli.echo_process import EchoProcess
from workbench.cli.failure import CannotRun
from workbench.cli.history import NONE, open_archive
from workbench.cli.options import SERVE_PORT
from workbench.cli.page_server import PageServer
from workbench.cli.ports import listen, say_moved
from workbench.cli.session_path import session_path
from workbench.cli.shared_run import keep
from workbench.cli.signals import ServerEnd
from workbench.cli.traces import open_export
from workbench.domain import Run
from workbench.echo_address import ECHO_PORT
from workbench.history import HistoryArchive
from workbench.installer import DEPENDENCIES, LEFTOVER, SdkCache, recover
from workbench.local_state import LocalState
from workbench.loopback import is_loopback
from workbench.profiles import ProfileStore, SavedProfiles
from workbench.runner import Runner, inherited_environment
from workbench.store import Limits, Store
from workbench.system import system
from workbench.web import WebConfig, create_app

_THREADS_FOR_PAGES = 12
_LONGEST_REQUEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the command's options say. Without a port it is the usual one, or the next that is free."""

    host: str = "127.0.0.1"
    port: int | None = None
    echo: bool = False
    echo_port: int | None = None
    open_browser: bool = False
    editor: str = ""
    history: str = ""
    otlp: str = ""
    let_the_network_run_code: bool = False


def execute(paths: Sequence[Path], options: ServeOptions, shared: Run | None = None) -> None:
    """Serve the pages until a signal ends them, that of the run ``shared`` first. Raises :class:`CannotRun`."""
    _check_host(options)
    with ExitStack() as stack:
        saved = stack.enter_context(closing(saved_checks()))
        catalog = _open(paths, saved)
        _recover_installations(catalog)
        system().forbid_inspection()  # by what a handler does, as the same user
        system().return_freed_memory()
        listener = stack.enter_context(listen(options.host, options.port, SERVE_PORT))
        archive = _open_archive(stack, options.history, catalog, has_shared_run=shared is not None)
        limits = Limits()
        store = _open_store(stack, limits, archive, options.otlp)
        end = ServerEnd()
        echo = stack.enter_context(EchoProcess(options.echo_port)) if options.echo else None
        config = WebConfig(
            catalog=catalog,
            store=store,
            runner=stack.enter_context(Runner(store, sdks=SdkCache())),
            token=token_urlsafe(32),
            host=options.host,
            port=listener.getsockname()[1],
            session_path=session_path(listener.getsockname()[1]),
            echo_url=echo.url if echo else "",
            uploads=echo.uploads if echo else None,
            profiles=ProfileStore(SavedProfiles()),
            local_state=_local_state(catalog, options.editor),
            archive=archive,
            announce=lambda line: click.echo(line, err=True),
        )
        for service in (config.installs, config.fuzz, config.tests, config.saves):
            stack.callback(service.close)
        _say_moved(options, config.port, echo)
        server = _page_server(stack, config, limits, listener)
        link = config.launch_link(
            config.token, f"/runs/{keep(shared, catalog, archive)}" if shared and archive else "/"
        )
        print(f"Workbench ready: {link}", flush=True)
        if options.open_browser:
            _open_browser(link)
        end.wake_with(server.pull_trigger)
        server.serve_until(lambda: end.is_requested)
        store.close()  # event streams end, and free their threads
        server.end_threads()


def _check_host(options: ServeOptions) -> None:
    if not is_loopback(options.host) and not options.let_the_network_run_code:
        raise CannotRun(
            f"--host {options.host} can be reached by other machines. The workbench runs code: anyone who signs in "
            "can do anything that you can do here, and read your secrets. To allow it, add --let-the-network-run-code."
        )


def _open_archive(stack: ExitStack, url: str, catalog: Catalog, *, has_shared_run: bool) -> HistoryArchive | None:
    """The history at ``url``; where there is to be none, one in a folder of its own for the page of a shared run."""
    if has_shared_run and url == NONE:
        url = f"sqlite:///{stack.enter_context(TemporaryDirectory())}/history.sqlite"
    archive = open_archive(url, catalog, lambda line: click.echo(line, err=True))
    if archive:
        stack.callback(archive.close)
    return archive


def _open_store(stack: ExitStack, limits: Limits, archive: HistoryArchive | None, otlp: str) -> Store:
    """The runs, which go to the history and to the collector of traces at their end."""
    traces = stack.enter_context(closing(open_export(otlp))) if otlp else None
    return Store(
        limits,
        environ=inherited_environment(os.environ),
        archive=archive,
        on_finished=traces.put if traces else None,
    )


def _local_state(catalog: Catalog, editor: str) -> LocalState:
    """What this machine remembers, from now on with the open folders and the editor of the options."""
    state = LocalState.of_this_machine()
    state.remember(catalog.roots)
    if editor:
        state.choose_editor(editor)
    return state


def _say_moved(options: ServeOptions, port: int, echo: EchoProcess | None) -> None:
    """Say so where a port that nobody asked for is not the usual one."""
    if options.port is None:
        say_moved("The workbench", SERVE_PORT, port)
    if echo and options.echo_port is None:
        say_moved("The echo server", ECHO_PORT, echo.port)


def _page_server(stack: ExitStack, config: WebConfig, limits: Limits, listener: socket.socket) -> PageServer:
    """The server of the pages on ``listener``; its connections are closed with the stack."""
    connections: dict[int, object] = {}
    server = PageServer(
        create_app(config),
        connections,
        listener,
        threads=limits.subscribers + _THREADS_FOR_PAGES,
        connection_limit=4 * limits.subscribers,
        max_request_body_size=_LONGEST_REQUEST,
    )
    stack.callback(close_all, connections, ignore_all=True)
    return server


def _open(paths: Sequence[Path], saved: SavedChecks) -> Catalog:
    """The integrations at ``paths``; without any, those of the current folder, if it has some."""
    try:
        return Catalog(paths or (Path(),), saved)
    except CatalogError as error:
        if paths:
            raise CannotRun(str(error)) from error
        click.echo("The current folder has no integrations. Open a folder from the first page.", err=True)
        return Catalog(saved=saved)


def _recover_installations(catalog: Catalog) -> None:
    """Clean up after installations that were killed together with their workbench."""
    for root in catalog.roots:
        for folder in (root, *(left.parent for left in root.glob(f"*/{LEFTOVER}"))):
            recover(folder / DEPENDENCIES)


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
