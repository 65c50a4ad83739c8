"""One attempt on the wire as events: an adapter calls these methods as things happen.

None of them raises: a capture that fails is noted, and the request goes on.
"""

import asyncio
import weakref
from collections.abc import Buffer, Callable, Iterable
from functools import wraps
from time import monotonic
from typing import Any, Concatenate, Protocol

from workbench.domain import AnswerOrigin, ExchangeError, FailureKind, Headers, Timings
from workbench.events import (
    AnswerChosen,
    Event,
    ExchangeEnded,
    RequestBodySent,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
)
from workbench.worker.capture.failures import kind_of_failure
from workbench.worker.capture.http1 import unparsed_response
from workbench.worker.text import clean, latin_or_utf8, shorten

BODY_LIMIT = 1024 * 1024
"""Bytes of each body that are stored."""

REPORT_EVERY = 8 * 1024 * 1024
"""Bytes beyond the limit after which their count is sent, so that the progress of a long download is visible."""

MAX_MESSAGE = 4000


class Sink(Protocol):
    """The receiver of an attempt's events."""

    def emit(self, event: Event) -> None:
        """Send an event."""

    def emit_made(self, make: Callable[[], Event]) -> None:
        """Send an event that ``make`` makes, later and in another thread perhaps."""

    def failed(self, where: str, error: Exception) -> None:
        """Report a failure of the capture itself."""

    def keep(self, size: int) -> int:
        """How many of ``size`` more body bytes are within the run's budget."""

    def forget(self, attempt: "Attempt") -> None:
        """The attempt is over."""


def _quietly[**P](method: Callable[Concatenate["Attempt", P], None]) -> Callable[Concatenate["Attempt", P], None]:
    @wraps(method)
    def guarded(self: "Attempt", /, *args: P.args, **kwargs: P.kwargs) -> None:
        if self.over:
            return
        try:
            method(self, *args, **kwargs)
        except Exception as error:
            self._sink.failed(method.__name__, error)

    return guarded


class _Body:
    """Counts a body and sends what is within the limits."""

    __slots__ = ("_exchange", "_kind", "_left", "_sink", "_uncounted")

    def __init__(self, sink: Sink, exchange: int, kind: type[RequestBodySent] | type[ResponseBodyReceived]) -> None:
        self._sink = sink
        self._exchange = exchange
        self._kind = kind
        self._left = BODY_LIMIT
        self._uncounted = 0

    def add(self, data: Buffer) -> None:
        whole = data if isinstance(data, bytes) else bytes(memoryview(data)[: self._left])
        size = len(data) if isinstance(data, bytes) else memoryview(data).nbytes
        kept = self._sink.keep(min(self._left, size))
        self._left -= kept
        if kept:
            self._send(kept, whole if kept == size else whole[:kept])
        self._uncounted += size - kept
        if self._uncounted >= REPORT_EVERY:
            self.flush()

    def flush(self) -> None:
        if self._uncounted:
            self._send(self._uncounted, b"")
            self._uncounted = 0

    def _send(self, size: int, data: bytes) -> None:
        self._sink.emit(self._kind(monotonic(), self._exchange, size, data))


