"""Calls that the integration gives to a pool of threads: which of them failed without anybody asking for the result."""

import concurrent.futures.thread
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from sys import _getframe
from types import CodeType, FrameType
from typing import Any
from weakref import WeakKeyDictionary

from workbench.domain import Frame

type Starter = Callable[[FrameType, CodeType | None], Frame | None]
"""The integration's line that starts something, None where it is not the integration that does."""

_READERS = ("result", "exception", "add_done_callback")
"""Methods of a future by which its error reaches the code."""


@dataclass(slots=True)
class PoolCall:
    """A call: the name of its function, the line that gave it to the pool, and its error."""

    name: str
    place: Frame
    error: BaseException | None = None
    is_read: bool = False


class PoolCalls:
    """Watches ``submit``, through which ``map`` and ``run_in_executor`` go, too. No future is kept alive."""

    def __init__(self, starter: Starter) -> None:
        self._starter = starter
        self._calls: WeakKeyDictionary[concurrent.futures.Future[Any], PoolCall] = WeakKeyDictionary()
        self._failed: list[PoolCall] = []

    def install(self) -> None:
        """Start, before the integration is loaded."""
        future = concurrent.futures.Future
        self._note = future.add_done_callback
        for name in _READERS:
            setattr(future, name, self._reading(getattr(future, name)))
        pool = concurrent.futures.thread.ThreadPoolExecutor
        setattr(pool, "submit", self._submitting(pool.submit))  # noqa: B010  a checker sees no method replaced

    def lost(self) -> Iterator[PoolCall]:
        """Those that have failed and whose result nobody has read."""
        return (call for call in self._failed if not call.is_read)

    def _submitting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def submit(pool: Any, function: Any, /, *given: Any, **named: Any) -> Any:
            future = original(pool, function, *given, **named)
            with suppress(Exception):
                if place := self._starter(_getframe(1), getattr(function, "__code__", None)):
                    name = getattr(function, "__qualname__", type(function).__qualname__)
                    self._calls[future] = PoolCall(name, place)
                    self._note(future, self._done)
            return future

        return submit

    def _reading(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def read(future: Any, *given: Any, **named: Any) -> Any:
            if (call := self._calls.get(future)) is not None:
                call.is_read = True
            return original(future, *given, **named)

        return read

    def _done(self, future: Any) -> None:
        call, error = self._calls.get(future), getattr(future, "_exception", None)
        if call is not None and error is not None:
            call.error = error
            self._failed.append(call)
