"""Processes that outlived their run, found by the mark in their environment."""

import contextlib
import os
import select
import signal
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from workbench.runner.environment import MARK

_PROC = Path("/proc")
_ROUNDS = 5
_WAIT = 2.0
"""Seconds in which a killed process has to be gone; a busy machine needs more than a moment."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """A process that outlived its run."""

    pid: int
    command: str

    def __str__(self) -> str:
        return f"{self.command or 'a process'} (process {self.pid})"


def end_orphans(mark: str) -> list[Orphan]:
    """Kill every process with the mark, also those in a session of their own; returns what was found.

    They are gone when this returns. Where there is no ``/proc``, and for a process that cleared its environment, only
    the process group is left to kill.
    """
    found: dict[int, Orphan] = {}
    for _ in range(_ROUNDS):  # again, since one may have forked another meanwhile
        fresh = [orphan for orphan in _marked(mark) if orphan.pid not in found]
        if not fresh:
            break
        found |= {orphan.pid: orphan for orphan in fresh}
        _end([orphan.pid for orphan in fresh])
    return list(found.values())


def _marked(mark: str) -> list[Orphan]:
    needle = f"{MARK}={mark}".encode()
    return [
        Orphan(pid, _read(pid, "cmdline").replace(b"\0", b" ").decode("utf-8", "replace").strip())
        for pid in _processes()
        if pid != os.getpid() and needle in _read(pid, "environ")
    ]


def _end(pids: list[int]) -> None:
    """Kill processes and wait until they are gone, :data:`_WAIT` seconds at most."""
    handles = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            handles.append(os.pidfd_open(pid))
            signal.pidfd_send_signal(handles[-1], signal.SIGKILL)
    deadline = monotonic() + _WAIT
    for handle in handles:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.poll(max(0.0, deadline - monotonic()) * 1000)
        os.close(handle)


def _processes() -> list[int]:
    try:
        return [int(path.name) for path in _PROC.iterdir() if path.name.isdigit()]
    except OSError:
        return []


def _read(pid: int, name: str) -> bytes:
    try:
        return (_PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""
