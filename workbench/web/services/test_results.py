"""The last results of each integration's recorded tests, replayed on request."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.recordings.files import RecordingFile
from workbench.testing.replays import ReplayResult, Replays


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the replays of an integration have come; ``total`` is 0 where none go on."""

    done: int = 0
    total: int = 0

    @property
    def is_live(self) -> bool:
        """Whether replays go on."""
        return self.total > 0


@dataclass(slots=True)
class _Replaying:
    """The replays of one integration, and what they gave."""

    results: dict[str, ReplayResult] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    queue: list[RecordingFile] = field(default_factory=list)
    total: int = 0
    thread: threading.Thread | None = None
    replays: Replays | None = None


class TestResults:
    """Replays recordings in the background and keeps their last results. Safe to use from several threads."""

    __test__ = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, _Replaying] = {}

    def start(self, integration_id: str, files: Sequence[RecordingFile]) -> None:
        """Replay ``files``, after those of this integration that are being replayed; none of them twice."""
        with self._lock:
            known = self._known.setdefault(integration_id, _Replaying())
            added = [one for one in files if one.label not in known.waiting]
            known.waiting |= {one.label for one in added}
            known.queue += added
            known.total += len(added)
            if added and known.replays is None:
                known.replays = Replays()
                known.thread = threading.Thread(
                    target=self._work, args=(known, known.replays), name="workbench-tests", daemon=True
                )
                known.thread.start()

    def put(self, integration_id: str, result: ReplayResult) -> None:
        """Take a result that was found elsewhere."""
        with self._lock:
            self._known.setdefault(integration_id, _Replaying()).results[result.file.label] = result

    def results(self, integration_id: str) -> dict[str, ReplayResult]:
        """The last results by the tests' labels."""
        with self._lock:
            known = self._known.get(integration_id)
            return dict(known.results) if known else {}

    def waiting(self, integration_id: str) -> frozenset[str]:
        """The labels of the tests whose replay has not ended."""
        with self._lock:
            known = self._known.get(integration_id)
            return frozenset(known.waiting) if known else frozenset()

    def progress(self, integration_id: str) -> Progress:
        """How far the replays have come."""
        with self._lock:
            known = self._known.get(integration_id)
            return Progress(known.total - len(known.waiting), known.total) if known and known.waiting else Progress()

    def wait(self, integration_id: str, seconds: float) -> None:
        """Wait for the end of the replays that go on, at most ``seconds``."""
        with self._lock:
            known = self._known.get(integration_id)
            thread = known.thread if known else None
        if thread is not None:
            thread.join(seconds)

    def close(self) -> None:
        """End all replays."""
        with self._lock:
            live = [one.replays for one in self._known.values() if one.replays is not None and one.waiting]
        for replays in live:
            replays.close()

    def _work(self, known: _Replaying, replays: Replays) -> None:
        try:
            with replays:
                while files := self._queued(known):
                    for result in replays.replay_all(files):
                        with self._lock:
                            known.results[result.file.label] = result
                            known.waiting.discard(result.file.label)
        except BaseException:
            with self._lock:
                self._end(known)
            raise

    def _queued(self, known: _Replaying) -> list[RecordingFile]:
        """The files to be replayed next; where there are none, nothing goes on any more."""
        with self._lock:
            files, known.queue = known.queue, []
            if not files:
                self._end(known)
            return files

    def _end(self, known: _Replaying) -> None:
        known.waiting.clear()
        known.queue.clear()
        known.replays, known.total = None, 0
