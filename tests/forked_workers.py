"""Workers that are forked from one that has imported all it needs: a hundredth of what starting one costs.

``make test-all`` starts each worker as users' machines do. A forked one differs in what the system says of how it was
started (``/proc/<pid>/environ``), so tests of that start their own. Run as a script, this is the command ``workbench``
with such workers.
"""

import asyncio
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_CLONE_PARENT = 0x00008000
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}
_STEM = "import runpy, sys; runpy.run_path(sys.argv[1])['serve'](int(sys.argv[2]))"


def available() -> bool:
    """Whether this system can fork a sibling."""
    return sys.platform == "linux" and os.uname().machine in _SYS_CLONE


def replace_workers() -> None:
    """Let the runner of this process fork its workers."""
    from workbench.runner import process

    process.subprocess = SimpleNamespace(Popen=ForkedWorker, DEVNULL=subprocess.DEVNULL)  # type: ignore[attr-defined]


class ForkedWorker(subprocess.Popen[bytes]):
    """A worker process, waited for and killed like one that was started; takes what the runner gives to ``Popen``."""

    _stem: "tuple[subprocess.Popen[bytes], socket.socket] | None" = None
    _turn = threading.Lock()

    def _execute_child(self, *given: Any) -> None:
        """Ask for a fork with the given ends of the pipes; the arguments are those of the method that this replaces."""
        command, _, _, _, pass_fds, _, environment, *_ = given
        pipes = given[10:16]
        assert command[1:4] == ["-P", "-m", "workbench.worker"]
        if len(command) > 6:  # one that must not have imported anything yet
            getattr(super(), "_execute_child")(*given)  # noqa: B009 - a method that type checkers do not know
            return
        try:
            with self._turn:
                _, server = self._server()
                message = json.dumps([environment, str(Path.cwd())]).encode()
                socket.send_fds(server, [message], [pipes[3], pipes[5], *pass_fds])
                self.pid = int(server.recv(32))
        finally:
            self._close_pipe_fds(*pipes)
        self._child_created = True

    @classmethod
    def _server(cls) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        """The process that forks, started for the first worker, and the connection to it."""
        if cls._stem is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                command = [sys.executable, "-P", "-c", _STEM, __file__, str(theirs.fileno())]
                process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
            cls._stem = process, ours
        return cls._stem

    @classmethod
    def end(cls) -> None:
        """End the process that forks."""
        if cls._stem is not None:
            process, connection = cls._stem
            connection.close()
            process.wait(20)
            cls._stem = None


def serve(fd: int) -> None:
    """Fork a worker for each message, a child of our parent, until the connection ends."""
    from workbench.worker.process import main
    from workbench.worker.warm_up import warm_up

    with closing(asyncio.new_event_loop()) as loop:
        warm_up(loop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=fd) as connection:
        while True:
            message, fds, _, _ = socket.recv_fds(connection, 1 << 20, 4)
            if not message:
                return
            leading, led = os.pipe()
            pid = _fork_sibling()
            if pid == 0:
                connection.close()
                os.setsid()
                os.close(leading)
                os.close(led)
                _become_worker(fds, *json.loads(message))
                main(*fds[2:])
                os._exit(0)
            for one in (led, *fds):
                os.close(one)
            os.read(leading, 1)  # ends once it leads its group: until then it could not be killed by the group
            os.close(leading)
            connection.send(b"%d" % pid)


def _fork_sibling() -> int:
    api, libc = ctypes.pythonapi, ctypes.PyDLL(None)
    api.PyOS_BeforeFork()
    pid = libc.syscall(_SYS_CLONE[os.uname().machine], _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
    (api.PyOS_AfterFork_Child if pid == 0 else api.PyOS_AfterFork_Parent)()
    return pid


def _become_worker(fds: list[int], environment: dict[str, str], folder: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(fds[0], 1)
    os.dup2(fds[1], 2)
    os.close(fds[0])
    os.close(fds[1])
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv[:] = ["workbench.worker", *map(str, fds[2:])]


if __name__ == "__main__":
    from workbench.cli import main as command

    replace_workers()
    command(prog_name="workbench")
