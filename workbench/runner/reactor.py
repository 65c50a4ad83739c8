"""A small loop over descriptors and timers, for one thread."""

import heapq
import os
import selectors
import threading
from collections.abc import Callable
from itertools import count
from time import monotonic
from types import TracebackType
from typing import Self

from workbench.domain import Status


class Reactor:
    """Calls the readers of descriptors that are ready, and actions when they are due."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._readers: dict[int, Callable[[], bool]] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._writing: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._selector.close()

    def read(self, fd: int, reader: Callable[[], bool]) -> None:
        """Call ``reader`` whenever ``fd`` can be read, until it gives False."""
        self._readers[fd] = reader
        self._selector.register(fd, selectors.EVENT_READ)

    def forget(self, fd: int) -> None:
        """Stop reading a descriptor."""
        if self._readers.pop(fd, None) is not None:
            self._selector.unregister(fd)

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Call ``action`` once, so many seconds from now."""
        heapq.heappush(self._timers, (monotonic() + seconds, next(self._order), action))

    def step(self, *, wait: float | None = None, write: int | None = None) -> bool:
        """Wait for a descriptor or a timer, at most ``wait`` seconds, and call it. True where ``write`` has room."""
        self._watch_for_writing(write)
        ready = [key.fd for key, _ in self._selector.select(self._timeout(wait))]
        for fd in ready:
            reader = self._readers.get(fd)
            if reader is not None and not reader():
                self.forget(fd)
        while self._timers and self._timers[0][0] <= monotonic():
            heapq.heappop(self._timers)[2]()
        return write is not None and write in ready

    @property
    def idle(self) -> bool:
        """Whether no descriptor is left to read."""
        return not self._readers

    def _watch_for_writing(self, fd: int | None) -> None:
        if fd == self._writing:
            return
        if self._writing is not None:
            self._selector.unregister(self._writing)
        if fd is not None:
            self._selector.register(fd, selectors.EVENT_WRITE)
        self._writing = fd

    def _timeout(self, wait: float | None) -> float | None:
        if not self._timers:
            return wait
        left = max(0.0, self._timers[0][0] - monotonic())
        return left if wait is None else min(wait, left)


class StopRequests:
    """Requests of other threads to stop a run; ``fd`` can be read when there is a new one."""

    def __init__(self) -> None:
        self.fd, self._writer = os.pipe()
        self._lock = threading.Lock()
        self._open = True
        self._reason: Status | None = None
        self._at_once = False

    def add(self, reason: Status, *, at_once: bool) -> bool:
        """Request the end; False where the run is over. The first reason counts."""
        with self._lock:
            if self._open:
                self._reason = self._reason or reason
                self._at_once = self._at_once or at_once
                os.write(self._writer, b"!")
            return self._open

    @property
    def requested(self) -> bool:
        """Whether someone has requested the end."""
        return self._reason is not None

    def take(self) -> tuple[Status | None, bool]:
        """The reason, and whether to kill the run at once."""
        with self._lock:
            os.read(self.fd, 4096)
            return self._reason, self._at_once

    def close(self) -> None:
        """Take no more requests."""
        with self._lock:
            if self._open:
                self._open = False
                os.close(self.fd)
                os.close(self._writer)
