"""What the integration does to its own process that may end it, announced before it happens."""

import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from os import fsdecode, getpgrp, getpid
from time import monotonic
from typing import Any

from workbench.domain import EndMeans, Frame
from workbench.events import EndAnnounced
from workbench.worker.channel import Channel
from workbench.worker.source import OwnCode, frame_at, stack_of
from workbench.worker.text import clean, shorten

_MAX_PROGRAM = 200
_MAX_FRAMES = 20

_NO_EVENT = ((os, "_exit", "os._exit"), (signal, "raise_signal", "signal.raise_signal"))
"""Functions of Python that end a process without an audit event."""


class OwnEndWatch:
    """An audit hook on what replaces, ends or signals the process, and on limits of its processor time."""

    def __init__(self, channel: Channel, own: OwnCode) -> None:
        self._channel = channel
        self._own = own
        self._events: dict[str, Callable[..., EndAnnounced | None]] = {
            "os.exec": self._replaced,
            "ctypes.dlsym": self._looked_up,
            "os.kill": self._killed,
            "os.killpg": self._killed_group,
            "signal.pthread_kill": self._killed_thread,
            "signal.raise_signal": self._raised,
            "os._exit": self._exited,
            "resource.setrlimit": _limited,
        }

    def install(self) -> None:
        """Start, before the integration is loaded."""
        events, announce = self._events, self._announce

        def hook(event: str, args: tuple[Any, ...]) -> None:  # no method: it hears of much that is none of these
            if event in events:
                announce(event, args)

        sys.addaudithook(hook)
        for module, name, event in _NO_EVENT:
            setattr(module, name, self._with_event(getattr(module, name), event))

    def _with_event(self, function: Callable[[int], Any], event: str) -> Callable[[int], Any]:
        announce = self._announce

        def call(number: int, /) -> Any:
            announce(event, (number,))
            return function(number)

        call.__name__ = call.__qualname__ = function.__name__
        call.__doc__ = function.__doc__
        return call

    def _announce(self, event: str, args: tuple[Any, ...]) -> None:
        if self._channel.is_ours:
            with suppress(Exception):  # the integration may give anything; the call itself says what is wrong with it
                if (announced := self._events[event](*args)) is not None:
                    self._channel.send(announced)

    def _replaced(self, path: Any, *_: Any) -> EndAnnounced:
        program = shorten(clean(fsdecode(path)), _MAX_PROGRAM)
        return EndAnnounced(monotonic(), EndMeans.REPLACED, program, frames=self._frames())

    def _looked_up(self, _: Any, name: Any) -> EndAnnounced | None:
        """A function of C that is looked up is called next; nothing tells which program it starts."""
        return self._replaced("another program") if isinstance(name, str) and name.startswith("exec") else None

    def _exited(self, code: int) -> EndAnnounced:
        return EndAnnounced(monotonic(), EndMeans.OWN_EXIT, number=int(code) & 0xFF, frames=self._frames())

    def _killed(self, pid: int, number: int) -> EndAnnounced | None:
        return self._raised(number) if number and pid in (getpid(), 0, -1, -getpgrp()) else None

    def _killed_group(self, group: int, number: int) -> EndAnnounced | None:
        return self._killed(-(group or getpgrp()), number)

    def _killed_thread(self, _: int, number: int) -> EndAnnounced | None:
        return self._killed(0, number)

    def _raised(self, number: int) -> EndAnnounced:
        return EndAnnounced(monotonic(), EndMeans.OWN_SIGNAL, number=int(number), frames=self._frames())

    def _frames(self) -> tuple[Frame, ...]:
        """The stack of the call, from the integration's innermost line on; empty where no line is its own."""
        places = [(frame.f_code, frame.f_lineno) for frame in stack_of(sys._getframe())]
        while places and not self._own.has(places[0][0].co_filename):
            places.pop(0)
        return tuple(frame_at(code, line) for code, line in places[:_MAX_FRAMES])


def _limited(kind: int, limits: tuple[int, int]) -> EndAnnounced | None:
    if kind != resource.RLIMIT_CPU:
        return None
    finite = [limit for limit in limits if limit != resource.RLIM_INFINITY]
    return EndAnnounced(monotonic(), EndMeans.CPU_LIMIT, number=int(min(finite))) if finite else None
