"""The work of ``workbench echo``: the server, until a signal or the end of stdin stops it."""

import os
import shutil
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from workbench import echo as server
from workbench.cli.failure import CannotRun
from workbench.cli.ports import free_port, say_moved
from workbench.echo_address import ECHO_PORT


def execute(port: int | None, *, until_stdin_ends: bool, files: Path | None) -> None:
    """Serve on ``port``, and what lies in ``files``. Raises :class:`CannotRun`."""
    if until_stdin_ends:
        threading.Thread(target=_follow_stdin, daemon=True).start()
    try:
        ready = _print_url if until_stdin_ends else partial(_print_address, is_chosen=port is not None)
        server.run(free_port("127.0.0.1", ECHO_PORT) if port is None else port, ready, files)
    except server.EchoError as error:
        raise CannotRun(str(error)) from error
    finally:
        if files is not None:
            shutil.rmtree(files, ignore_errors=True)  # here, so that it is removed even if the parent process crashed


def _print_address(port: int, *, is_chosen: bool) -> None:
    if not is_chosen:
        say_moved("The echo server", ECHO_PORT, port)
    print(f"Echo ready: http://127.0.0.1:{port}", flush=True)


def _print_url(port: int) -> None:
    """The URL alone, for a parent process."""
    print(f"http://127.0.0.1:{port}", flush=True)


def _follow_stdin() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
