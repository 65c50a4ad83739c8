"""The private pipe to the runner: events out, whole frames only, from any thread and never from a forked child."""

import contextlib
import errno
import os
import threading
from collections import deque
from time import monotonic

from workbench.events import CaptureNoted, Event, encode


class Channel:
    """Writes events to the runner. :meth:`send` never raises: a closed pipe means that nobody reads."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._owner = 0
        self._queue: deque[bytes] = deque()
        self._rest = memoryview(b"")

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that the channel belongs to, not a fork of it."""
        return os.getpid() == self._pid

    def send(self, event: Event) -> None:
        """Write one event, at once. In a forked child this does nothing."""
        if not self.is_ours:
            return
        self._queue.append(_frame(event))
        # A finaliser or signal handler may call in while this very thread writes; the outer call then writes it too.
        while self._queue and self._owner != threading.get_ident():
            with self._lock:
                self._owner = threading.get_ident()
                try:
                    self._drain()
                finally:
                    self._owner = 0

    def note(self, message: str) -> None:
        """Send a note of the workbench."""
        self.send(CaptureNoted(monotonic(), message))

    def _drain(self) -> None:
        # What is left of a frame is kept, so that an exception between two writes cannot tear it.
        while self._rest or self._queue:
            if not self._rest:
                self._rest = memoryview(self._queue.popleft())
            try:
                self._rest = self._rest[os.write(self._fd, self._rest) :]
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EINTR):
                    self._rest = memoryview(b"")
                    self._queue.clear()


def _frame(event: Event) -> bytes:
    try:
        return encode(event)
    except Exception as error:
        with contextlib.suppress(Exception):
            error_text = ascii(error)[:500]
            return encode(
                CaptureNoted(monotonic(), f"An event ({type(event).__name__}) could not be sent: {error_text}")
            )
        return b""
