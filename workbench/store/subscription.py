"""Waiting for what is new in a run."""

from types import TracebackType
from typing import Self

from workbench.store.entry import Entry, Ledger


class TooManySubscribers(Exception):
    """So many wait for news already that one more is refused: close a page that shows a run, then try again."""


class Subscription:
    """One reader's place in a run. Events that come while it does not wait are one piece of news, not many.

    Use it as a context manager: leaving it frees its place.
    """

    def __init__(self, entry: Entry, ledger: Ledger, after: int) -> None:
        self._entry = entry
        self._ledger = ledger
        self._changed = entry.changed
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
            return not self._open or (self._at_end() and self._seen >= self._entry.version)

    def wait(self, timeout: float) -> bool:
        """Wait for news, at most ``timeout`` seconds: True where the run is newer than what was last told of."""
        with self._changed:
            self._changed.wait_for(lambda: self._entry.version > self._seen or self._at_end(), timeout)
            news = self._entry.version > self._seen
            self._seen = max(self._seen, self._entry.version)
            return news

    def close(self) -> None:
        """Give the place back; a second call does nothing."""
        with self._changed:
            if self._open:
                self._open = False
                self._ledger.subscribers -= 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _at_end(self) -> bool:
        return self._entry.finished or self._entry.dropped or self._ledger.closed
