"""Pieces of a body on their way to the runner, within the budgets of the body and of the run."""

from collections.abc import Buffer
from time import monotonic

from workbench.worker.capture.sink import Sink

BODY_LIMIT = 1024 * 1024
"""Bytes of each body that are stored."""

REPORT_EVERY = 8 * 1024 * 1024
"""Bytes beyond the limit after which their count is sent, so that the progress of a long download is visible."""

LARGE = 16 * 1024
"""Bytes of a piece that leaves soon, so that few such pieces wait in memory."""

SHORT = 1024
"""Bytes of a request's body that is reported with its head, and like a head does not count towards the budget."""


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
