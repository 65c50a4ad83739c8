"""The private pipe to the runner: events out, whole frames only, from any thread and never from a forked child.

What it needs is bound when this module is imported: the integration may replace functions of ``os`` and ``json``.
"""

import contextlib
import errno
import threading
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable
from os import fstat, getpid, write
from queue import SimpleQueue
from threading import Event as Signal
from time import monotonic, sleep

from workbench.events import CaptureNoted, Event, HandlerFinished, WorkerFailed, encode
from workbench.system import system

DELAY = 0.003
"""Seconds that the events of exchanges wait, so that many leave together and outside of the request's path."""

_BATCH = 1024 * 1024
"""Bytes of frames that are put together for one write."""


class Channel:
    """Writes events to the runner. :meth:`send` never raises: a closed pipe means that nobody reads.

    All events leave in the order in which they were given. What :meth:`send_soon` takes waits for :data:`DELAY` or for
    the next :meth:`send`: a process that is killed meanwhile loses no more than that.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pid = getpid()
        self._identity = _identity(fd)
        self._lock = threading.Lock()
        self._owner = 0
        self._queue: deque[Event | Callable[[], Event]] = deque()
        self._rest = memoryview(b"")
        self._keeper: PipeKeeper | None = None
        self.was_closed = False
        self.is_lost = False
        self._waits = Signal()
        self._has_writer = False

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that the channel belongs to, not a fork of it."""
        return getpid() == self._pid

    def protect(self) -> None:
        """Keep the pipe open whatever the integration closes, where the system can do that."""
        self._keeper = PipeKeeper(self._fd)

    def send(self, event: Event) -> None:
        """Write one event, and what waits before it, at once. In a forked child this does nothing."""
        if self.is_ours:
            self._queue.append(event)
            self.flush()

    def send_soon(self, event: Event | Callable[[], Event]) -> None:
        """Write an event, or what makes it, within :data:`DELAY`, by another thread. In a forked child: nothing."""
        if not self.is_ours:
            return
        self._queue.append(event)
        if not self._waits.is_set():
            self._waits.set()
            if not self._has_writer:
                self._has_writer = True
                # not one of threading's: the integration counts and joins those
                start_new_thread(self._write_often, ())

    def flush(self) -> None:
        """Write what waits."""
        # A finaliser or signal handler may call in while this very thread writes; the outer call then writes it too.
        while self._queue and self._owner != threading.get_ident():
            with self._lock:
                self._owner = threading.get_ident()
                try:
                    self._drain()
                finally:
                    self._owner = 0

    def close(self) -> None:
        """Write what waits; nothing is written afterwards."""
        self.flush()
        self._pid = 0
        self._waits.set()

    def note(self, message: str) -> None:
        """Send a note of the workbench."""
        self.send(CaptureNoted(monotonic(), message))

    def _write_often(self) -> None:
        while self._waits.wait() and self.is_ours:
            sleep(DELAY)
            self._waits.clear()
            self.flush()

    def _drain(self) -> None:
        # What is left of the frames is kept, so that an exception between two writes cannot tear one.
        while self._rest or self._queue:
            if not self._rest:
                frames, size = list[bytes](), 0
                while self._queue and size < _BATCH:
                    frames.append(_frame(self._queue[0]))
                    size += len(frames[-1])
                    self._queue.popleft()
                self._rest = memoryview(b"".join(frames))
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


def _frame(given: Event | Callable[[], Event]) -> bytes:
    try:
        return encode(given() if callable(given) else given)
    except Exception as error:
        with contextlib.suppress(Exception):
            words = f"An event ({type(given).__name__}) could not be sent: {ascii(error)[:500]}"
            # without its verdict a run must not look as if the integration had ended the process
            lost = WorkerFailed if isinstance(given, HandlerFinished) else CaptureNoted
            return encode(lost(monotonic(), words))
        return b""
