"""Processes that outlived their run: found by its mark, by parent or by session, and ended."""

from dataclasses import dataclass

from workbench.system import MARK, ProcessEntry, system

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


class RunProcesses:
    """The processes of one run, below its worker or beside it, in a session of their own too."""

    def __init__(self, worker: int, mark: str) -> None:
        self._worker = worker
        self._mark = mark
        begun = system().process(worker)
        self._begun = begun.started if begun else 0.0
        self._seen: set[ProcessEntry] = set()

    def look(self) -> None:
        """Remember what runs below the worker; call it while the worker lives, where the mark alone may miss some."""
        if not system().sees_all_processes:
            self._seen.update(self._relatives(system().processes()))

    def end(self) -> list[Orphan]:
        """Kill every process of the run but the worker itself; returns what was found. They are gone then."""
        found: dict[int, Orphan] = {}
        for _ in range(_ROUNDS):  # again, since one may have forked another meanwhile
            fresh = [pid for pid in self._pids() if pid not in found]
            if not fresh:
                break
            found |= {pid: Orphan(pid, system().command(pid)) for pid in fresh}
            system().end(fresh, _WAIT)
        return list(found.values())

    def _pids(self) -> list[int]:
        entries = system().processes()
        related = self._relatives(entries) | self._seen
        young = [one for one in entries if one.started >= self._begun and one.pid != self._worker]
        return [one.pid for one in young if one in related or system().bears_mark(one.pid, MARK, self._mark)]

    def _relatives(self, entries: list[ProcessEntry]) -> set[ProcessEntry]:
        """Those in the worker's session, and all whose parent or a parent of that is of the run."""
        found = {one for one in entries if one.session == self._worker or one.parent == self._worker}
        parents = {one.pid for one in found} | {one.pid for one in self._seen if one in entries}
        while more := {one for one in entries if one.parent in parents and one not in found}:
            found |= more
            parents = {one.pid for one in more}
        return {one for one in found if one.pid != self._worker}
