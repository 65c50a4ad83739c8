"""The history as the archive of a store."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import count
from time import monotonic
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from workbench.domain import Run, RunSummary
from workbench.history.entry import Entry, EntryFilter
from workbench.history.history import History
from workbench.history.retention import Retention
from workbench.history.writer import HistoryWriter

_LOG = logging.getLogger(__name__)
_FAILURES: Final = (SQLAlchemyError, ValueError, TypeError)
"""What reading raises: the database's own error, :class:`UnreadableRun`, and what a damaged row makes of a value."""

_REMEMBERED: Final = 4
"""Runs that were read and stay in memory: a page asks for one several times."""
_FRESH: Final = 1.0
"""Seconds for which a list of runs is not read again unless this process changes it: many pages open at once."""
_MOST_LISTS: Final = 100


class HistoryArchive:
    """Gives ids that go on after a restart, and reads what was written. Where the database fails, runs go on.

    A run whose id the database could not give is not written; its id begins with a letter.
    """

    def __init__(self, history: History, summarize: Callable[[Run], RunSummary]) -> None:
        self.history = history
        self._lists: dict[Hashable, tuple[float, tuple[Entry, ...]]] = {}
        self.writer = HistoryWriter(history, summarize, self._lists.clear)
        self._unsaved = count(1)
        self._read: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()

    def reserve_id(self) -> str:
        """The id of the next run."""
        try:
            return str(self.history.reserve_id())
        except _FAILURES as error:
            _LOG.warning("The history gives no ids: %s", str(getattr(error, "orig", None) or error).partition("\n")[0])
            return f"u{next(self._unsaved)}"

    def put(self, run: Callable[[], Run]) -> None:
        """Write a finished run soon."""
        self.writer.put(run)

    def get(self, run_id: str) -> Run | None:
        """A run that was written, or None; None too where it cannot be read, which the log says."""
        number = _number(run_id)
        if number is None:
            return None
        with self._lock:
            if (known := self._read.get(run_id)) is not None:
                return known
        try:
            run = self.history.get(number)
        except _FAILURES as error:
            _LOG.warning("Run %s cannot be read from the history: %s", run_id, error)
            return None
        if run is not None:
            with self._lock:
                self._read[run_id] = run
                while len(self._read) > _REMEMBERED:
                    self._read.popitem(last=False)
        return run

    def latest(self, integration_id: str | None = None) -> tuple[Entry, ...]:
        """The newest run of each handler, of one integration or of all; none where the database fails."""
        try:
            return self._list(integration_id, lambda: self.history.latest(integration_id))
        except _FAILURES as error:
            _LOG.warning("The history gives no last runs: %s", error)
            return ()

    def recent(self, wanted: EntryFilter, limit: int) -> tuple[Entry, ...]:
        """The newest runs that are chosen; none where the database fails."""
        try:
            return self._list((wanted, limit), lambda: self.history.entries(wanted, limit))
        except _FAILURES as error:
            _LOG.warning("The history gives no earlier runs: %s", error)
            return ()

    def _list(self, key: Hashable, read: Callable[[], tuple[Entry, ...]]) -> tuple[Entry, ...]:
        known = self._lists.get(key)
        if known is not None and monotonic() < known[0]:
            return known[1]
        found = read()
        if len(self._lists) >= _MOST_LISTS:
            self._lists.clear()
        self._lists[key] = monotonic() + _FRESH, found
        return found

    def pin(self, run_id: str, *, pinned: bool) -> None:
        """Keep a run whatever the retention says, or no longer."""
        if (number := _number(run_id)) is not None:
            self.history.pin(number, pinned=pinned)
            self._lists.clear()

    def delete(self, run_id: str) -> None:
        """Delete a run."""
        if (number := _number(run_id)) is not None:
            self.history.delete_run(number)
            self._forget()

    def delete_all(self, wanted: EntryFilter) -> int:
        """Delete the runs that are chosen; how many."""
        deleted = self.history.delete(wanted)
        self._forget()
        return deleted

    def retain(self, retention: Retention) -> int:
        """Change what is kept; how many runs that threw away."""
        gone = self.history.retain(retention)
        self._forget()
        return gone

    def _forget(self) -> None:
        self._lists.clear()
        with self._lock:
            self._read.clear()

    def close(self) -> None:
        """Write what waits, then close the database."""
        self.writer.close()
        self.history.close()


def _number(run_id: str) -> int | None:
    """The id in the database; None for an id that none has."""
    return int(run_id) if run_id.isascii() and run_id.isdecimal() and len(run_id) <= 18 else None
