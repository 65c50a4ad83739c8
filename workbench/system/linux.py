"""The Linux way: descriptors of processes, ``/proc``, a mark in a resource limit, and descriptors of a thread's own."""

import contextlib
import ctypes
import fcntl
import os
import re
import resource
import select
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.system import linux_sockets
from workbench.system.closed_network import close_network
from workbench.system.portable import PortableSystem
from workbench.system.processes import ProcessEntry

_PROC = Path("/proc")
_PR_SET_DUMPABLE = 4
_FORKED_WITHOUT_EXEC = 0x40
_CAUGHT = re.compile(rb"^SigCgt:\s*([0-9a-f]+)$", re.MULTILINE)
_FATAL_SIGNALS = sum(1 << number - 1 for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE))
"""As a mask: those that a worker has handlers for, so that it says where it crashed."""
_OOM_SCORE = "800"
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGE_BLOCK = 1024 * 1024
"""Bytes from which on a block of memory is apart, so that it goes back as soon as it is freed."""
_MARK_BASE = 1 << 60
"""A time limit of real-time scheduling as no one sets it, in microseconds: it carries the mark and limits nothing."""


class LinuxSystem(PortableSystem):
    """Falls back to the portable way call by call, where a kernel or a sandbox does not allow it."""

    packages = frozenset[str]()
    sees_all_processes = True
    limits_memory = True
    forks_safely = hasattr(os, "pidfd_open")

    def close_network(self) -> bool:
        """By a network namespace, else by Landlock."""
        return close_network()

    def exit_descriptor(self, pid: int) -> int:
        """A descriptor of the process itself."""
        try:
            return os.pidfd_open(pid)
        except OSError:
            return super().exit_descriptor(pid)

    def prefer_for_memory_killer(self, pid: int) -> None:
        """Raise its score. Child processes inherit this."""
        with contextlib.suppress(OSError):
            (_PROC / str(pid) / "oom_score_adj").write_text(_OOM_SCORE)

    def memory_kills(self) -> int | None:
        """The kernel's count, of the whole machine or of what of it this container sees."""
        for line in _read(_PROC / "vmstat").splitlines():
            if line.startswith(b"oom_kill "):
                return int(line.split()[1])
        return None

    def process(self, pid: int) -> ProcessEntry | None:
        """One process, from its line of figures."""
        fields = _figures(pid)
        if len(fields) < 20 or fields[0] in (b"Z", b"X"):
            return None
        return ProcessEntry(pid, int(fields[1]), int(fields[3]), float(fields[19]))

    def is_suspended(self, pid: int) -> bool:
        """Known by the state of the process."""
        return _figures(pid)[:1] == [b"T"]

    def cpu_seconds(self, pid: int) -> float:
        """The same line has it, of all threads together."""
        fields = _figures(pid)
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if len(fields) > 12 else 0.0

    def program_in_place(self, pid: int, *, forked: bool) -> str | None:
        """A fork is known by a flag of its process until it starts a program, and any start takes handlers away."""
        status = _read(_PROC / str(pid) / "status")
        fields, caught = _figures(pid), _CAUGHT.search(status)
        if len(fields) < 7 or caught is None:
            return None
        is_own = int(fields[6]) & _FORKED_WITHOUT_EXEC if forked else int(caught[1], 16) & _FATAL_SIGNALS
        return "" if is_own else _read(_PROC / str(pid) / "comm").decode("utf-8", "replace").strip()

    def command(self, pid: int) -> str:
        """The command line of a process, empty where it cannot be read."""
        return _read(_PROC / str(pid) / "cmdline").replace(b"\0", b" ").decode("utf-8", "replace").strip()

    def bears_mark(self, pid: int, name: str, mark: str) -> bool:
        """Whether the mark stands among the limits of the process, which nothing clears, or in its environment."""
        if b" %d " % _limit_of(mark) in _read(_PROC / str(pid) / "limits"):
            return True
        return f"{name}={mark}".encode() in _read(_PROC / str(pid) / "environ").split(b"\0")

    def end(self, pids: Iterable[int], seconds: float) -> None:
        """Kill processes by descriptors of theirs, so that none is hit that has taken a number since."""
        handles: list[int] = []
        for pid in pids:
            with contextlib.suppress(OSError):
                handles.append(os.pidfd_open(pid))
                signal.pidfd_send_signal(handles[-1], signal.SIGKILL)
        deadline = time.monotonic() + seconds
        for handle in handles:
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
            os.close(handle)

    def enlarge_pipe(self, fd: int, size: int) -> None:
        """Let a pipe hold ``size`` bytes, unless this user has used up the room for pipes."""
        with contextlib.suppress(OSError):
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, size)

    def message_pair(self) -> tuple[socket.socket, socket.socket]:
        """The same, and the end of one is seen by the other."""
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def forbid_inspection(self) -> bool:
        """Make this process non-dumpable; programs that it starts are as ever."""
        return bool(ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)

    def return_freed_memory(self) -> None:
        """Keep large blocks apart for good.

        By itself glibc takes them from the heaps of its threads once one was freed, and keeps what is between others.
        """
        with contextlib.suppress(AttributeError):  # another C library, which does not do that
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
            libc.mallopt(_M_TRIM_THRESHOLD, 4 * _LARGE_BLOCK)

    def wait_to_be_seen(self) -> None:
        """Wait for nothing: the mark is found later too."""

    def open_sockets(self) -> list[str]:
        """The inodes of the sockets, without Unix sockets."""
        return list(linux_sockets.open_sockets())

    def connections(self) -> list[tuple[str, str, int]]:
        """Those that the kernel lists with an inode of :meth:`open_sockets`."""
        return list(linux_sockets.connections())

    def threads(self) -> int:
        """The kernel's count."""
        return len(os.listdir(_PROC / "self" / "task"))  # noqa: PTH208

    def seconds_in_queue(self) -> float:
        """As the kernel counts it, for each thread that there is."""
        own, found = str(threading.get_native_id()), 0
        for name in os.listdir(_PROC / "self" / "task"):  # noqa: PTH208
            with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended, or the kernel does not count
                text = (_PROC / "self" / "task" / name / "schedstat").read_text()
                found += int(text.split()[1]) if name != own else 0
        return found / 1e9

    def limit_memory(self, size: int) -> None:
        """Limit its data, which the kernel counts when it is asked for: Python then raises :class:`MemoryError`."""
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (size, size))

    def set_mark(self, mark: str) -> None:
        """Put it into a resource limit: that is inherited by every child, whatever its environment and session."""
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_RTTIME, (_limit_of(mark),) * 2)

    def separate_descriptors(self) -> bool:
        """Take the calling thread's table of descriptors out of that of the process."""
        try:
            os.unshare(os.CLONE_FILES)
        except OSError:  # a container may forbid it
            return False
        return True

    def _processes(self) -> Iterator[ProcessEntry]:
        for name in os.listdir(_PROC):  # noqa: PTH208 - a few hundred names, of which most are no paths to look at
            if name.isdigit() and (entry := self.process(int(name))) is not None:
                yield entry


def _figures(pid: int) -> list[bytes]:
    """What the kernel says of a process, from its state on; empty where there is none."""
    # the name in parentheses may hold anything, so the fields are counted from its end
    return _read(_PROC / str(pid) / "stat").rpartition(b")")[2].split()


def _limit_of(mark: str) -> int:
    """The mark, 16 hexadecimal digits, as a limit."""
    return _MARK_BASE + (int(mark, 16) >> 5)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
