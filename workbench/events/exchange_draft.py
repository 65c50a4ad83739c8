"""One exchange of a run while its events come: they change it in place, and the value is made when it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from workbench.domain import Exchange, Request, Response, Retry
from workbench.events.event import (
    AnswerChosen,
    Event,
    ExchangeEnded,
    ExchangeStarted,
    ProxyIgnored,
    RequestBodySent,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
    RetryScheduled,
)

_GRPC = "grpc"
"""The library whose bodies are messages, one in a line."""


class _Body:
    """A body as far as it is known, in the pieces that came."""

    __slots__ = ("cut", "lines", "pieces", "size")

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = self.lines = 0
        self.cut = False

    def add(self, event: RequestBodySent | ResponseBodyReceived) -> None:
        """The next piece."""
        self.pieces.append(event.data)
        self.size += event.size
        self.cut = self.cut or event.size > len(event.data)

    @property
    def data(self) -> bytes:
        """All pieces; they are one from here on."""
        if len(self.pieces) != 1:
            self.pieces = [b"".join(self.pieces)]
        return self.pieces[0]


class ExchangeDraft:
    """An exchange that has started at ``at``, in seconds since the run was accepted."""

    __slots__ = (
        "_answer",
        "_ended",
        "_head",
        "_ignored",
        "_made",
        "_origin",
        "_place",
        "_received",
        "_retry",
        "_sent",
        "_sent_before",
        "_started",
    )

    def __init__(self, event: ExchangeStarted, at: float) -> None:
        self._started = event, at
        self._head: RequestSent | None = None
        self._sent = _Body()
        self._answer: ResponseStarted | None = None
        self._received = _Body()
        self._sent_before: list[int] = []
        self._ended: tuple[ExchangeEnded, float] | None = None
        self._origin: AnswerChosen | None = None
        self._retry: Retry | None = None
        self._ignored = ""
        self._place = event.group, event.attempt
        self._made: Exchange | None = None

    def add(self, event: Event, at: float) -> None:
        """Add an event of this exchange, of the time ``at``."""
        self._made = None
        self._STEPS[type(event)](self, event, at)

    def belong_to(self, group: int, attempt: int) -> None:
        """It is that attempt of the group, whichever it began in."""
        event, _ = self._started
        if (event.group, event.attempt) != (group, attempt):
            self._place, self._made = (group, attempt), None

    @property
    def exchange(self) -> Exchange:
        """The exchange so far, the same object until the next event."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> Exchange:
        event, at = self._started
        exchange = Exchange(
            id=event.exchange,
            group=self._place[0],
            attempt=self._place[1],
            library=event.library,
            request=self._request(event),
            started_at=at,
            response=self._response(),
            reused=self._head.reused if self._head else None,
            call_site=event.call_site,
            retry=self._retry,
            proxy=event.proxy,
            ignored_proxy=self._ignored,
        )
        if self._origin is not None:
            exchange = replace(exchange, origin=self._origin.origin)
        if self._ended is None:
            return exchange
        end, ended_at = self._ended
        return replace(exchange, ended_at=ended_at, timings=end.timings, body_state=end.body_state, error=end.error)

    def _request(self, event: ExchangeStarted) -> Request:
        body, head = self._sent, self._head
        if head is None:
            return Request(event.method, event.url, body=body.data, size=body.size, cut=body.cut)
        return Request(head.method, event.url, head.http_version, head.headers, body.data, body.size, body.cut)

    def _response(self) -> Response | None:
        body, answer = self._received, self._answer
        if answer is None:
            return None
        end = (self._ended[0].raw_size, self._ended[0].trailers) if self._ended else (None, ())
        head = answer.status, answer.reason, answer.http_version, answer.headers
        return Response(*head, body.data, body.size, body.cut, *end, answer.latin, self._before())

    def _before(self) -> tuple[int, ...]:
        return tuple(self._sent_before) if self._sent.lines > 1 and not self._sent.cut else ()

    def _add_head(self, event: RequestSent, _: float) -> None:
        self._head = event

    def _add_sent(self, event: RequestBodySent, _: float) -> None:
        self._sent.add(event)
        if self._started[0].library == _GRPC:
            self._sent.lines += event.data.count(b"\n")

    def _add_answer(self, event: ResponseStarted, _: float) -> None:
        self._answer, self._received, self._sent_before = event, _Body(), []

    def _add_received(self, event: ResponseBodyReceived, _: float) -> None:
        if self._answer is not None:
            self._received.add(event)
            if self._started[0].library == _GRPC:
                self._sent_before += [self._sent.lines] * event.data.count(b"\n")

    def _add_end(self, event: ExchangeEnded, at: float) -> None:
        self._ended = event, at

    def _add_origin(self, event: AnswerChosen, _: float) -> None:
        self._origin = event

    def _add_ignored_proxy(self, event: ProxyIgnored, _: float) -> None:
        self._ignored = event.variable

    def _add_retry(self, event: RetryScheduled, at: float) -> None:
        self._retry = Retry(at, event.seconds, event.attempt, event.attempts)

    _STEPS: ClassVar[Mapping[type, Callable[[Any, Any, float], None]]] = {
        RequestSent: _add_head,
        RequestBodySent: _add_sent,
        ResponseStarted: _add_answer,
        ResponseBodyReceived: _add_received,
        ExchangeEnded: _add_end,
        AnswerChosen: _add_origin,
        ProxyIgnored: _add_ignored_proxy,
        RetryScheduled: _add_retry,
    }
