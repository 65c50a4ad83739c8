"""Tests that pages write in the background: each is replayed several times before its file is written."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.recordings.recording import RecordingError
from workbench.runner import RunnerClosed
from workbench.testing.replays import ReplayResult, Replays


@dataclass(frozen=True, slots=True)
class SaveState:
    """How far a test has come: ``replays`` that have ended, and why it was not written, where it was not.

    ``run_id`` is the run that becomes the test, empty where a test gets another outcome.
    """

    run_id: str
    replays: int
    is_live: bool
    error: str = ""


@dataclass(slots=True)
class _Save:
    run_id: str
    replays: Replays | None
    ended: threading.Event = field(default_factory=threading.Event)
    count: int = 0
    error: str = ""


class TestSaves:
    """The last save of each test. Safe to use from several threads."""

    __test__ = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[tuple[str, str], _Save] = {}

    def start(
        self,
        integration_id: str,
        label: str,
        work: Callable[[Replays], ReplayResult],
        done: Callable[[str, ReplayResult], None],
        *,
        run_id: str = "",
    ) -> None:
        """Do ``work`` for a test, unless that test is being written; ``done`` gets its result."""
        with self._lock:
            last = self._last.get((integration_id, label))
            if last is not None and not last.ended.is_set():
                return
            replays = Replays(1, forks=False)
            save = self._last[integration_id, label] = _Save(run_id, replays)

        def target() -> None:
            try:
                with replays:
                    done(integration_id, work(replays))
            except RecordingError as error:
                save.error = str(error)
            except RunnerClosed:
                save.error = "The workbench was stopped before the test was written."
            except BaseException:
                save.error = "The workbench failed, and the test was not written. The terminal shows why."
                raise
            finally:
                save.count, save.replays = replays.ended, None
                save.ended.set()

        threading.Thread(target=target, name="workbench-save", daemon=True).start()

    def get(self, integration_id: str, label: str) -> SaveState | None:
        """The state of the last save; None where there was none."""
        save = self._get(integration_id, label)
        if save is None:
            return None
        replays = save.replays
        return SaveState(save.run_id, replays.ended if replays else save.count, replays is not None, save.error)

    def wait(self, integration_id: str, label: str, seconds: float) -> SaveState | None:
        """The state at the end of the save, or after ``seconds``."""
        if save := self._get(integration_id, label):
            save.ended.wait(seconds)
        return self.get(integration_id, label)

    def close(self) -> None:
        """End all saves; what was not written by then is not written."""
        with self._lock:
            live = [one.replays for one in self._last.values()]
        for replays in live:
            if replays is not None:
                replays.close()

    def _get(self, integration_id: str, label: str) -> _Save | None:
        with self._lock:
            return self._last.get((integration_id, label))
