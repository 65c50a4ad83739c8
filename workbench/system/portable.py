"""The portable way: POSIX calls, threads that wait, and psutil for the table of processes."""

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from workbench.system.processes import ProcessEntry

if TYPE_CHECKING:
    import psutil  # 20 ms, which neither a worker nor Linux needs

_HIGH = 500
"""Descriptors of the workbench's own start here in a worker, so that code which closes the low ones spares them."""

_ROOM = 32
"""Descriptors that stay free above ours, where the system allows few."""

_SEEN = 0.5
"""Seconds within which the workbench has looked for the children of a worker that is done."""

_POLL = 0.01
"""Seconds between two looks at whether a process has ended."""


class PortableSystem:
    """What every supported system can do, some of it in a weaker way; a subclass does better where its system can."""

    packages = frozenset({"psutil"})
    """The packages that this imports, in workers too."""

    sees_all_processes = False
    """Whether :meth:`bears_mark` finds each process of a run, whatever it did to its environment and session."""

    forks_safely = False
    """Whether a fork of a Python process works as one that was started: on macOS it does not."""

    def close_network(self) -> bool:
        """Cut this process and its children off from the network, C code included; whether the system can do that."""
        return False

    # Processes, seen from the workbench

    def exit_descriptor(self, pid: int) -> int:
        """A descriptor that becomes readable when the child process ``pid`` ends; the caller closes it."""
        reading, writing = os.pipe()

        def wait() -> None:
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            os.close(writing)

        threading.Thread(target=wait, name="workbench-exit", daemon=True).start()
        return reading

    def prefer_for_memory_killer(self, pid: int) -> None:
        """Let the system end that process rather than the workbench if memory runs out, where it can choose."""

    def memory_kills(self) -> int | None:
        """How many processes the system has killed because memory ran out; None where it does not say."""
        return None

    def processes(self) -> list[ProcessEntry]:
        """The processes of this machine that run, as far as they can be seen."""
        return list(self._processes())

    def process(self, pid: int) -> ProcessEntry | None:
        """One process, None where there is none of that number."""
        import psutil

        try:
            return _entry(psutil.Process(pid))
        except psutil.Error:
            return None

    def is_suspended(self, pid: int) -> bool:
        """Whether a process has been stopped by a signal such as ``SIGSTOP``, and waits to be continued."""
        import psutil

        try:
            return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
        except psutil.Error:
            return False

    def cpu_seconds(self, pid: int) -> float:
        """The processor time that a process has used, also one that is dead and not reaped; 0 where it is not known."""
        import psutil

        try:
            times = psutil.Process(pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def program_in_place(self, pid: int, *, forked: bool) -> str | None:
        """The name of the program that runs in the place of a worker, also in one that is dead and not reaped.

        Empty where it is the worker still, which was ``forked`` or started by a program; None where the system does
        not say.
        """
        return None

    def command(self, pid: int) -> str:
        """The command line of a process, empty where it cannot be read."""
        import psutil

        try:
            return " ".join(psutil.Process(pid).cmdline())
        except psutil.Error:
            return ""

    def bears_mark(self, pid: int, name: str, mark: str) -> bool:
        """Whether a process has inherited :meth:`set_mark`'s mark, in its environment under ``name`` or elsewhere."""
        import psutil

        try:
            return bool(psutil.Process(pid).environ().get(name) == mark)
        except (psutil.Error, OSError):
            return False

    def end(self, pids: Iterable[int], seconds: float) -> None:
        """Kill processes and wait until they are gone, so many seconds at most."""
        deadline, left = time.monotonic() + seconds, []
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
                left.append(pid)
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if self.process(pid) is not None]
            time.sleep(_POLL if left else 0)

    def enlarge_pipe(self, fd: int, size: int) -> None:
        """Let a pipe hold ``size`` bytes, where the system can do that."""

    def message_pair(self) -> tuple[socket.socket, socket.socket]:
        """Two connected sockets that keep messages apart and pass descriptors on."""
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)

    def forbid_inspection(self) -> bool:
        """Let no other process of this user read this one's memory and environment; whether the system can do that."""
        return False

    def return_freed_memory(self) -> None:
        """Let large blocks of this process go back to the system once they are freed, where it keeps them."""

    # A worker, about itself

    def open_sockets(self) -> list[str]:
        """Names of the sockets that this process has open."""
        return [name for name, _, _ in self.connections()]

    def connections(self) -> list[tuple[str, str, int]]:
        """The name of a socket, the remote host and port, of each open TCP connection that it did not accept itself."""
        import psutil

        try:
            found = psutil.Process().net_connections("tcp")
        except psutil.Error:
            return []
        served = {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN}
        outgoing = [one for one in found if one.raddr and one.laddr.port not in served]
        return [(f"{one.laddr}{one.raddr}", one.raddr.ip, one.raddr.port) for one in outgoing]

    def wait_to_be_seen(self) -> None:
        """Give the workbench the time to see the children of this process, which is about to end, where it needs it."""
        with contextlib.suppress(ChildProcessError):  # it has none
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            time.sleep(_SEEN)

    limits_memory = False
    """Whether :meth:`limit_memory` has an effect; elsewhere the workbench looks at :meth:`memory_of` now and then."""

    def limit_memory(self, size: int) -> None:
        """Let this process and each of its children have so many bytes of memory."""

    def memory_of(self, pid: int) -> int:
        """The bytes of memory that a process has, 0 where it is not known."""
        import psutil

        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return 0

    def set_mark(self, mark: str) -> None:
        """Give this process a mark that all its children inherit and do not lose with their environment."""

    def move_high(self, fd: int) -> int:
        """A copy of ``fd`` above those that code opens by itself, not inheritable; ``fd`` is closed."""
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, self.lowest_descriptor())
        os.close(fd)
        return high

    def lowest_descriptor(self) -> int:
        """The number from which on descriptors of ours stand in a worker, as high as the limit allows."""
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return _HIGH if limit == resource.RLIM_INFINITY else max(3, min(_HIGH, limit - _ROOM))

    def separate_descriptors(self) -> bool:
        """Give the calling thread descriptors of its own, copies of those that are open, which no other can close.

        Whether the system can do that.
        """
        return False

    def threads(self) -> int:
        """How many threads this process has, those of C code too where the system says."""
        return threading.active_count()

    def seconds_in_queue(self) -> float:
        """How long the other threads of this process were ready and waited for a processor; 0 where nothing tells."""
        return 0.0

    def flush_c_streams(self) -> None:
        """Write what C code has in its buffers for stdout and stderr."""
        ctypes.CDLL(None).fflush(None)

    def _processes(self) -> Iterator[ProcessEntry]:
        import psutil

        for one in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if (entry := _entry(one)) is not None:
                    yield entry


def _entry(one: "psutil.Process") -> ProcessEntry | None:
    """The entry of a process that runs. Raises :class:`psutil.Error` for one that is gone."""
    import psutil

    with one.oneshot():
        if one.status() == psutil.STATUS_ZOMBIE:
            return None
        try:
            session = os.getsid(one.pid)
        except OSError:
            session = 0
        return ProcessEntry(one.pid, one.ppid(), session, one.create_time())
