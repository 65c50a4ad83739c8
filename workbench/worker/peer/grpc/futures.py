"""Blocking calls of gRPC with many requests and one response, without a channel."""

from _thread import start_new_thread
from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Lock
from typing import Any

from workbench.worker.peer.grpc.calls import LATE, CallAnswer
from workbench.worker.peer.grpc.streams import Requests, call_of
from workbench.worker.peer.waits import InFlight

_CANCELLED = CallAnswer(code="CANCELLED", details="Locally cancelled by application!")


class AnsweredLater:
    """A call of one response that is answered when all its requests were taken, with the methods of a future.

    ``begin`` gives what answers them, or a live call. ``deadline`` is in seconds.
    """

    def __init__(
        self, requests: Requests, begin: Callable[[], Any], in_flight: InFlight, deadline: float | None, grpc: Any
    ) -> None:
        self._requests = requests
        self._begin = begin
        self._in_flight = in_flight
        self._deadline = deadline
        self._grpc = grpc
        self._call: Any = None
        self._callbacks: list[Callable[[Any], None]] = []
        self._lock = Lock()
        self._ready = Event()
        in_flight.begin()
        start_new_thread(copy_context().run, (self._work,))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)

    def result(self, timeout: float | None = None) -> Any:
        """The only message. Raises the call's error."""
        return self._made(timeout).result(timeout)

    def exception(self, timeout: float | None = None) -> Any:
        """The call's error."""
        return self._made(timeout).exception(timeout)

    def done(self) -> bool:
        """Whether it is over."""
        return self._call is not None and bool(self._call.done())

    def running(self) -> bool:
        """Whether it is not."""
        return not self.done()

    is_active = running

    def cancelled(self) -> bool:
        """Whether it was ended so."""
        return self.done() and self._call.code() is self._grpc.StatusCode.CANCELLED

    def cancel(self) -> bool:
        """End it where it is not over."""
        return bool(self._call.cancel()) if self._call is not None else self._end(_CANCELLED)

    def add_done_callback(self, fn: Callable[[Any], None]) -> None:
        """Call once it is over, with this object."""
        with self._lock:
            if self._call is None:
                self._callbacks.append(fn)
                return
        self._call.add_done_callback(lambda _: fn(self))

    def _work(self) -> None:
        try:
            self._requests.wait()
            if self._call is None:
                self._end(self._begin())
        except Exception as error:
            self._end(CallAnswer(error=error))
        finally:
            self._in_flight.end()

    def _end(self, found: Any) -> bool:
        """What answers the call, where nothing does yet."""
        with self._lock:
            if self._call is not None:
                return False
            self._call = call_of(found, self._requests, self._grpc)
        self._requests.close()
        for fn in self._callbacks:
            self._call.add_done_callback(lambda _, fn=fn: fn(self))
        self._ready.set()
        return True

    def _made(self, timeout: float | None = None) -> Any:
        limits = [one for one in (timeout, self._deadline) if one is not None]
        if self._call is None and not self._ready.wait(min(limits, default=None)):
            if timeout is not None and timeout == min(limits):
                raise self._grpc.FutureTimeoutError
            self._end(LATE)
        return self._call
