"""Workers by fork: a process that has imported all that a spare needs makes one in milliseconds."""

import json
import logging
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.runner.environment import inherited_environment, read_at_start
from workbench.system import system

_LOG = logging.getLogger(__name__)
_MOST_FAILURES = 2
"""After so many servers that died, workers are started one by one."""


@dataclass(frozen=True, slots=True)
class WorkerEnds:
    """The worker's ends of its pipes."""

    stdout: int
    stderr: int
    events: int
    control: int


class ForkServer:
    """Starts the process for the first fork, and another one if it dies. Safe to use from several threads.

    It never imports an integration and never gets a variable of a run. Once this is closed nothing is forked, and the
    process ends when the last of its workers was waited for.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._failures = 0
        self._closed = False

    def fork(
        self, environment: Mapping[str, str], ends: WorkerEnds, *, spare: bool = False, replays: bool = False
    ) -> "ForkedProcess | None":
        """A worker in a session of its own, or None where one must be started: nothing has happened then.

        A ``spare`` prepares itself further while it waits. The first that ``replays`` has the server import what that
        needs, for itself and for all that follow.
        """
        if not system().forks_safely or self._closed:
            return None
        with self._lock:
            server = self._current()
            if server is None or read_at_start(environment) != server.read_at_start:
                return None
            pid = server.fork(environment, ends, spare=spare, replays=replays)
            self._failures = self._failures + 1 if server.is_dead else 0
            return ForkedProcess(pid, server, self) if pid else None

    @property
    def pid(self) -> int | None:
        """The process id, None where there is none."""
        return self._server.pid if self._server else None

    def close(self) -> None:
        """Fork no more. A server that is still about to start is killed: nothing of it is needed."""
        self._closed = True
        if self._server and not self._server.is_ready:
            self._server.kill()
        with self._lock:
            self._end_if_unused()

    def wait_for(self, pid: int, server: "_Server") -> int:
        """The exit code of a worker that has ended; that of a kill where its server, which alone knows it, is gone."""
        with self._lock:
            code = server.wait_for(pid)
            self._end_if_unused()
        return code

    def _current(self) -> "_Server | None":
        """The server, started if there is none; None where it does not start. The lock is held."""
        if self._server and self._server.is_dead:
            self._server.end()
            self._server = None
        if self._server is None and self._failures < _MOST_FAILURES:
            try:
                self._server = _Server()
            except OSError as error:
                _LOG.warning("The process that forks workers could not be started: %s", error)
                return None
            if not self._server.wait_until_ready():
                self._failures += 1
                if not self._closed:
                    _LOG.warning("The process that forks workers ended before it was ready. Workers are started.")
        return self._server

    def _end_if_unused(self) -> None:
        if self._closed and self._server and not self._server.workers:
            self._server.end()
            self._server = None


class _Server:
    """The process and the connection to it. ``workers`` are those that were not waited for yet."""

    def __init__(self) -> None:
        self.workers: set[int] = set()
        self.is_ready = self.is_dead = False
        environment = inherited_environment(os.environ)
        self.read_at_start = read_at_start(environment)
        self._connection, theirs = system().message_pair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603  our own interpreter with our own arguments
                    [sys.executable, "-P", "-m", "workbench.worker", "--fork", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    env=environment,
                    start_new_session=True,
                )
            except BaseException:
                self._connection.close()
                raise
        self.pid = self._process.pid

    def wait_until_ready(self) -> bool:
        """Whether it has imported everything; it has died otherwise."""
        self.is_ready = self._receive() == b"ready"
        return self.is_ready

    def fork(self, environment: Mapping[str, str], ends: WorkerEnds, *, spare: bool, replays: bool) -> int | None:
        """The process id of a new worker, or None."""
        try:
            folder = os.getcwd()  # noqa: PTH109 - a path of it would be made for nothing
        except FileNotFoundError:
            folder = ""
        request = {"environment": dict(environment), "folder": folder, "spare": spare, "replays": replays}
        answer = self._ask(request, ends.stdout, ends.stderr, ends.events, ends.control)
        pid = int(answer or 0)
        if pid:
            self.workers.add(pid)
        return pid or None

    def wait_for(self, pid: int) -> int:
        """The exit code of a worker that has ended."""
        self.workers.discard(pid)
        answer = self._ask({"wait": pid})
        return int(answer) if answer else -9

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def end(self) -> None:
        """Hang up, so that it ends, and wait for that."""
        self.is_dead = True
        self._connection.close()
        self._process.wait()

    def _ask(self, request: Mapping[str, object], *fds: int) -> bytes:
        """The answer, empty where there will be none."""
        if self.is_dead:
            return b""
        try:
            socket.send_fds(self._connection, [json.dumps(request).encode()], fds)
        except OSError as error:  # also where the environment is too large for one message
            self.is_dead = isinstance(error, ConnectionError)
            return b""
        return self._receive()

    def _receive(self) -> bytes:
        try:
            answer = self._connection.recv(64)
        except OSError:
            answer = b""
        self.is_dead = not answer
        return answer


class ForkedProcess:
    """A forked worker: like one that was started, but its exit code is known to its server only."""

    def __init__(self, pid: int, server: _Server, owner: ForkServer) -> None:
        self.pid = pid
        self._server = server
        self._owner = owner

    def wait(self) -> int:
        """Wait for its end; its exit code, negative for a signal. Until then its number cannot be another's."""
        handle = system().exit_descriptor(self.pid)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.poll()
        os.close(handle)
        return self._owner.wait_for(self.pid, self._server)
