"""The fuzz sessions that pages have started, each in a thread of its own and one at a time."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from workbench.domain import Run, Status
from workbench.fuzz import FuzzSession, Variant
from workbench.store import Store, UnknownRun

_MOST: Final = 20
"""Sessions whose findings are kept; the oldest go first."""
_MOMENT: Final = 0.5
"""Seconds after which a thread looks whether the workbench is being stopped."""


class SessionRunning(RuntimeError):
    """Another session is running: its run is ``run_id``."""

    def __init__(self, run_id: str) -> None:
        super().__init__(f"The variants of run {run_id} are still being replayed. Wait for their end, or cancel them.")
        self.run_id = run_id


@dataclass(frozen=True, slots=True)
class SessionStart:
    """What a form said: ``source`` is what the run is made of, empty for a run that was there; ``most`` replays."""

    source: str = ""
    most: int = 200
    seed: int = 0


class FuzzSessions:
    """The last session of each run. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sessions: dict[str, FuzzSession] = {}
        self._starts: dict[str, SessionStart] = {}
        self._handlers: dict[tuple[str, str, str], str] = {}
        self._closed = threading.Event()
        self._thread: tuple[str, threading.Thread] | None = None

    @property
    def running(self) -> str:
        """The run whose session is running or about to begin; empty where there is none."""
        with self._lock:
            now = self._thread
        return now[0] if now is not None and now[1].is_alive() else ""

    def check_free(self) -> None:
        """Raise :class:`SessionRunning` where a session is running."""
        if running := self.running:
            raise SessionRunning(running)

    def start(self, recorded: Run, variants: Sequence[Variant], begun: SessionStart) -> FuzzSession:
        """Replay variants of a run. Raises :class:`SessionRunning`."""
        with self._lock:
            self.check_free()
            before = self._starts.get(recorded.id, begun)
            session = self._keep(recorded, variants, replace(begun, source=before.source))
            self._begin(recorded, session.run)
        return session

    def start_after(
        self,
        made: Run,
        store: Store,
        choose: Callable[[Run], Sequence[Variant]],
        *,
        begun: SessionStart,
        must_succeed: bool = False,
    ) -> None:
        """Replay variants of a run that goes on, once it has ended. Raises :class:`SessionRunning`.

        With ``must_succeed`` nothing is replayed of a run that has not succeeded.
        """

        def follow() -> None:
            with suppress(UnknownRun):
                while not store.wait_finished(made.id, _MOMENT):
                    if self._closed.is_set():
                        return
            run = store.get(made.id, reveal=True)
            status = run.outcome.status if run else Status.CANCELLED
            if run and (status is Status.SUCCEEDED or (status is not Status.CANCELLED and not must_succeed)):
                self._keep(run, choose(run), begun).run()

        with self._lock:
            self.check_free()
            self._note(made, begun)
            self._begin(made, follow)

    def get(self, run_id: str) -> FuzzSession | None:
        """The last session of that run; None where there is none."""
        with self._lock:
            return self._sessions.get(run_id)

    def begun(self, run_id: str) -> SessionStart:
        """What the form said that began the last session of a run; the defaults where there was none."""
        with self._lock:
            return self._starts.get(run_id, SessionStart())

    def last_of(self, integration_id: str, kind: str, name: str) -> str:
        """The run of the last session of a handler; empty where there is none."""
        with self._lock:
            return self._handlers.get((integration_id, kind, name), "")

    def is_waiting(self, run_id: str) -> bool:
        """Whether a session will begin once that run has ended."""
        with self._lock:
            now = self._thread
            return now is not None and now[0] == run_id and now[1].is_alive() and run_id not in self._sessions

    def wait(self, run_id: str, timeout: float) -> None:
        """Wait until the session of that run is over, at most so many seconds."""
        with self._lock:
            now = self._thread
        if now is not None and now[0] == run_id:
            now[1].join(timeout)

    def close(self) -> None:
        """Cancel the running session and wait until its processes are gone."""
        self._closed.set()
        with self._lock:
            sessions, now = list(self._sessions.values()), self._thread
        for session in sessions:
            session.cancel()
        if now is not None:
            now[1].join()

    def _keep(self, recorded: Run, variants: Sequence[Variant], begun: SessionStart) -> FuzzSession:
        session = FuzzSession(recorded, variants)
        with self._lock:
            self._sessions.pop(recorded.id, None)
            self._sessions[recorded.id] = session
            self._note(recorded, begun)
            for old in list(self._sessions)[:-_MOST]:
                del self._sessions[old]
        return session

    def _note(self, run: Run, begun: SessionStart) -> None:
        self._starts.pop(run.id, None)
        self._starts[run.id] = begun
        for old in list(self._starts)[:-_MOST]:
            del self._starts[old]

    def _begin(self, run: Run, work: Callable[[], object]) -> None:
        asked = run.request
        self._handlers[asked.integration_id, asked.kind.value, asked.name] = run.id
        thread = threading.Thread(target=work, name=f"fuzz-{run.id}", daemon=True)
        self._thread = run.id, thread
        thread.start()
