"""Ctrl+C and SIGTERM for a command that does one piece of work."""

import signal
from collections.abc import Iterator
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
