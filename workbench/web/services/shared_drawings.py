"""What several followers of a run see is drawn once for all of them, at one pace."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

INTERVAL = 0.1
"""Seconds between two drawings at least."""
REST = 3.0
"""How many times as long as a drawing took the next one waits, so that large ones leave the machine to the run."""


class Drawing:
    """The latest drawing of one view of a run."""

    def __init__(self, compare: Callable[[str, str], str], interval: float = INTERVAL, rest: float = REST) -> None:
        self._lock = Lock()
        self._compare = compare
        self._compared: tuple[str, str, str] = "", "", ""
        self._interval = interval
        self._rest = rest
        self._version = -1
        self._text: str | None = None
        self._next = 0.0

    def draw(self, wanted: int, current: Callable[[], int], make: Callable[[], str | None]) -> str | None:
        """A drawing of the version ``wanted`` or a later one; ``make`` draws the ``current`` one.

        One follower draws at a time, after a rest; those that wait meanwhile get its drawing.
        """
        with self._lock:
            if self._version < wanted:
                time.sleep(max(0.0, self._next - time.monotonic()))
                began = time.monotonic()
                self._version = current()
                self._text = make()
                ended = time.monotonic()
                self._next = ended + max(self._interval, self._rest * (ended - began))
            return self._text

    def changes(self, old: str, new: str) -> str:
        """What changed between two drawings, compared once for all who have these two."""
        with self._lock:
            if self._compared[0] is not old or self._compared[1] is not new:
                self._compared = old, new, self._compare(old, new)
            return self._compared[2]


@dataclass(slots=True)
class _Shared:
    drawing: Drawing
    followers: int = 0


class SharedDrawings:
    """The drawings that are followed, each for as long as it has followers."""

    def __init__(self) -> None:
        self._shared: dict[Hashable, _Shared] = {}
        self._lock = Lock()

    @contextmanager
    def follow(self, view: Hashable, compare: Callable[[str, str], str]) -> Iterator[Drawing]:
        """The drawing of ``view``, the same for all who follow it at a time; ``compare`` tells two of them apart."""
        with self._lock:
            shared = self._shared.setdefault(view, _Shared(Drawing(compare)))
            shared.followers += 1
        try:
            yield shared.drawing
        finally:
            with self._lock:
                shared.followers -= 1
                if not shared.followers:
                    del self._shared[view]
