"""The process that forks workers: it has imported what a spare imports and, as itself, never an integration."""

import asyncio
import contextlib
import gc
import json
import os
import socket
import time
from typing import Any

import workbench.worker.process  # noqa: F401 - with it, all of a worker is imported
from workbench.system import system
from workbench.worker.warm_up import fill_caches, rehearse, warm_up

_LARGEST_REQUEST = 1 << 20
_DESCRIPTORS = 4


def serve_forks(fd: int) -> tuple[int, int]:
    """Warm up, then fork a worker for each request that comes over the socket ``fd``, until the runner hangs up.

    Returns in each worker, with the descriptors of its events and of its control pipe; a spare has rehearsed a run. In
    the server itself it never returns: it raises :class:`SystemExit`.
    """
    _warm_up()
    with socket.socket(fileno=fd) as connection:
        connection.send(b"ready")
        while True:
            message, fds, _, _ = socket.recv_fds(connection, _LARGEST_REQUEST, _DESCRIPTORS)
            if not message:
                raise SystemExit
            request = json.loads(message)
            if "wait" in request:
                connection.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1]))
                continue
            if request["replays"]:
                _import_for_replays()
            try:
                pid = os.fork()
            except OSError:  # no memory, or too many processes
                connection.send(b"0")
            else:
                if pid == 0:
                    return _become_worker(fds, request)
                connection.send(b"%d" % pid)
            for each in fds:
                os.close(each)


def _warm_up() -> None:
    """Raises :class:`SystemExit` if that started a thread: a fork would lack it, and the locks that it holds."""
    fill_caches()
    with contextlib.closing(asyncio.new_event_loop()) as loop:  # each worker makes its own: no two can share one
        warm_up(loop)
    if system().threads() > 1:
        raise SystemExit("A library has started a thread, so workers are not forked.")


def _import_for_replays() -> None:
    """Import what gives recorded answers and those of rules: more than half of what a short replay takes."""
    import workbench.worker.peer.aiohttp.changed_answers
    import workbench.worker.peer.aiohttp.connections
    import workbench.worker.peer.engine
    import workbench.worker.peer.waits  # noqa: F401

    gc.freeze()


def _become_worker(fds: list[int], request: dict[str, Any]) -> tuple[int, int]:
    """Be in this process what a start would have made of it."""
    os.setsid()
    stdout, stderr, events, control = fds
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.close(stdout)
    os.close(stderr)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    with contextlib.suppress(OSError):  # it was removed: there is none to be in
        os.chdir(request["folder"])
    if request["spare"]:
        with contextlib.closing(asyncio.new_event_loop()) as loop:
            rehearse(loop)
    return events, control
