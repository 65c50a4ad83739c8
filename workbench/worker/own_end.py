"""What the integration does to its own process that may end it, announced before it happens."""

import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from os import fsdecode, getpgrp, getpid
from time import monotonic
from typing import Any

from workbench.domain import EndMeans
from workbench.events import EndAnnounced
from workbench.worker.channel import Channel
from workbench.worker.text import clean, shorten

_MAX_PROGRAM = 200


class OwnEndWatch:
    """An audit hook on what replaces or signals the process, and on limits of its processor time."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._events: dict[str, Callable[..., EndAnnounced | None]] = {
            "os.exec": _replaced,
            "ctypes.dlsym": _looked_up,
            "os.kill": _killed,
            "os.killpg": _killed_group,
            "signal.pthread_kill": _killed_thread,
            "resource.setrlimit": _limited,
        }

    def install(self) -> None:
        """Start, before the integration is loaded."""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        announce = self._events.get(event)
        if announce is not None and self._channel.is_ours:
            with suppress(Exception):  # the integration may give anything; the call itself says what is wrong with it
                if (announced := announce(*args)) is not None:
                    self._channel.send(announced)


def _replaced(path: Any, *_: Any) -> EndAnnounced:
    return EndAnnounced(monotonic(), EndMeans.REPLACED, shorten(clean(fsdecode(path)), _MAX_PROGRAM))


def _looked_up(_: Any, name: Any) -> EndAnnounced | None:
    """A function of C that is looked up is called next; nothing tells which program it starts."""
    return _replaced("another program") if isinstance(name, str) and name.startswith("exec") else None


def _killed(pid: int, number: int) -> EndAnnounced | None:
    ours = (getpid(), 0, -1, -getpgrp())
    return EndAnnounced(monotonic(), EndMeans.OWN_SIGNAL, number=int(number)) if number and pid in ours else None


def _killed_group(group: int, number: int) -> EndAnnounced | None:
    return _killed(-(group or getpgrp()), number)


def _killed_thread(_: int, number: int) -> EndAnnounced | None:
    return _killed(0, number)


def _limited(kind: int, limits: tuple[int, int]) -> EndAnnounced | None:
    if kind != resource.RLIMIT_CPU:
        return None
    finite = [limit for limit in limits if limit != resource.RLIM_INFINITY]
    return EndAnnounced(monotonic(), EndMeans.CPU_LIMIT, number=int(min(finite))) if finite else None
