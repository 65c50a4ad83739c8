"""Processes that a run left behind: those that carry its mark in their environment."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from workbench.runner.environment import MARK

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A process that outlived its run."""

    pid: int
    command: str

    def __str__(self) -> str:
        return f"{self.command or 'a process'} (process {self.pid})"


def end_leftovers(mark: str) -> list[Leftover]:
    """Kill every process that bears the mark, also those that made a session of their own; gives what was found.

    Where there is no ``/proc`` (or a process cleared its environment) nothing is found.
    """
    found = []
    needle = f"{MARK}={mark}".encode()
    for pid in _processes():
        if pid == os.getpid() or needle not in _read(pid, "environ"):
            continue
        command = _read(pid, "cmdline").replace(b"\0", b" ").decode("utf-8", "replace").strip()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
            found.append(Leftover(pid, command))
    return found


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
