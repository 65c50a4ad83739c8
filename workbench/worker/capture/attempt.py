"""One attempt on the wire, reported in parts: an adapter calls these methods as things happen.

None of them raises: a capture that fails is noted, and the request goes on. They are in the path of every request, so
they look at the clock, refer to what exists already, and leave the rest to the runner.
"""

import asyncio
from collections.abc import Buffer, Callable, Iterable
from functools import wraps
from time import monotonic
from typing import Any, Concatenate

from msgspec import Struct

from workbench.domain import AnswerOrigin, ExchangeError, FailureKind
from workbench.events import AnswerChosen
from workbench.events.exchange_parts import (
    ANSWERED,
    ENDED,
    REQUEST,
    REQUEST_BODY,
    REQUEST_HEAD,
    RESPONSE,
    RESPONSE_BODY,
    RESPONSE_HEAD,
    SENT,
    STARTED,
)
from workbench.events.http_heads import request_head, unparsed_response
from workbench.worker.capture.bodies.counted_body import LARGE, CountedBody, Sink
from workbench.worker.capture.failures import kind_of_failure, message_of, name_of, phase_of_failure
from workbench.worker.text import shorten

BODY_LIMIT = 1024 * 1024
"""Bytes of each body that are stored."""

MAX_MESSAGE = 4000

_NOTHING = "", ""


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


