"""The fuzz sessions that pages have started, each in a thread of its own and one at a time."""

import threading
from collections.abc import Sequence
from typing import Final

from workbench.domain import Run
from workbench.fuzz import FuzzSession, Variant

_MOST: Final = 20
"""Sessions whose findings are kept; the oldest go first."""


class SessionRunning(RuntimeError):
    """Another session is running: its run is ``run_id``."""

    def __init__(self, run_id: str) -> None:
        super().__init__(f"The variants of run {run_id} are still being replayed. Wait for their end, or cancel them.")
        self.run_id = run_id


class FuzzSessions:
    """The last session of each run. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, FuzzSession] = {}
        self._threads: dict[str, threading.Thread] = {}

    def start(self, recorded: Run, variants: Sequence[Variant]) -> FuzzSession:
        """Replay variants of a run. Raises :class:`SessionRunning`."""
        with self._lock:
            running = next((key for key, one in self._sessions.items() if not one.progress.is_over), None)
            if running is not None:
                raise SessionRunning(running)
            session = FuzzSession(recorded, variants)
            self._sessions.pop(recorded.id, None)
            self._sessions[recorded.id] = session
            for old in list(self._sessions)[:-_MOST]:
                del self._sessions[old]
            self._threads = {recorded.id: threading.Thread(target=session.run, name=f"fuzz-{recorded.id}", daemon=True)}
            self._threads[recorded.id].start()
        return session

    def get(self, run_id: str) -> FuzzSession | None:
        """The last session of that run; None where there is none."""
        with self._lock:
            return self._sessions.get(run_id)

    def close(self) -> None:
        """Cancel the running session and wait until its processes are gone."""
        with self._lock:
            sessions, threads = list(self._sessions.values()), list(self._threads.values())
        for session in sessions:
            session.cancel()
        for thread in threads:
            thread.join()
