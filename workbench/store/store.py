"""The store: the runs of this workbench, in memory. The oldest finished ones are dropped when a limit is reached."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from threading import Condition, Lock
from time import time
from types import TracebackType
from typing import Self

from workbench.domain import Kind, Run, RunRequest
from workbench.events import Event, RunFinished
from workbench.store.archive import Archive
from workbench.store.stored_run import StoredRun, StoreTotals, size_of
from workbench.store.subscription import Subscription, TooManySubscribers

_LARGE = 256 * 1024
"""Bytes of a value from which on it is dropped before its run is."""


class UnknownRun(LookupError):
    """No run has this id: it never existed, or it was dropped to make room."""

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"There is no run {run_id!r}. Only the latest {Limits().runs} runs are stored, until the workbench stops."
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a store holds. Running runs are never dropped."""

    runs: int = 500
    bytes: int = 256 * 1024 * 1024
    bytes_of_a_run: int = 64 * 1024 * 1024
    subscribers: int = 64


class Store:
    """Runs by id, in memory. Every method may be called from any thread.

    What leaves it is masked (``‹api_key›`` in place of the secret) unless ``reveal`` is true. ``environ`` is the
    environment that workers inherit: its secrets are masked too. An ``archive`` gives ids and keeps finished runs,
    masked; without one, ids begin at 1. ``on_finished`` hears of each finished run, and gets what gives it, masked.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        archive: Archive | None = None,
        on_finished: Callable[[Callable[[], Run]], None] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self.environ: Mapping[str, str] = dict(environ or {})
        self._runs: dict[str, StoredRun] = {}
        self._ids = count(1)
        self._archive = archive
        self._on_finished = on_finished
        self._totals = StoreTotals()
        self._lock = Lock()

    def create(self, request: RunRequest) -> Run:
        """Accept a run; its id is new and safe in a URL. Returns the masked run, still without events."""
        stored = StoredRun(
            request, time(), self._limits.bytes_of_a_run, Condition(self._lock), self.environ
        )  # this masks and measures, so it stands outside the lock
        stored.id = self._archive.reserve_id() if self._archive else str(next(self._ids))
        with self._lock:
            self._runs[stored.id] = stored
            self._totals.bytes += stored.size
            self._make_room()
        return self._view(stored, reveal=False)

    def append(self, run_id: str, event: Event) -> None:
        """Add an event to a run. Raises :class:`UnknownRun`, and :class:`ValueError` where the event cannot follow."""
        size = size_of(event)
        with self._lock:
            stored = self._stored(run_id)
            self._totals.bytes += stored.add(event, size)
            if stored.finished:
                self._make_room()
            stored.changed.notify_all()
        if isinstance(event, RunFinished) and not stored.request.load_only:
            for hear in (self._archive.put if self._archive else None, self._on_finished):
                if hear is not None:
                    hear(lambda: self._view(stored, reveal=False))

    def extend(self, run_id: str, events: Iterable[Event]) -> None:
        """Add events that came together, none of which ends the run: those who wait for changes are woken once."""
        sized = [(event, size_of(event)) for event in events]
        with self._lock:
            stored = self._stored(run_id)
            self._totals.bytes += sum(stored.add(event, size) for event, size in sized)
            stored.changed.notify_all()

    def secret(self, run_id: str, name: str) -> str | None:
        """The value for which ``name`` stands where a run is masked; None where it stands for none."""
        stored = self._runs.get(run_id)
        return stored.mask.secret(name) if stored else None

    def get(self, run_id: str, *, reveal: bool = False) -> Run | None:
        """The run so far, or None. One from the archive is masked in any case."""
        stored = self._runs.get(run_id)
        if stored is None:
            return self._archive.get(run_id) if self._archive else None
        return self._view(stored, reveal=reveal)

    def holds(self, run_id: str) -> bool:
        """Whether the run is in memory, so that its secrets can be revealed."""
        return run_id in self._runs

    def list(
        self, *, integration_id: str | None = None, kind: Kind | None = None, name: str | None = None, limit: int = 100
    ) -> tuple[Run, ...]:
        """The newest runs first, those of an integration, a kind or a name where these are given; masked."""
        with self._lock:
            newest = list(reversed(self._runs.values()))
        chosen = [
            stored
            for stored in newest
            if integration_id in (None, stored.request.integration_id)
            and kind in (None, stored.request.kind)
            and name in (None, stored.request.name)
        ]
        return tuple(self._view(stored, reveal=False) for stored in chosen[:limit])

    def version(self, run_id: str) -> int:
        """A number that grows with every event of the run. Raises :class:`UnknownRun`."""
        with self._lock:
            return self._stored(run_id).version

    def subscribe(self, run_id: str, *, after: int = -1) -> Subscription:
        """A subscription to what comes after a version; at first everything is new.

        Raises :class:`UnknownRun` and :class:`TooManySubscribers`.
        """
        with self._lock:
            stored = self._stored(run_id)
            if self._totals.subscribers >= self._limits.subscribers:
                raise TooManySubscribers(
                    f"{self._totals.subscribers} pages follow runs already. Close some, then reload this one."
                )
            self._totals.subscribers += 1
            return Subscription(stored, self._totals, after)

    def wait_finished(self, run_id: str, timeout: float | None = None) -> bool:
        """Wait for the end of a run: True once it is over. Takes no subscriber's place. Raises :class:`UnknownRun`."""
        with self._lock:
            stored = self._stored(run_id)
            stored.changed.wait_for(lambda: stored.finished or stored.dropped or self._totals.closed, timeout)
            return stored.finished

    def close(self) -> None:
        """Wake all subscribers and close their subscriptions. Stored runs can still be read."""
        with self._lock:
            self._totals.closed = True
            for stored in self._runs.values():
                stored.changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _stored(self, run_id: str) -> StoredRun:
        if (stored := self._runs.get(run_id)) is None:
            raise UnknownRun(run_id)
        return stored

    def _view(self, stored: StoredRun, *, reveal: bool) -> Run:
        with self._lock:
            raw = stored.raw()
        return raw if reveal else stored.mask.view(raw)

    def _make_room(self) -> None:
        """Drop the largest values of finished runs, then the oldest of these runs, until the rest fits.

        The last one to finish stays whole in any case, and its value, however large, pushes out no runs but values.
        """
        finished = [stored for stored in self._runs.values() if stored.finished]
        others, newest = finished[:-1], finished[-1:]
        for stored in sorted(others, key=lambda stored: stored.value_size, reverse=True):
            if self._totals.bytes <= self._limits.bytes or stored.value_size < _LARGE:
                break
            self._totals.bytes -= stored.drop_value()
            stored.changed.notify_all()
        spared = sum(stored.value_size for stored in newest)
        for stored in others:
            if len(self._runs) <= self._limits.runs and self._totals.bytes - spared <= self._limits.bytes:
                return
            stored.dropped = True
            stored.changed.notify_all()
            self._totals.bytes -= stored.size
            del self._runs[stored.id]
