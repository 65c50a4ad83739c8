"""A subscription to the changes of a run."""

from types import TracebackType
from typing import Self

from workbench.store.stored_run import StoredRun, StoreTotals


class TooManySubscribers(Exception):
    """The limit of subscribers is reached. Close a page that shows a run, then try again."""


class Subscription:
    """One reader of a run. Events that come while it does not wait are one change, not many.

    Use it as a context manager, which closes it.
    """

    def __init__(self, stored: StoredRun, totals: StoreTotals, after: int) -> None:
        self._stored = stored
        self._totals = totals
        self._changed = stored.changed
        self._reported = after
        self._open = True

    @property
    def version(self) -> int:
        """The version of the run that was reported last: a number that grows with every event."""
        return self._reported

    @property
    def newest(self) -> int:
        """The version of the run as it is now."""
        with self._changed:
            return self._stored.version

    @property
    def closed(self) -> bool:
        """Whether nothing more will come: the run is finished, dropped or the store is closed, and all is reported."""
        with self._changed:
            return not self._open or (self._at_end() and self._reported >= self._stored.version)

    def wait(self, timeout: float) -> bool:
        """Wait for a change, at most ``timeout`` seconds: True where the run is newer than :attr:`version`."""
        with self._changed:
            self._changed.wait_for(lambda: self._stored.version > self._reported or self._at_end(), timeout)
            changed = self._stored.version > self._reported
            self._reported = max(self._reported, self._stored.version)
            return changed

    def close(self) -> None:
        """End the subscription; a second call does nothing."""
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
