"""The private pipe to the runner: events out, whole frames only, from any thread and never from a forked child.

What it needs is bound when this module is imported: the integration may replace functions of ``os`` and ``json``.
"""

import contextlib
import errno
import os
import threading
import weakref
from _thread import allocate_lock, start_new_thread
from collections import deque
from collections.abc import Callable, Sized
from os import fstat, getpid, write
from queue import SimpleQueue
from threading import Event as Signal
from time import monotonic

from workbench.events import CaptureNoted, Event, HandlerFinished, WorkerFailed, encode
from workbench.events.exchange_parts import STARTED, Part, encode_parts
from workbench.events.wire import frame_of_parts
from workbench.system import system
from workbench.worker.text import encodable

DELAY = 0.003
"""Seconds that the first report of exchanges waits, so that many leave together and outside of the request's path."""

BUSY_DELAY = 0.02
"""The same while more come: each look takes the interpreter for a moment."""

INTERVAL = 0.1
"""Seconds after which the end of another exchange is written at once."""

BURST = 20.0
"""Seconds for which a run may be ahead of that: the ends of its first 200 exchanges are all written at once."""

_LOOKS = 10
"""Looks in vain before the thread sleeps: to wake it costs a request more than to find it awake."""

_MOST = 500
"""Events and parts that are written at once: other threads wait while they are encoded."""


class Channel:
    """Writes events to the runner. :meth:`send` never raises: a closed pipe means that nobody reads.

    All events leave in the order in which they were given. What :meth:`send_soon`, :meth:`post` and :attr:`put` take
    waits for :data:`DELAY`, while more come for :data:`BUSY_DELAY`, or for the next :meth:`send`: a process that is
    killed meanwhile loses no more than that. While anything is :attr:`under_way`, what is put there is written by
    itself; :attr:`when_looking` is called before, by the thread that writes.

    That thread needs the interpreter. What happens last before C code takes that and never gives it back (a regular
    expression without end, a crash) would be lost: an exchange that ends after the time :attr:`due` is written by the
    thread that it ends in.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pid = getpid()
        self._identity = _identity(fd)
        self._lock = threading.Lock()
        self._owner = 0
        self._queue: deque[Event | Part] = deque()
        self.under_way: Sized = ()
        self.when_looking: Callable[[], None] = lambda: None
        self.due = 0.0
        self.put: Callable[[Part], None] = (
            self._queue.append
        )  # without a call of Python's: it is in every request's path
        self._rest = memoryview(b"")
        self._keeper: PipeKeeper | None = None
        self.was_closed = False
        self.is_lost = False
        self._bell = allocate_lock()
        self._bell.acquire()
        self.sleeps = True
        self._has_writer = False
        known = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _mute(known()))

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that the channel belongs to, not a fork of it."""
        return getpid() == self._pid

    def mute(self) -> None:
        """Take nothing any more: this is a fork."""
        self._queue.clear()
        self._has_writer = False
        self.sleeps = True

    def protect(self) -> None:
        """Keep the pipe open whatever the integration closes, where the system can do that."""
        self._keeper = PipeKeeper(self._fd)

    def send(self, event: Event) -> None:
        """Write one event, and what waits before it, at once. In a forked child this does nothing."""
        if self.is_ours:
            self._queue.append(event)
            self.flush()

    def send_soon(self, event: Event) -> None:
        """Write an event soon, by another thread. In a forked child this does nothing."""
        self._queue.append(event)
        if self.sleeps:
            self.wake()

    def post(self, part: Part, /) -> None:
        """Write a part of an exchange soon, by another thread. In a forked child this does nothing."""
        self._queue.append(part)
        if self.sleeps or part[0] != STARTED:
            self.wake()

    def write_at_once(self, at: float) -> None:
        """Write what waits, as an exchange has ended at a time after :attr:`due`. In a fork this does nothing."""
        self.due = max(self.due, at - BURST) + INTERVAL
        if self.is_ours:
            self.flush()

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
        self.wake()

    def note(self, message: str) -> None:
        """Send a note of the workbench."""
        self.send(CaptureNoted(monotonic(), message))

    def wake(self) -> None:
        """Wake the thread that writes."""
        if not self.is_ours:
            self._queue.clear()
            return
        self.sleeps = False
        if self._has_writer:
            with contextlib.suppress(RuntimeError):  # another thread has woken it
                self._bell.release()
        else:
            self._has_writer = True
            # not one of threading's: the integration counts and joins those
            start_new_thread(self._write_often, ())

    def _write_often(self) -> None:
        ring, delay, empty = self._bell.acquire, DELAY, 0
        while self.is_ours:
            if empty > _LOOKS and not self.under_way:
                self.sleeps = True
                if not self._queue:
                    ring()
                self.sleeps, delay, empty = False, DELAY, 0
            ring(True, delay)
            if self.under_way:
                with contextlib.suppress(Exception):  # this thread must not end
                    self.when_looking()
            empty = 0 if self._queue else empty + 1
            delay = BUSY_DELAY
            self.flush()

    def _drain(self) -> None:
        # What is left of the frames is kept, so that an exception between two writes cannot tear one.
        while self._rest or self._queue:
            if not self._rest:
                self._rest = memoryview(self._frames())
            try:
                self._rest = self._rest[self._write(self._rest) :]
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EINTR):
                    self.is_lost = True
                    self._rest = memoryview(b"")
                    self._queue.clear()

    def _frames(self) -> bytes:
        """The next frames, of what waits; parts that follow each other are one."""
        queue, frames, parts = self._queue, list[bytes](), list[Part]()
        for _ in range(min(len(queue), _MOST)):
            one = queue.popleft()
            if isinstance(one, tuple):
                parts.append(one)
                continue
            if parts:
                frames.append(_frame_of_parts(parts))
                parts = []
            frames.append(_frame(one))
        if parts:
            frames.append(_frame_of_parts(parts))
        return b"".join(frames)

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


def _mute(channel: Channel | None) -> None:
    if channel is not None:
        channel.mute()


def _identity(fd: int) -> tuple[int, int] | None:
    """What the descriptor leads to, None where it is closed."""
    try:
        found = fstat(fd)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _frame_of_parts(parts: list[Part]) -> bytes:
    try:
        return frame_of_parts(encode_parts(parts))
    except Exception:  # a text that has no UTF-8 form, or an object that is no text
        return b"".join(map(_frame_of_part, parts))


def _frame_of_part(part: Part) -> bytes:
    try:
        return frame_of_parts(encode_parts([part]))
    except Exception:
        try:
            return frame_of_parts(encode_parts([tuple(map(encodable, part))]))
        except Exception as error:
            return _note("A part of an exchange", error)


def _frame(event: Event) -> bytes:
    try:
        return encode(event)
    except Exception as error:
        return _note(f"An event ({type(event).__name__})", error, of_verdict=isinstance(event, HandlerFinished))


def _note(what: str, error: Exception, *, of_verdict: bool = False) -> bytes:
    """The frame of a note in the place of something that could not be encoded."""
    with contextlib.suppress(Exception):
        # without its verdict a run must not look as if the integration had ended the process
        lost = WorkerFailed if of_verdict else CaptureNoted
        return encode(lost(monotonic(), f"{what} could not be sent: {ascii(error)[:500]}"))
    return b""
