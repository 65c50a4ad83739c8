"""Pieces of a body on their way to the runner, within the budgets of the body and of the run."""

from collections.abc import Buffer, Callable, Sized
from time import monotonic
from typing import Protocol

from workbench.events import Event
from workbench.events.exchange_parts import Part

BODY_LIMIT = 1024 * 1024
"""Bytes of each body that are stored."""

REPORT_EVERY = 8 * 1024 * 1024
"""Bytes beyond the limit after which their count is sent, so that the progress of a long download is visible."""

LARGE = 16 * 1024
"""Bytes of a piece that leaves soon, so that few such pieces wait in memory."""

SHORT = 1024
"""Bytes of a request's body that is reported with its head, and like a head does not count towards the budget."""


class Outlet(Protocol):
    """What takes reports: :class:`workbench.worker.channel.Channel` in a run."""

    under_way: Sized
    """The attempts that are not over."""
    put: Callable[[Part], None]
    sleeps: bool
    """Whether what is put is written only after a call of :meth:`wake`."""
    due: float
    """The time from which on the end of an exchange is written at once."""
    when_looking: Callable[[], None]
    """Called often while anything is under way, in another thread."""

    def wake(self) -> None:
        """Write again, soon, what is put."""

    def write_at_once(self, at: float) -> None:
        """Write what was put, now."""

    def post(self, part: Part, /) -> None:
        """Take a part that is to leave soon, and what was put before it."""

    def send_soon(self, event: Event) -> None:
        """Take an event."""


class Sink(Protocol):
    """The receiver of what an attempt tells: ``put`` takes a part, ``post`` one that is to leave soon."""

    outlet: Outlet
    put: Callable[[Part], None]
    post: Callable[[Part], None]
    forget: Callable[[int, None], object]
    """Drops the attempt of that number, which is over."""

    def emit(self, event: Event) -> None:
        """Send an event."""

    def failed(self, where: str, error: Exception) -> None:
        """Report a failure of the capture itself."""

    body_room: int
    """Bytes of bodies that are left of the run's budget; less where two threads take of it at once."""

    def keep(self, size: int) -> int:
        """How many of ``size`` more body bytes are within that budget; they are taken off it."""


class CountedBody:
    """Pieces of a body that are not simply put: counts what is beyond the limits."""

    __slots__ = ("_exchange", "_kind", "_left", "_sink", "_uncounted")

    def __init__(self, sink: Sink, exchange: int, kind: int, left: int) -> None:
        self._sink = sink
        self._exchange = exchange
        self._kind = kind
        self._left = left
        self._uncounted = 0

    def add(self, data: Buffer) -> None:
        whole = data if type(data) is bytes else bytes(memoryview(data)[: self._left])
        size = len(data) if type(data) is bytes else memoryview(data).nbytes
        kept = self._sink.keep(min(self._left, size))
        self._left -= kept
        if kept:
            put = self._sink.put if kept < LARGE else self._sink.post
            put((self._kind, monotonic(), self._exchange, kept, whole if kept == size else whole[:kept]))
        if kept < size:
            self._uncounted += size - kept
            if self._uncounted >= REPORT_EVERY:
                self.flush()

    def flush(self) -> None:
        if self._uncounted:
            self._sink.put((self._kind, monotonic(), self._exchange, self._uncounted, b""))
            self._uncounted = 0