class Attempt:
    """An exchange in progress; :attr:`asked` are the method and the URL of its announcement."""

    def __init__(self, sink: Sink, exchange: int) -> None:
        self._sink = sink
        self.id = exchange
        self._request_body = _Body(sink, exchange, RequestBodySent)
        self._response_body = _Body(sink, exchange, ResponseBodyReceived)
        self._early: list[bytes] = []
        self._raw = bytearray()
        self.has_response = False
        self.started = monotonic()
        self._since: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self.secure = self.announced = self.timed_by_sockets = False
        self.phase = "connect"
        self.reused: bool | None = None
        self.over = self.has_failed = False
        self.raw_size: int | None = None
        self.method = ""
        self.asked = "", ""
        self.proxy = ""

    @_quietly
    def enter(self, phase: str) -> None:
        """A phase begins: ``dns``, ``connect``, ``tls``, ``send``, ``wait`` or ``receive``."""
        self._enter(phase)

    def _enter(self, phase: str) -> None:
        self.phase = phase
        self._since.setdefault(phase, monotonic())

    @_quietly
    def leave(self, phase: str) -> None:
        """The phase is done; leaving one that has not begun has no effect."""
        self._leave(phase)

    def _leave(self, phase: str) -> None:
        if phase in self._since:
            self._took[phase] = (monotonic() - self._since[phase]) * 1000

    @_quietly
    def connected(self) -> None:
        """The connection is there; what was under way of it is done."""
        for phase in ("dns", "connect", "tls"):
            if phase not in self._took:
                self._leave(phase)

    def watch(self, response: Any) -> None:
        """Give up once nothing refers to ``response`` any more."""
        self._alive = weakref.ref(response, lambda _: self.give_up("unread"))

    def capture_failed(self, where: str, error: Exception) -> None:
        """Report a failure of the capture itself."""
        self._sink.failed(where, error)

    @_quietly
    def answered_from(self, origin: AnswerOrigin) -> None:
        """Where its answer comes from, where that is not the network."""
        self._sink.emit(AnswerChosen(monotonic(), self.id, origin))

    @_quietly
    def head_sent(self, request_line: str, headers: Iterable[tuple[str, str]]) -> None:
        """The head as it is written: ``GET /path HTTP/1.1`` and the headers in order and case."""
        self._enter("send")
        method, _, rest = request_line.partition(" ")
        self.method = method
        version = rest.rpartition(" HTTP/")[2]
        at, sent, reused = monotonic(), tuple(headers), self.reused
        self._sink.emit_made(lambda: RequestSent(at, self.id, method, version, _cleaned(sent), reused))

    @_quietly
    def body_sent(self, data: Buffer) -> None:
        """A piece of the request's body, before compression."""
        self._request_body.add(data)

    @_quietly
    def all_sent(self) -> None:
        """The request is sent; the wait for the response begins."""
        self._request_body.flush()
        if not self.has_response:
            self._enter("wait")

    @_quietly
    def response_started(
        self, status: int, reason: str, version: str, headers: Iterable[tuple[str | bytes, str | bytes]]
    ) -> None:
        """The response's head has arrived; its headers in order and case, as text or as bytes."""
        self._first_byte()
        self.has_response = True
        at, received = monotonic(), tuple(headers)
        self._sink.emit_made(lambda: ResponseStarted(at, self.id, status, clean(reason), version, _cleaned(received)))
        for data in self._early:
            self._response_body.add(data)
        self._early.clear()
        self._raw.clear()

    @_quietly
    def body_received(self, data: Buffer) -> None:
        """A piece of the response's body, as the caller gets it. It may come before its head was parsed."""
        if self.has_response:
            self._response_body.add(data)
        else:
            self._first_byte()
            self._early.append(bytes(data))

    def raw_received(self, data: Buffer) -> None:
        """Bytes of the connection before the head was parsed: all there is to show if it never is."""
        if not self.has_response and not self.over and len(self._raw) < BODY_LIMIT:
            self._raw += data

    def forget_raw(self) -> None:
        """The bytes so far were of something else: of the answer of a proxy."""
        self._raw.clear()

    def _show_unparsed(self) -> None:
        """Tell what came of a response that the library could not read."""
        head, rest = unparsed_response(bytes(self._raw))
        self._early = [rest]
        self.response_started(head.status, head.reason, head.version, head.headers)

    def _first_byte(self) -> None:
        if "receive" not in self._since:
            self._leave("wait")
            self._enter("receive")

    @_quietly
    def complete(self) -> None:
        """The whole response has arrived."""
        self._end("complete")

    @_quietly
    def give_up(self, body_state: str) -> None:
        """The caller does not read the rest: ``abandoned`` or ``unread``."""
        self._end(body_state)

    @_quietly
    def fail(self, error: BaseException) -> None:
        """The attempt ended by ``error``, in the phase it is in."""
        self.has_failed = True
        state = "abandoned" if isinstance(error, asyncio.CancelledError) else "cut"
        kind = kind_of_failure(error, self.phase)
        if kind is FailureKind.NAME_NOT_FOUND:
            self.phase = "dns"  # libraries that do both look the name up as a part of connecting
        elif kind is FailureKind.UNDECODABLE:
            self.phase = "receive"  # aiohttp decodes the first bytes before it hands over the head
        message = shorten(_message(error), MAX_MESSAGE)
        failure = ExchangeError(_name(error), message, self.phase, kind)
        if self._raw and not self.has_response and kind not in (FailureKind.CANCELLED, FailureKind.TIMEOUT):
            self._show_unparsed()
            state = "unparsed"
        self._end(state, failure)

    @_quietly
    def fail_as(self, error: ExchangeError) -> None:
        """The attempt ended as the library itself describes it."""
        self.has_failed = True
        self._end("abandoned" if error.kind is FailureKind.CANCELLED else "cut", error)

    def _end(self, body_state: str, error: ExchangeError | None = None) -> None:
        self._leave("wait" if self.phase == "wait" else "receive")  # cut off while it waited
        self._request_body.flush()
        self._response_body.flush()
        ended = monotonic()
        timings = Timings(**self._took, total=(ended - self.started) * 1000)
        self.over = True
        self._sink.emit(ExchangeEnded(ended, self.id, timings, body_state, error, self.raw_size))
        self._sink.forget(self)


def _cleaned(headers: Iterable[tuple[str | bytes, str | bytes]]) -> Headers:
    return tuple([(_clean_header(name), _clean_header(value)) for name, value in headers])


def _clean_header(text: str | bytes) -> str:
    return clean(latin_or_utf8(text) if isinstance(text, bytes) else str(text))


def _name(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}" if kind.__qualname__ == "error" else kind.__qualname__


def _message(error: BaseException) -> str:
    if text := str(error):
        return text
    if isinstance(error, TimeoutError):
        return "The request timed out."
    return "The request was cancelled." if isinstance(error, asyncio.CancelledError) else repr(error)
