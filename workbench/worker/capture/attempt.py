"""One attempt on the wire, reported in parts: an adapter calls these methods as things happen.

None of them raises: a capture that fails is noted, and the request goes on. They are in the path of every request, so
they look at the clock, refer to what exists already, and leave the rest to the runner.
"""

import asyncio
from collections.abc import Buffer, Iterable
from time import monotonic

from workbench.domain import ExchangeError, FailureKind, Headers
from workbench.events.exchange_parts import ANSWERED, ENDED, RESPONSE, RESPONSE_BODY, RESPONSE_HEAD
from workbench.events.http_heads import unparsed_response
from workbench.worker.capture.bodies.counted_body import BODY_LIMIT, LARGE, CountedBody
from workbench.worker.capture.failures import kind_of_failure, message_of, name_of, phase_of_failure
from workbench.worker.capture.sent_request import SentRequest, quietly
from workbench.worker.text import shorten

MAX_MESSAGE = 4000


class Attempt(SentRequest, eq=False, gc=False):
    """A request and its response, up to their end.

    ``awaited`` says that nothing has come of its response, ``first`` what came first of it, and when, where the library
    gives its head only later. ``trailers`` are those of :class:`workbench.domain.Response`.
    """

    first: tuple[bytes, float] | None = None
    awaited: bool = True
    switched: bool = False
    raw_size: int | None = None
    trailers: Headers = ()
    _room_to_receive: int = BODY_LIMIT
    _response_body: CountedBody | None = None
    _early: list[bytes] | None = None
    _raw: list[bytes] | None = None
    _raw_size: int = 0
    _wait: float | None = None
    _receives_at: float | None = None

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
        latin: tuple[str, ...] = (),
    ) -> None:
        """The response's head has arrived; its headers in order and case, as text or as bytes.

        ``latin`` is that of :class:`workbench.domain.Response`, for what is text.
        """
        if self.over:
            return
        try:
            at = monotonic() if at is None else at
            self._sink.put((RESPONSE, at, self.id, status, reason, version, tuple(headers), latin))
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
        self.response_started(head.status, head.reason, head.version, head.headers, latin=head.latin)

    def complete(self) -> None:
        """The whole response has arrived."""
        if not self.over:
            self._end("complete")

    def give_up(self, body_state: str) -> None:
        """The caller does not read the rest: ``abandoned`` or ``unread``."""
        if not self.over:
            self._end(body_state)

    @quietly
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

    @quietly
    def fail_as(self, error: ExchangeError) -> None:
        """The attempt ended as the library itself describes it; with a status it had all of its messages."""
        self.has_failed = True
        states = {FailureKind.CANCELLED: "abandoned", FailureKind.STATUS: "complete"}
        self._end(states.get(error.kind, "cut"), error)

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
            known = error, self.raw_size, self.trailers
            self._sink.put((ENDED, ended, self.id, *phases, wait, receive, total, body_state, *known))
            self._sink.forget(self.id, None)
            if ended > self._sink.outlet.due:
                self._sink.outlet.write_at_once(ended)
        except Exception as failure:
            self._sink.failed("end", failure)
