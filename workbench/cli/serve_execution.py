"""The work of ``workbench serve``: the catalog, the store, the runner and the pages, put together."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
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
from workbench.cli.ports import is_loopback, listen, say_moved
from workbench.cli.session_path import session_path
from workbench.cli.shared_run import keep
from workbench.cli.signals import ServerEnd
from workbench.cli.traces import open_export
from workbench.domain import Run
from workbench.echo_address import ECHO_PORT
from workbench.installer import DEPENDENCIES, LEFTOVER, SdkCache, recover
from workbench.local_state import LocalState
from workbench.profiles import ProfileStore, SavedProfiles
from workbench.runner import Runner, inherited_environment
from workbench.store import Limits, Store
from workbench.system import system
from workbench.web import WebConfig, create_app

_THREADS_FOR_PAGES = 12
_LONGEST_REQUEST = 64 * 1024 * 1024


def execute(
    paths: Sequence[Path],
    *,
    port: int | None,
    host: str,
    echo: bool,
    echo_port: int | None,
    open_browser: bool,
    editor: str,
    history: str,
    let_the_network_run_code: bool,
    otlp: str = "",
    shared: Run | None = None,
) -> None:
    """Serve the pages until a signal ends them, that of the run ``shared`` first. Raises :class:`CannotRun`."""
    if not is_loopback(host) and not let_the_network_run_code:
        raise CannotRun(
            f"--host {host} can be reached by other machines. The workbench runs code: anyone who signs in can do "
            "anything that you can do here, and read your secrets. To allow it, add --let-the-network-run-code."
        )
    saved = saved_checks()
    catalog = _open(paths, saved)
    _recover_installations(catalog)
    limits = Limits()
    system().forbid_inspection()  # by what a handler does, as the same user
    system().return_freed_memory()
    with ExitStack() as stack:
        stack.callback(saved.close)
        socket = stack.enter_context(listen(host, port, SERVE_PORT))
        if shared is not None and history == NONE:  # its page reads it from a history
            history = f"sqlite:///{stack.enter_context(TemporaryDirectory())}/history.sqlite"
        archive = open_archive(history, catalog, lambda line: click.echo(line, err=True))
        if archive:
            stack.callback(archive.close)
        traces = stack.enter_context(closing(open_export(otlp))) if otlp else None
        store = Store(
            limits,
            environ=inherited_environment(os.environ),
            archive=archive,
            on_finished=traces.put if traces else None,
        )
        end = ServerEnd()
        companion = stack.enter_context(EchoProcess(echo_port)) if echo else None
        runner = stack.enter_context(Runner(store, sdks=SdkCache()))
        state = LocalState.of_this_machine()
        state.remember(catalog.roots)
        if editor:
            state.choose_editor(editor)
        config = WebConfig(
            catalog=catalog,
            store=store,
            runner=runner,
            token=token_urlsafe(32),
            host=host,
            port=socket.getsockname()[1],
            session_path=session_path(socket.getsockname()[1]),
            echo_url=companion.url if companion else "",
            uploads=companion.uploads if companion else None,
            profiles=ProfileStore(SavedProfiles()),
            local_state=state,
            archive=archive,
            announce=lambda line: click.echo(line, err=True),
        )
        stack.callback(config.installs.close)
        stack.callback(config.fuzz.close)
        stack.callback(config.tests.close)
        if port is None:
            say_moved("The workbench", SERVE_PORT, config.port)
        if companion and echo_port is None:
            say_moved("The echo server", ECHO_PORT, companion.port)
        connections: dict[int, object] = {}
        server = PageServer(
            create_app(config),
            connections,
            socket,
            threads=limits.subscribers + _THREADS_FOR_PAGES,
            connection_limit=4 * limits.subscribers,
            max_request_body_size=_LONGEST_REQUEST,
        )
        stack.callback(close_all, connections, ignore_all=True)
        link = config.launch_link(
            config.token, f"/runs/{keep(shared, catalog, archive)}" if shared and archive else "/"
        )
        print(f"Workbench ready: {link}", flush=True)
        if open_browser:
            _open_browser(link)
        end.wake_with(server.pull_trigger)
        server.serve_until(lambda: end.is_requested)
        store.close()  # event streams end, and free their threads
        server.end_threads()


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
