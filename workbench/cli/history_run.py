"""A run of the history, by its number."""

from typing import Final

from sqlalchemy.exc import DatabaseError

from workbench.cli.failure import CannotRun
from workbench.cli.history import NONE, open_history
from workbench.domain import Run
from workbench.explain.history import unavailable
from workbench.history import HistoryUnavailable, UnreadableRun

_LONGEST: Final = 18
"""Digits of a number that a database has."""


def history_run(number: str, url: str) -> Run:
    """The run of that number in the history at ``url``, the usual one for an empty one. Raises :class:`CannotRun`."""
    if url == NONE:
        raise CannotRun(f"Run {number} cannot be read: --history none has no runs.")
    try:
        with open_history(url) as history:
            place, damaged = history.database.place, history.database.set_aside
            found = history.get(int(number)) if len(number) <= _LONGEST else None
    except HistoryUnavailable as error:
        raise CannotRun(unavailable(error)) from error
    except (UnreadableRun, DatabaseError) as error:
        raise CannotRun(f"Run {number} cannot be read from the history: {error}") from error
    if damaged:
        raise CannotRun(f"The history was damaged. It was moved to {damaged}, and a new one begins.")
    if found is None:
        raise CannotRun(
            f"There is no run {number} in the history {place}. `workbench serve` lists the runs that are kept."
        )
    return found
