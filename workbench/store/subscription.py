"""Waiting for what is new in a run."""

from types import TracebackType
from typing import Self

from workbench.store.stored_run import StoredRun, StoreTotals


class TooManySubscribers(Exception):
    """So many wait for news already that one more is refused: close a page that shows a run, then try again."""


class Subscription:
    """One reader's place in a run. Events that come while it does not wait are one piece of news, not many.

    Use it as a context manager: leaving it frees its place.
    """

    def __init__(self, stored: StoredRun, totals: StoreTotals, after: int) -> None:
        self._stored = stored
        self._totals = totals
        self._changed = stored.changed
        self._seen = after
        self._open = True

    @property
    def version(self) -> int:
        """The version of the run that was last told of: a number that grows with every event."""
        return self._seen

    @property
    def closed(self) -> bool:
        """Whether nothing more will come: the run is finished, dropped or the store is closed, and all was told."""
        with self._changed:
            return not self._open or (self._at_end() and self._seen >= self._stored.version)

    def wait(self, timeout: float) -> bool:
        """Wait for news, at most ``timeout`` seconds: True where the run is newer than what was last told of."""
        with self._changed:
            self._changed.wait_for(lambda: self._stored.version > self._seen or self._at_end(), timeout)
            news = self._stored.version > self._seen
            self._seen = max(self._seen, self._stored.version)
            return news

    def close(self) -> None:
        """Give the place back; a second call does nothing."""
        with self._changed:
            if self._open:
                self._open = False
                self._totals.subscribers -= 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _at_end(self) -> bool:
        return self._stored.finished or self._stored.dropped or self._totals.closed
