"""Workers of all tests forked by one process: the runner's own way, with a server that outlives a runner.

``make test-all`` starts each worker, as systems do that cannot fork.
"""

import contextlib
import os
import select
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from workbench.runner import process, runner
from workbench.runner.environment import read_at_start
from workbench.runner.fork_server import ForkedProcess, ForkServer, WorkerEnds
from workbench.runner.worker_start import WorkerStart
from workbench.system import system


class SessionForks(ForkServer):
    """A server that no runner ends."""

    def close(self) -> None:
        """Go on: other runners use it."""

    def end(self) -> None:
        """End the process."""
        super().close()


FORKS = SessionForks()
_started = process._started


def replace_workers() -> None:
    """Let the runners of this process fork their workers, those too that would start a single one."""
    if system().forks_safely:
        runner.ForkServer = lambda: FORKS  # type: ignore[attr-defined, assignment]
        process._started = _forked


def restore_workers() -> None:
    """Let them start and fork workers as they do for users."""
    runner.ForkServer = ForkServer  # type: ignore[attr-defined]
    process._started = _started


@contextlib.contextmanager
def started_workers() -> Iterator[None]:
    """Within it none is forked by the session's server."""
    before = runner.ForkServer, process._started
    restore_workers()
    yield
    runner.ForkServer, process._started = before  # type: ignore[misc]


def _forked(ends: WorkerEnds, start: WorkerStart, mark: str) -> subprocess.Popen[bytes] | ForkedProcess:
    environment = process.worker_environment(os.environ, mark)
    forked = None if start.is_own else FORKS.fork(environment, ends, replays=start.replays)
    return forked or _started(ends, start, mark)


@dataclass
class PipedWorker:
    """A forked worker with its output in pipes, as ``Popen`` would give it."""

    process: ForkedProcess
    stdout: BufferedReader
    stderr: BufferedReader
    code: int | None = None

    @property
    def pid(self) -> int:
        return self.process.pid

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.code

    def wait(self, seconds: float) -> int:
        """The exit code. Raises :class:`subprocess.TimeoutExpired`."""
        if self.code is None:
            handle = os.pidfd_open(self.pid)
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            ended = poll.poll(seconds * 1000)
            os.close(handle)
            if not ended:
                raise subprocess.TimeoutExpired("a worker", seconds)
            self.code = self.process.wait()
        return self.code


def piped_worker(events: int, control: int) -> PipedWorker | None:
    """A worker with these descriptors and hardly any environment; None where it must be started."""
    stdout, stdout_end = os.pipe()
    stderr, stderr_end = os.pipe()
    environment = {"PATH": os.environ["PATH"]} | read_at_start(os.environ)
    forked = FORKS.fork(environment, WorkerEnds(stdout_end, stderr_end, events, control))
    for fd in (stdout_end, stderr_end):
        os.close(fd)
    if forked is None:
        os.close(stdout)
        os.close(stderr)
        return None
    return PipedWorker(forked, os.fdopen(stdout, "rb"), os.fdopen(stderr, "rb"))
