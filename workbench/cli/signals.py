"""Ctrl+C and SIGTERM: for a command that does one piece of work, and for one that serves until then."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupt_on_signals() -> Iterator[None]:
    """Within it SIGINT and SIGTERM raise :class:`KeyboardInterrupt`.

    SIGINT, too: a shell starts what a script puts in the background with SIGINT ignored, and Python leaves that so.
    """
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