class Attempt(Struct, eq=False, gc=False):  # made by C in a fifth of the time that so many attributes take Python
    """An exchange in progress; :attr:`target` are the method and the URL of its announcement.

    :attr:`begun` are the fields of the report of its beginning where that leaves together with the request, ``head``
    the bytes of its head that leave with its body. ``source`` is the library's own request, ``writer`` what it is
    written by; neither is kept when the attempt is over, so no cycle is left with it. ``awaited`` says that nothing
    has come of its response, ``first`` what came first of it, and when, where the library gives its head only later.
    """

    _sink: Sink
    id: int
    started: float
    sent_at: float | None = None
    phase: str = "connect"
    writer: Any = None
    method: str = ""
    proxy: str = ""
    reused: bool | None = None
    source: Any = None
    begun: tuple[Any, ...] | None = None
    head: bytes | None = None
    first: tuple[bytes, float] | None = None
    awaited: bool = True
    target: tuple[str, str] = _NOTHING
    announced: bool = False
    has_head: bool = False
    has_response: bool = False
    over: bool = False
    has_failed: bool = False
    switched: bool = False
    secure: bool = False
    timed_by_sockets: bool = False
    raw_size: int | None = None
    _room_to_send: int = BODY_LIMIT
    _room_to_receive: int = BODY_LIMIT
    _request_body: CountedBody | None = None
    _response_body: CountedBody | None = None
    _early: list[bytes] | None = None
    _raw: list[bytes] | None = None
    _raw_size: int = 0
    _since: dict[str, float] | None = None
    _took: dict[str, float] | None = None
    _wait: float | None = None
    _receives_at: float | None = None

    @_quietly
    def enter(self, phase: str) -> None:
        """A phase of making the connection begins: ``dns``, ``connect`` or ``tls``."""
        self.phase = phase
        if self._since is None:
            self._since, self._took = {}, {}
        self._since.setdefault(phase, monotonic())

    @_quietly
    def leave(self, phase: str) -> None:
        """Such a phase is done; leaving one that has not begun has no effect."""
        if self._since is not None and self._took is not None and phase in self._since:
            self._took[phase] = (monotonic() - self._since[phase]) * 1000

    @_quietly
    def connected(self) -> None:
        """The connection is there; what was under way of it is done."""
        for phase in self._since or ():
            if self._took is not None and phase not in self._took:
                self.leave(phase)

    def capture_failed(self, where: str, error: Exception) -> None:
        """Report a failure of the capture itself."""
        self._sink.failed(where, error)

    @_quietly
    def answered_from(self, origin: AnswerOrigin) -> None:
        """Where its answer comes from, where that is not the network."""
        self._sink.emit(AnswerChosen(monotonic(), self.id, origin))

    @_quietly
    def name(self, method: str, url: str) -> None:
        """Say what is asked for, and report the beginning, where both would wait for the request."""
        if self.begun is not None:
            group, number, library, _, _, *rest = self.begun
            self.begun = group, number, library, method, url, *rest
            self._tell_begun()

    @_quietly
    def tell_begun(self) -> None:
        """Report the beginning now, where it would wait for the request."""
        self._tell_begun()

    def _tell_begun(self) -> None:
        begun, self.begun = self.begun, None  # in one step: another thread may tell it, too
        if begun is not None:
            group, attempt, library, method, url, *rest = begun
            if not method and self.head is not None:
                sent = request_head(self.head)
                method, url = sent.method, url + sent.target
            self._sink.post((STARTED, self.started, self.id, group, attempt, library, method, url, *rest))
            if self.head is not None:
                self._sink.put((REQUEST_HEAD, monotonic(), self.id, self.head, self.reused))

    @_quietly
    def head_sent(self, request_line: str, headers: Iterable[tuple[str | bytes, str | bytes]]) -> None:
        """The head as it is written: ``GET /path HTTP/1.1`` and the headers in order and case."""
        self._tell_begun()
        self.phase, self.has_head, at = "send", True, monotonic()
        method, _, rest = request_line.partition(" ")
        self.method = method
        version = rest.rpartition(" HTTP/")[2]
        self._sink.put((REQUEST, at, self.id, method, version, tuple(headers), self.reused))

    @_quietly
    def head_bytes_sent(self, head: bytes) -> None:
        """The same, of a head in its bytes."""
        self._tell_begun()
        self.phase, self.has_head = "send", True
        self._sink.put((REQUEST_HEAD, monotonic(), self.id, head, self.reused))

    def request_sent(self, head: bytes, body: Buffer) -> None:
        """The same, and what is written with it of the body; as far as is known here, that is all of it."""
        try:
            self.sent_at = at = monotonic()
            sink, begun = self._sink, self.begun
            if begun is not None and type(body) is bytes and (size := len(body)) < LARGE and size <= sink.body_room:
                self.begun = None
                self.phase = "wait"
                if size:
                    self._room_to_send -= size
                    sink.body_room -= size
                self._sink.put((SENT, at, self.id, self.started, self.reused, head, body, begun))
                if sink.outlet.sleeps:
                    sink.outlet.wake()
                return
            if begun is not None:
                self.head = bytes(head)
                self._tell_begun()
                self.head, self.has_head = None, True
            else:
                self.head_bytes_sent(bytes(head))
            self.phase = "wait"
            if body:
                self.body_sent(body)
        except Exception as error:
            self._sink.failed("request_sent", error)

    def body_sent(self, data: Buffer) -> None:
        """A piece of the request's body, before compression."""
        if self.over:
            return
        try:
            sink, body = self._sink, self._request_body
            if body is None:
                if type(data) is bytes and (size := len(data)) < self._room_to_send and size <= sink.body_room:
                    self._room_to_send -= size
                    sink.body_room -= size
                    part = REQUEST_BODY, monotonic(), self.id, size, data
                    self._sink.put(part) if size < LARGE else sink.post(part)
                    return
                body = self._request_body = CountedBody(sink, self.id, REQUEST_BODY, self._room_to_send)
            body.add(data)
        except Exception as error:
            self._sink.failed("body_sent", error)

    @_quietly
    def all_sent(self) -> None:
        """The request is sent; the wait for the response begins."""
        if self._request_body is not None:
            self._request_body.flush()
        if not self.has_response:
            self.phase = "wait"
            if self.sent_at is None:
                self.sent_at = monotonic()

    def answered(self, received: bytes, size: int, at: float) -> bool:
        """The whole response came at once, the last ``size`` bytes being its body, and that is reported.

        False where it has to be reported in parts. May raise, other than the rest.
        """
        sink = self._sink
        if size >= LARGE or size > sink.body_room or self._raw is not None or type(received) is not bytes:
            return False
        if self._request_body is not None:  # whose rest is to be counted
            return False
        self.over, self.awaited = True, False
        self.writer = self.source = None
        sink.body_room -= size
        number = self.id
        self._sink.put((ANSWERED, at, number, received, size, self.started, self.sent_at, monotonic(), self._took))
        sink.forget(number, None)
        if at > sink.outlet.due:
            sink.outlet.write_at_once(at)
        return True

    def response_started(
        self,
        status: int,
        reason: str,
        version: str,
        headers: Iterable[tuple[str | bytes, str | bytes]],
        at: float | None = None,
    ) -> None:
        """The response's head has arrived; its headers in order and case, as text or as bytes."""
        if self.over:
            return
        try:
            at = monotonic() if at is None else at
            self._sink.put((RESPONSE, at, self.id, status, reason, version, tuple(headers)))
            self._answered(at)
        except Exception as error:
            self._sink.failed("response_started", error)

    def response_head_received(self, head: bytes, at: float | None = None) -> None:
        """The same, of a head in its bytes."""
        if self.over:
            return
        try:
            at = monotonic() if at is None else at
            self._sink.put((RESPONSE_HEAD, at, self.id, head))
            if self._early is not None or self._receives_at is not None:
                self._answered(at)
                return
            self.has_response, self._raw, self._receives_at, self.phase = True, None, at, "receive"
            self.awaited = False
            if self.sent_at is not None:
                self._wait = (at - self.sent_at) * 1000
        except Exception as error:
            self._sink.failed("response_head_received", error)

    def _answered(self, at: float) -> None:
        self.has_response, self.awaited = True, False
        self._raw = self.first = None
        if self._receives_at is None:
            self._receive(at)
        if self._early is not None:
            early, self._early = self._early, None
            for data in early:
                self.body_received(data)

    def _receive(self, at: float) -> None:
        """The first byte has come."""
        if self.sent_at is not None:
            self._wait = (at - self.sent_at) * 1000
        self._receives_at = at
        self.phase = "receive"

    def body_received(self, data: Buffer) -> None:
        """A piece of the response's body, as the caller gets it. It may come before its head was parsed."""
        if self.over:
            return
        try:
            if not self.has_response:
                if self._receives_at is None:
                    self._receive(monotonic())
                if self._early is None:
                    self._early = [bytes(data)]
                else:
                    self._early.append(bytes(data))
                return
            sink, body = self._sink, self._response_body
            if body is None:
                if type(data) is bytes and (size := len(data)) < self._room_to_receive and size <= sink.body_room:
                    self._room_to_receive -= size
                    sink.body_room -= size
                    part = RESPONSE_BODY, monotonic(), self.id, size, data
                    self._sink.put(part) if size < LARGE else sink.post(part)
                    return
                body = self._response_body = CountedBody(sink, self.id, RESPONSE_BODY, self._room_to_receive)
            body.add(data)
        except Exception as error:
            self._sink.failed("body_received", error)

    def raw_received(self, data: Buffer) -> None:
        """Bytes of the connection before the head was parsed: all there is to show if it never is."""
        if not self.has_response and not self.over and self._raw_size < BODY_LIMIT:
            data = bytes(data)
            self._raw_size += len(data)
            if self._raw is None:
                self._raw = [data]
            else:
                self._raw.append(data)

    def forget_raw(self) -> None:
        """The bytes so far were of something else: of the answer of a proxy."""
        self._raw = None

    def _show_unparsed(self, raw: bytes) -> None:
        """Tell what came of a response that the library could not read."""
        head, rest = unparsed_response(raw)
        self._early = [rest]
        self.response_started(head.status, head.reason, head.version, head.headers)

    def complete(self) -> None:
        """The whole response has arrived."""
        if not self.over:
            self._end("complete")

    def give_up(self, body_state: str) -> None:
        """The caller does not read the rest: ``abandoned`` or ``unread``."""
        if not self.over:
            self._end(body_state)

    @_quietly
    def fail(self, error: BaseException) -> None:
        """The attempt ended by ``error``, in the phase it is in."""
        self.has_failed = True
        state = "abandoned" if isinstance(error, asyncio.CancelledError) else "cut"
        kind = kind_of_failure(error, self.phase)
        self.phase = phase_of_failure(kind, self.phase)
        message = shorten(message_of(error), MAX_MESSAGE)
        failure = ExchangeError(name_of(error), message, self.phase, kind)
        if self.first is not None:
            self._raw = [self.first[0], *(self._raw or ())]
        if self._raw and not self.has_response and kind not in (FailureKind.CANCELLED, FailureKind.TIMEOUT):
            self._show_unparsed(b"".join(self._raw))
            state = "unparsed"
        self._end(state, failure)

    @_quietly
    def fail_as(self, error: ExchangeError) -> None:
        """The attempt ended as the library itself describes it."""
        self.has_failed = True
        self._end("abandoned" if error.kind is FailureKind.CANCELLED else "cut", error)

    def _end(self, body_state: str, error: ExchangeError | None = None) -> None:
        self.over, self.awaited = True, False
        self.writer = self.source = None
        try:
            self._tell_begun()
            ended, wait, receive = monotonic(), self._wait, None
            if self.phase == "wait":  # cut off while it waited
                wait = None if self.sent_at is None else (ended - self.sent_at) * 1000
            elif self._receives_at is not None:
                receive = (ended - self._receives_at) * 1000
            if self._request_body is not None:
                self._request_body.flush()
            if self._response_body is not None:
                self._response_body.flush()
            total = (ended - self.started) * 1000
            if self._since and self._took is not None and self.phase in self._since:
                self._took.setdefault(self.phase, (ended - self._since[self.phase]) * 1000)
            if self._took:
                phases = self._took.get("dns"), self._took.get("connect"), self._took.get("tls")
            else:
                phases = None, None, None
            self._sink.put((ENDED, ended, self.id, *phases, wait, receive, total, body_state, error, self.raw_size))
            self._sink.forget(self.id, None)
            if ended > self._sink.outlet.due:
                self._sink.outlet.write_at_once(ended)
        except Exception as failure:
            self._sink.failed("end", failure)
