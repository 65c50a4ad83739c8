"""Coroutines that were thrown away without being awaited, as events. Python's own warning is printed as ever."""

import contextlib
import types
import warnings
from time import monotonic
from typing import Any

from workbench.domain import UnawaitedCall
from workbench.events import CoroutineDropped
from workbench.worker.capture.calls.awaited_call import awaited_call
from workbench.worker.channel import Channel
from workbench.worker.source import OwnCode, frame_of
from workbench.worker.text import clean

MOST = 20
"""Calls that are reported; a loop may drop thousands."""


class UnawaitedWatch:
    """Sees the warnings about such coroutines, which carry the coroutine itself."""

    def __init__(self, channel: Channel, own: OwnCode) -> None:
        self._channel = channel
        self._own = own
        self._left = MOST

    def install(self) -> None:
        """Start. ``warnings.showwarning`` would not do: it is not given the coroutine."""
        original = getattr(warnings, "_showwarnmsg", None)
        if original is None:
            return

        def show(message: warnings.WarningMessage) -> None:
            if (
                getattr(message.source, "cr_code", None) is awaited_call.__code__
            ):  # the coroutine within has a warning of its own
                return
            with contextlib.suppress(Exception):
                self._tell(message)
            original(message)

        setattr(warnings, "_showwarnmsg", show)  # noqa: B010  a checker knows no such name

    def _tell(self, message: warnings.WarningMessage) -> None:
        coroutine: Any = message.source
        if not self._left or message.category is not RuntimeWarning or not isinstance(coroutine, types.CoroutineType):
            return
        self._left -= 1
        place = frame_of(message.filename, message.lineno) if self._own.has(message.filename) else None
        self._channel.send(CoroutineDropped(monotonic(), UnawaitedCall(clean(coroutine.__qualname__), place)))
