"""``Reruns``: which runs were made again after a save, and how many pages may wait for one."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Final

_MOST: Final = 500
_WAITING: Final = 16
"""Pages that wait for a save at a time; each takes a thread of the server."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """A run that was made again: ``before`` is the run that it is compared with, ``first`` the one that a person made.

    ``files`` are those that were saved.
    """

    before: str
    first: str
    files: tuple[str, ...]


class Reruns:
    """The reruns of this workbench, by the ids of their runs, as long as it runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reruns: OrderedDict[str, Rerun] = OrderedDict()
        self.waiting = BoundedSemaphore(_WAITING)

    def put(self, run_id: str, before: str, files: tuple[str, ...]) -> None:
        """Note that the run ``run_id`` repeats ``before`` because ``files`` were saved."""
        with self._lock:
            known = self._reruns.get(before)
            self._reruns[run_id] = Rerun(before, known.first if known else before, files)
            if len(self._reruns) > _MOST:
                self._reruns.popitem(last=False)

    def get(self, run_id: str) -> Rerun | None:
        """What is known of the run, None where it is no rerun."""
        return self._reruns.get(run_id)

    def first(self, run_id: str) -> str:
        """The run that a person made, of which ``run_id`` is a rerun; itself where it is none."""
        rerun = self._reruns.get(run_id)
        return rerun.first if rerun else run_id
