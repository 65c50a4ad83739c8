"""Ctrl+C and SIGTERM: for a command that does one piece of work, and for one that serves until then."""

import signal
import sys
import threading
import time
from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.01
"""Seconds after which an interruption that was dropped is raised again."""


@contextmanager
def interrupt_on_signals() -> Iterator[None]:
    """Within it SIGINT and SIGTERM raise :class:`KeyboardInterrupt`; it is for the main thread.

    SIGINT, too: a shell starts what a script puts in the background with SIGINT ignored, and Python leaves that so.
    Python drops what is raised while a destructor or a callback of the garbage collector runs; it is raised again.
    """
    numbers = signal.SIGINT, signal.SIGTERM
    before = {number: signal.getsignal(number) for number in numbers}
    repeat = _Repeat(sys.unraisablehook)
    try:
        sys.unraisablehook = repeat.notice
        for number in numbers:
            signal.signal(number, repeat.interrupt)
        yield
    finally:
        repeat.end()
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = repeat.report


class _Repeat:
    """Raises :class:`KeyboardInterrupt`, again where it was dropped; ``report`` gets what else is dropped."""

    def __init__(self, report: Callable[["sys.UnraisableHookArgs"], object]) -> None:
        self.report = report
        self._main = threading.get_ident()
        self._lock = threading.Lock()
        self._is_over = False

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """The handler of a signal."""
        while frame is not None:
            if frame.f_code is _Repeat.notice.__code__:  # raised within, it would be dropped once more
                self._again()
                return
            frame = frame.f_back
        raise KeyboardInterrupt

    def notice(self, unraisable: "sys.UnraisableHookArgs") -> None:
        """What Python does with an exception that it drops."""
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._again()
        else:
            self.report(unraisable)

    def end(self) -> None:
        """From here on nothing is raised again."""
        with self._lock:
            self._is_over = True

    def _again(self) -> None:
        start_new_thread(self._signal, ())

    def _signal(self) -> None:
        """Send a signal to the thread that is to be interrupted, once the code that dropped the last one has ended."""
        time.sleep(_AGAIN)
        with self._lock:
            if not self._is_over:
                signal.pthread_kill(self._main, signal.SIGINT)


class ServerEnd:
    """Whether a signal has ended a server: Ctrl+C, SIGTERM, or SIGHUP of a closed terminal.

    While the server starts, the signal raises :class:`SystemExit`. Once there is a loop to wake it only wakes it: an
    exception that is raised while a destructor runs, or within a bare ``except``, would be lost.
    """

    _NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.is_requested = False
        self._wake: Callable[[], None] | None = None
        for number in self._NUMBERS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup has it ignored
                signal.signal(number, self._request)

    def wake_with(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` at a signal from now on; it may take no lock that the code interrupted there may hold."""
        self._wake = wake

    def _request(self, number: int, frame: FrameType | None) -> None:
        self.is_requested = True
        for other in self._NUMBERS:  # a supervisor may send SIGTERM twice; a second Ctrl+C is from who waits in vain
            signal.signal(other, signal.SIG_DFL if other == signal.SIGINT else signal.SIG_IGN)
        if self._wake is None:
            raise SystemExit(0)
        self._wake()
