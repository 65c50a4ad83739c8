"""One installation: the tool in a child process, its output, its end."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from workbench.domain import InstallProgress, InstallState
from workbench.installer.folder import Staging, locked
from workbench.installer.output import OutputSummary
from workbench.installer.tool import find_tool, installer_environment
from workbench.runner import inherited_environment

_GRACE = 3.0
"""Seconds between the request to end and the end of a cancelled installation's processes."""


class Installation:
    """Installs ``arguments`` (as pip takes them, relative to ``cwd``) into a new folder that then replaces ``target``.

    It goes on in a thread of its own. ``keep`` are entries of the old folder that the new one takes over. Where it
    fails or is cancelled the old folder is as it was.
    """

    def __init__(self, arguments: Sequence[str], cwd: Path, target: Path, keep: tuple[str, ...] = ()) -> None:
        """Start. Raises ``NoInstallTool``, ``FolderBusy`` and :class:`OSError`."""
        self._tool = find_tool()
        self._staging = Staging(target)
        self._keep = keep
        self._output = OutputSummary()
        self._lock = threading.Lock()
        self._state, self._cancelled = InstallState.RUNNING, False
        self._started_at = time.time()
        self._ended_at: float | None = None
        self._held = ExitStack()
        self._held.enter_context(locked(target.parent))
        try:
            self._staging.prepare()
            self._process = subprocess.Popen(  # noqa: S603 - our interpreter, with arguments of ours
                self._tool.line(arguments, self._staging.folder),
                cwd=cwd,
                env=installer_environment(inherited_environment(os.environ), self._staging.temporary),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except BaseException:
            self._staging.discard()
            self._held.close()
            raise
        self._thread = threading.Thread(target=self._work, name="workbench-installation", daemon=True)
        self._thread.start()

    @property
    def progress(self) -> InstallProgress:
        """How far it has come."""
        with self._lock:
            return InstallProgress(
                state=self._state,
                tool=self._tool.name,
                started_at=self._started_at,
                ended_at=self._ended_at,
                lines=tuple(self._output.lines),
                packages=self._output.packages,
                step=self._output.step,
                fraction=self._output.fraction,
                reason=self._output.reason,
            )

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    def wait(self, timeout: float | None = None) -> InstallProgress:
        """Wait for its end, at most ``timeout`` seconds; how far it has come then."""
        self._thread.join(timeout)
        return self.progress

    def cancel(self) -> None:
        """End it; does nothing where it is over."""
        with self._lock:
            if self._state is not InstallState.RUNNING or self._cancelled:
                return
            self._cancelled = True
        self._signal(signal.SIGTERM)
        timer = threading.Timer(_GRACE, self._signal, (signal.SIGKILL,))
        timer.daemon = True
        timer.start()

    def _signal(self, number: int) -> None:
        with self._lock:
            if self._process.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, number)

    def _work(self) -> None:
        state = InstallState.FAILED
        try:
            self._read()
            returncode = self._reap()
            if returncode == 0 and not self._cancelled:
                self._staging.commit(self._keep)
                state = InstallState.SUCCEEDED
            elif self._cancelled:
                state = InstallState.CANCELLED
            elif not self._output.reason:
                self._fail(f"{self._tool.name} ended with exit code {returncode}.")
        except OSError as error:
            self._fail(f"The new folder could not be put in its place: {error}")
        finally:
            self._staging.discard()
            with self._lock:
                self._state, self._ended_at = state, time.time()
            self._held.close()

    def _read(self) -> None:
        output = self._process.stdout
        assert output is not None  # noqa: S101 - it is a pipe
        with output:
            while line := output.readline(64 * 1024):
                with self._lock:
                    self._output.add(line.decode("utf-8", "replace"))

    def _reap(self) -> int:
        """The exit code, once the child is gone and whatever it left of its group is killed."""
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self._signal(signal.SIGKILL)
        return self._process.wait()

    def _fail(self, reason: str) -> None:
        with self._lock:
            self._output.reason = reason
