"""The event loop of a worker: out of the way of what the integration closes and replaces."""

import asyncio
import os
import selectors
from contextlib import suppress
from os import fstat
from time import monotonic
from typing import TYPE_CHECKING, Any

from workbench.system import system

if TYPE_CHECKING:
    from workbench.worker.peer.waits import InFlight

_STANDARD = 2
"""The last of the descriptors that every process has."""


class EventLoopClosed(Exception):
    """The integration closed the loop's descriptors while its handler still waited."""


class EventLoopStopped(Exception):
    """The integration stopped the loop while its handler still waited."""


class WorkerLoop(asyncio.SelectorEventLoop):
    """Its descriptors are as high as those of the worker, and its clock is the one that the process started with."""

    _skipped = 0.0

    def __init__(self) -> None:
        fillers: list[int] = []
        lowest = system().lowest_descriptor()
        with suppress(OSError):
            while not fillers or fillers[-1] < lowest:
                fillers.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
        if fillers:
            os.close(fillers.pop())
        try:
            super().__init__(selectors.DefaultSelector())
        finally:
            for fd in fillers:
                os.close(fd)

    def time(self) -> float:
        """The seconds of a clock that the integration cannot replace, and those that were skipped."""
        return monotonic() + self._skipped

    def skip_waits(self, in_flight: "InFlight") -> None:
        """Wait for no timer from here on, unless threads work meanwhile: the clock is put forward."""
        from workbench.worker.peer.waits import SkippingSelector  # few runs need it

        selector = SkippingSelector(
            _part(self, "_selector"), self._skip, in_flight.is_idle, is_offline=in_flight.is_offline
        )
        setattr(self, "_selector", selector)  # noqa: B010 - asyncio has no public name for it

    def _skip(self, seconds: float) -> None:
        self._skipped += seconds

    @property
    def is_open(self) -> bool:
        """Whether its selector's descriptor is open."""
        return is_open(_part(self, "_selector").fileno())

    def reopen(self) -> None:
        """Go on with new descriptors in place of those that were closed; what it waited for on them is lost."""
        while (filler := os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)) <= _STANDARD:
            pass  # stdin, stdout and stderr lead nowhere; a descriptor of ours must not take their place
        os.close(filler)
        selector = selectors.DefaultSelector()
        setattr(self, "_selector", selector)  # noqa: B010 - asyncio has no public name for it
        for name in ("_ssock", "_csock"):
            _part(self, name).detach()
        setattr(self, "_internal_fds", 0)  # noqa: B010
        _part(self, "_make_self_pipe")()


def is_open(fd: int) -> bool:
    """Whether a descriptor is open."""
    try:
        fstat(fd)
    except (OSError, ValueError):
        return False
    return True


def _part(loop: asyncio.SelectorEventLoop, name: str) -> Any:
    return getattr(loop, name)
