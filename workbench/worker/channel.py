"""The private pipe to the runner: events out, whole frames only, from any thread and never from a forked child.

What it needs is bound when this module is imported: the integration may replace functions of ``os`` and ``json``.
"""

import contextlib
import errno
import threading
from _thread import start_new_thread
from collections import deque
from os import fstat, getpid, write
from queue import SimpleQueue
from threading import Event as Signal
from time import monotonic

from workbench.events import CaptureNoted, Event, encode
from workbench.system import system


class Channel:
    """Writes events to the runner. :meth:`send` never raises: a closed pipe means that nobody reads."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pid = getpid()
        self._identity = _identity(fd)
        self._lock = threading.Lock()
        self._owner = 0
        self._queue: deque[bytes] = deque()
        self._rest = memoryview(b"")
        self._keeper: PipeKeeper | None = None
        self.was_closed = False
        self.is_lost = False

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that the channel belongs to, not a fork of it."""
        return getpid() == self._pid

    def protect(self) -> None:
        """Keep the pipe open whatever the integration closes, where the system can do that."""
        self._keeper = PipeKeeper(self._fd)

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
                self._rest = self._rest[self._write(self._rest) :]
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EINTR):
                    self.is_lost = True
                    self._rest = memoryview(b"")
                    self._queue.clear()

    def _write(self, data: memoryview) -> int:
        """Write some of it to the pipe. Raises :class:`OSError`, also where the descriptor is another file by now."""
        if not self.was_closed:
            if _identity(self._fd) == self._identity:
                return write(self._fd, data)
            self.was_closed = True
        if self._keeper is None:
            raise OSError(errno.EBADF, "The pipe was closed.")
        self._keeper.write(data)
        return len(data)


class PipeKeeper:
    """A thread with descriptors of its own, which writes to the pipe once the other threads have none to it."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._work: SimpleQueue[tuple[memoryview, Signal]] = SimpleQueue()
        self._ready = Signal()
        self._can_write = False
        start_new_thread(self._keep, ())
        self._ready.wait()

    def write(self, data: memoryview) -> None:
        """Write all of it. Raises :class:`OSError` where that is not possible."""
        done = Signal()
        if self._can_write:
            self._work.put((data, done))
            done.wait()
        if not self._can_write:
            raise OSError(errno.EBADF, "The pipe was closed.")

    def _keep(self) -> None:
        self._can_write = system().separate_descriptors()
        self._ready.set()
        while self._can_write:
            data, done = self._work.get()
            try:
                while data:
                    data = data[write(self._fd, data) :]
            except OSError:
                self._can_write = False
            done.set()


def _identity(fd: int) -> tuple[int, int] | None:
    """What the descriptor leads to, None where it is closed."""
    try:
        found = fstat(fd)
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
