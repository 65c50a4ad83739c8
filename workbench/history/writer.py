"""Writes finished runs into the history on a thread of its own, so that no run waits for a disk."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from workbench.domain import Run, RunSummary
from workbench.history.history import History

_LOG = logging.getLogger(__name__)
_CLEAN_EVERY: Final = 60.0
_MOST_WAITING: Final = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the last runs: how many were lost, and what the database said of the last one."""

    lost: int = 0
    detail: str = ""


class HistoryWriter:
    """Saves runs in the order in which they come; ``summarize`` makes what is said of each, ``on_saved`` hears of each.

    A run that cannot be written is lost for the history and counted; it never reaches who asked for it.
    """

    def __init__(
        self, history: History, summarize: Callable[[Run], RunSummary], on_saved: Callable[[], None] = lambda: None
    ) -> None:
        self._history = history
        self._on_saved = on_saved
        self._summarize = summarize
        self._waiting: deque[Callable[[], Run]] = deque()
        self._changed = threading.Condition()
        self._writing = self._closed = False
        self._saved = Saved()
        self._cleaned = float("-inf")
        self._thread = threading.Thread(target=self._work, name="history", daemon=True)
        self._thread.start()

    @property
    def saved(self) -> Saved:
        """What became of the last runs."""
        return self._saved

    def put(self, run: Callable[[], Run]) -> None:
        """Save a finished run soon; ``run`` gives it, masked, and is called on the writer's thread."""
        with self._changed:
            if self._closed or len(self._waiting) >= _MOST_WAITING:
                self._saved = Saved(self._saved.lost + 1, "Too many runs were waiting to be saved.")
                return
            self._waiting.append(run)
            self._changed.notify_all()

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all is written; whether it was in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._writing, timeout)

    def close(self, timeout: float = 10.0) -> None:
        """Write what waits, then end."""
        self.flush(timeout)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout)

    def _work(self) -> None:
        while (make := self._next()) is not None:
            try:
                run = make()
                self._history.save(run, self._summarize(run))
                self._clean()
                self._on_saved()
            except (SQLAlchemyError, OSError, ValueError) as error:
                reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
                self._saved = Saved(self._saved.lost + 1, reason)
                _LOG.warning("A run could not be saved in the history: %s", reason)
            except Exception:
                self._saved = Saved(self._saved.lost + 1, "The workbench failed. Its log has the details.")
                _LOG.exception("A run could not be saved in the history.")

    def _next(self) -> Callable[[], Run] | None:
        """The next run; None at the end."""
        with self._changed:
            self._writing = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if not self._waiting:
                return None
            self._writing = True
            return self._waiting.popleft()

    def _clean(self) -> None:
        if monotonic() - self._cleaned > _CLEAN_EVERY:
            self._cleaned = monotonic()
            self._history.enforce()
