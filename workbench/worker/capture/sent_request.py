"""What is sent of an attempt, and the connection that is made for it: the half of an attempt before its response."""

from collections.abc import Buffer, Callable, Iterable
from functools import wraps
from time import monotonic
from typing import Any, Concatenate

from msgspec import Struct

from workbench.domain import AnswerOrigin
from workbench.events import AnswerChosen
from workbench.events.exchange_parts import REQUEST, REQUEST_BODY, REQUEST_HEAD, SENT, STARTED
from workbench.events.http_heads import request_head
from workbench.worker.capture.bodies.counted_body import BODY_LIMIT, LARGE, CountedBody
from workbench.worker.capture.sink import Sink

_NOTHING = "", ""


def quietly[A: "SentRequest", **P](method: Callable[Concatenate[A, P], None]) -> Callable[Concatenate[A, P], None]:
    """The method, which does nothing once the attempt is over, and whose failure is noted."""

    @wraps(method)
    def guarded(self: A, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if self.over:
            return
        try:
            method(self, *args, **kwargs)
        except Exception as error:
            self._sink.failed(method.__name__, error)

    return guarded


class SentRequest(Struct, eq=False, gc=False):  # made by C in a fifth of the time that so many attributes take Python
    """The sent half of an exchange in progress; :attr:`target` are the method and the URL of its announcement.

    :attr:`begun` are the fields of the report of its beginning where that leaves together with the request, ``head``
    the bytes of its head that leave with its body. ``source`` is the library's own request, ``writer`` what it is
    written by; neither is kept when the attempt is over, so no cycle is left with it.
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
    target: tuple[str, str] = _NOTHING
    announced: bool = False
    has_head: bool = False
    has_response: bool = False
    over: bool = False
    has_failed: bool = False
    secure: bool = False
    timed_by_sockets: bool = False
    _room_to_send: int = BODY_LIMIT
    _request_body: CountedBody | None = None
    _since: dict[str, float] | None = None
    _took: dict[str, float] | None = None

    @quietly
    def enter(self, phase: str) -> None:
        """A phase of making the connection begins: ``dns``, ``connect`` or ``tls``."""
        self.phase = phase
        if self._since is None:
            self._since, self._took = {}, {}
        self._since.setdefault(phase, monotonic())

    @quietly
    def leave(self, phase: str) -> None:
        """Such a phase is done; leaving one that has not begun has no effect."""
        if self._since is not None and self._took is not None and phase in self._since:
            self._took[phase] = (monotonic() - self._since[phase]) * 1000

    @quietly
    def connected(self) -> None:
        """The connection is there; what was under way of it is done."""
        for phase in self._since or ():
            if self._took is not None and phase not in self._took:
                self.leave(phase)

    def capture_failed(self, where: str, error: Exception) -> None:
        """Report a failure of the capture itself."""
        self._sink.failed(where, error)

    @quietly
    def answered_from(self, origin: AnswerOrigin) -> None:
        """Where its answer comes from, where that is not the network."""
        self._sink.emit(AnswerChosen(monotonic(), self.id, origin))

    @quietly
    def name(self, method: str, url: str) -> None:
        """Say what is asked for, and report the beginning, where both would wait for the request."""
        if self.begun is not None:
            group, number, library, _, _, *rest = self.begun
            self.begun = group, number, library, method, url, *rest
            self._tell_begun()

    @quietly
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

    @quietly
    def head_sent(self, request_line: str, headers: Iterable[tuple[str | bytes, str | bytes]]) -> None:
        """The head as it is written: ``GET /path HTTP/1.1`` and the headers in order and case."""
        self._tell_begun()
        self.phase, self.has_head, at = "send", True, monotonic()
        method, _, rest = request_line.partition(" ")
        self.method = method
        version = rest.rpartition(" HTTP/")[2]
        self._sink.put((REQUEST, at, self.id, method, version, tuple(headers), self.reused))

    @quietly
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

    @quietly
    def all_sent(self) -> None:
        """The request is sent; the wait for the response begins."""
        if self._request_body is not None:
            self._request_body.flush()
        if not self.has_response:
            self.phase = "wait"
            if self.sent_at is None:
                self.sent_at = monotonic()
