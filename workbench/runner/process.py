"""A worker process and the pipes to it."""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from secrets import token_hex
from types import TracebackType
from typing import Self

from workbench.events import Command, ExchangeEvents, FrameReader, Message, encode
from workbench.runner.environment import worker_environment
from workbench.runner.fork_server import ForkedProcess, ForkServer, WorkerEnds
from workbench.runner.orphans import RunProcesses
from workbench.runner.worker_start import WorkerStart
from workbench.system import system

_CHUNK = 256 * 1024
_PIPE_SIZE = 1024 * 1024


class WorkerProcess:
    """A worker, alive or dead. Closing it kills what is left of its process group, reaps it and frees the pipes.

    ``events``, ``stdout``, ``stderr`` and ``exit`` are descriptors to select on; the last is readable once the worker
    is dead. All reads and writes return at once. ``killed`` is whether :meth:`kill` was called. ``processes`` are those
    that its run started, ``cpu_seconds`` the processor time that it had used when it was reaped,
    ``program`` the name of the program that it had started in its own place by then: empty for none, None where the
    system does not say.
    """

    def __init__(
        self, start: WorkerStart | None = None, forks: ForkServer | None = None, *, spare: bool = False
    ) -> None:
        """Start one, by a fork where ``forks`` can and the start allows it. Raises :class:`OSError`."""
        start, forks = start or WorkerStart(), None if start and start.is_own else forks
        self.mark = token_hex(8)
        self.events, events_end = _pipe()
        self.stdout, stdout_end = _pipe()
        self.stderr, stderr_end = _pipe()
        control_end, self.control = os.pipe()
        os.set_blocking(self.control, False)
        ends = WorkerEnds(stdout_end, stderr_end, events_end, control_end)
        try:
            environment = worker_environment(os.environ, self.mark)
            forked = forks.fork(environment, ends, spare=spare, replays=start.replays) if forks else None
            self._process = forked or _started(ends, start, self.mark)
        except BaseException:
            for fd in (self.events, self.stdout, self.stderr, self.control):
                os.close(fd)
            raise
        finally:
            for fd in (events_end, stdout_end, stderr_end, control_end):
                os.close(fd)
        self.pid = self._process.pid
        system().prefer_for_memory_killer(self.pid)
        self.exit = system().exit_descriptor(self.pid)
        self.processes = RunProcesses(self.pid, self.mark)
        self._reader = FrameReader()
        self._outbox = bytearray()
        self._pipe_broken = False
        self._returncode: int | None = None
        self.cpu_seconds = 0.0
        self.program: str | None = None
        self.killed = False

    @property
    def streams(self) -> tuple[tuple[str, int], ...]:
        """The raw output streams by name."""
        return ("stdout", self.stdout), ("stderr", self.stderr)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._returncode is None and not _readable(self.exit)

    @property
    def warm(self) -> bool:
        """Whether it has sent something that is not read yet: a spare sends that it is ready."""
        return self.alive and _readable(self.events)

    @property
    def has_unsent(self) -> bool:
        """Whether a command waits for room in the pipe."""
        return bool(self._outbox)

    @property
    def has_read_all(self) -> bool:
        """Whether every command was read. A worker that died before it read its run has done nothing of it."""
        unread = fcntl.ioctl(self.control, termios.FIONREAD, bytes(4))
        return not self._pipe_broken and not self._outbox and not any(unread)

    def send(self, command: Command) -> None:
        """Send a command, or as much of it as the pipe takes; :meth:`flush` sends the rest."""
        self._outbox += encode(command)
        self.flush()

    def flush(self) -> None:
        """Write what waits. A dead worker's commands are dropped."""
        try:
            while self._outbox:
                del self._outbox[: os.write(self.control, self._outbox)]
        except BlockingIOError:
            return
        except OSError:
            self._outbox.clear()
            self._pipe_broken = True

    def receive(self) -> Iterator[Message | ExchangeEvents] | None:
        """The messages that one read completes, or None at the end. Raises :class:`WireError` as they are taken."""
        data = read_some(self.events)
        return None if data == b"" else self._reader.frames(data or b"")

    def signal(self, number: int) -> None:
        """Send a signal to the worker alone."""
        if self._returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill its whole process group at once; before it is reaped, while the number cannot be another's."""
        self.killed = True
        self._kill_group()

    def reap(self) -> int:
        """Kill what is left of the group and wait for the worker's end; its exit code, negative for a signal."""
        if self._returncode is None:
            self._kill_group()
            self.cpu_seconds = system().cpu_seconds(self.pid)
            forked = isinstance(self._process, ForkedProcess)
            self.program = system().program_in_place(self.pid, forked=forked)
            self._returncode = self._process.wait()
        return self._returncode

    def _kill_group(self) -> None:
        if self._returncode is None:
            self.processes.look()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):  # one just forked has no group yet
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it and free the pipes."""
        self.reap()
        for fd in (self.events, self.stdout, self.stderr, self.control, self.exit):
            with contextlib.suppress(OSError):
                os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def read_some(fd: int) -> bytes | None:
    """The bytes of one read: empty at the end, None where there is nothing yet."""
    try:
        return os.read(fd, _CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _started(ends: WorkerEnds, start: WorkerStart, mark: str) -> "subprocess.Popen[bytes] | ForkedProcess":
    return subprocess.Popen(  # noqa: S603  our own interpreter with our own arguments
        [sys.executable, "-P", "-m", "workbench.worker", str(ends.events), str(ends.control), *start.arguments],
        stdin=subprocess.DEVNULL,
        stdout=ends.stdout,
        stderr=ends.stderr,
        pass_fds=(ends.events, ends.control),
        env=worker_environment(os.environ, mark, start.variables),
        start_new_session=True,
    )


def _pipe() -> tuple[int, int]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    system().enlarge_pipe(reading, _PIPE_SIZE)
    return reading, writing


def _readable(fd: int) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(0))
