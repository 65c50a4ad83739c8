"""Exchanges as a worker tells of them: parts in MessagePack, many in one frame, from which the runner makes events.

A worker makes tuples of what exists already, header bytes as they came included: it must not keep its integration
waiting. A part is its kind, then the fields of the class of that kind below, in order. The runner trusts none of it:
what has other types is a :class:`PartsError`.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from msgspec import Meta, MsgspecError, Struct
from msgspec.msgpack import Decoder, Encoder

from workbench.domain import ExchangeError, Frame, Headers, Timings
from workbench.events.event import (
    Event,
    ExchangeEnded,
    ExchangeStarted,
    RequestBodySent,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
)
from workbench.events.http_heads import latin_names, latin_or_utf8, request_head, response_head

type Part = tuple[Any, ...]
"""A part on the worker's side."""

type _Number = Annotated[float, Meta(ge=-1e15, le=1e15)]
"""Any that is finite."""

type _Pairs = tuple[tuple[Any, Any], ...]
"""Header names and values, as text or as bytes."""


class PartsError(ValueError):
    """Bytes that are no parts of exchanges."""


STARTED, REQUEST, REQUEST_HEAD, REQUEST_BODY = 1, 2, 3, 4
RESPONSE, RESPONSE_HEAD, RESPONSE_BODY, ENDED = 5, 6, 7, 8
SENT, ANSWERED = 9, 10
"""Kinds of parts; an enum would be encoded by looking at its members."""


class _Part(Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    at: _Number
    exchange: int

    def events(self) -> tuple[Event, ...]:
        """The events of which it tells."""
        raise NotImplementedError


class StartedPart(_Part, tag=STARTED):
    """An attempt that began."""

    group: int
    attempt: int
    library: str
    method: str
    url: str
    call_site: Frame | None
    proxy: str

    def events(self) -> tuple[Event, ...]:
        asked = self.library, self.method, self.url
        return (ExchangeStarted(self.at, self.exchange, self.group, self.attempt, *asked, self.call_site, self.proxy),)


class RequestPart(_Part, tag=REQUEST):
    """The head of a request, taken apart."""

    method: str
    version: str
    headers: _Pairs
    reused: bool | None

    def events(self) -> tuple[Event, ...]:
        return (RequestSent(self.at, self.exchange, self.method, self.version, _texts(self.headers), self.reused),)


class RequestHeadPart(_Part, tag=REQUEST_HEAD):
    """The head of a request in its bytes."""

    head: bytes
    reused: bool | None

    def events(self) -> tuple[Event, ...]:
        head = request_head(self.head)
        version = head.line.rpartition(" HTTP/")[2]
        return (RequestSent(self.at, self.exchange, head.method, version, head.headers, self.reused),)


class RequestBodyPart(_Part, tag=REQUEST_BODY):
    """A piece of a request's body."""

    size: int
    data: bytes

    def events(self) -> tuple[Event, ...]:
        return (RequestBodySent(self.at, self.exchange, self.size, self.data),)


class ResponsePart(_Part, tag=RESPONSE):
    """The head of a response, taken apart; ``latin`` has what its bytes do not tell any more."""

    status: int
    reason: str
    version: str
    headers: _Pairs
    latin: tuple[str, ...]

    def events(self) -> tuple[Event, ...]:
        first, latin = (self.status, self.reason, self.version), (*self.latin, *latin_names(self.headers))
        return (ResponseStarted(self.at, self.exchange, *first, _texts(self.headers), latin),)


class ResponseHeadPart(_Part, tag=RESPONSE_HEAD):
    """The head of a response in its bytes, which begin with ``HTTP/``."""

    head: bytes

    def events(self) -> tuple[Event, ...]:
        head = response_head(self.head.split(b"\n"))
        if head is None:
            raise PartsError("The head of a response does not begin with HTTP/.")
        first = head.status, head.reason, head.version
        return (ResponseStarted(self.at, self.exchange, *first, head.headers, head.latin),)


class ResponseBodyPart(_Part, tag=RESPONSE_BODY):
    """A piece of a response's body."""

    size: int
    data: bytes

    def events(self) -> tuple[Event, ...]:
        return (ResponseBodyReceived(self.at, self.exchange, self.size, self.data),)


class EndedPart(_Part, tag=ENDED):
    """An attempt that is over, with the milliseconds of its phases."""

    dns: _Number | None
    connect: _Number | None
    tls: _Number | None
    wait: _Number | None
    receive: _Number | None
    total: _Number
    body_state: str
    error: ExchangeError | None
    raw_size: int | None
    trailers: _Pairs

    def events(self) -> tuple[Event, ...]:
        timings = Timings(self.dns, self.connect, self.tls, self.wait, self.receive, self.total)
        rest = self.error, self.raw_size, _texts(self.trailers)
        return (ExchangeEnded(self.at, self.exchange, timings, self.body_state, *rest),)


class SentPart(_Part, tag=SENT):
    """An attempt that began, the head of its request in its bytes, and what was sent of its body at once.

    ``begun`` are the fields of :class:`StartedPart` from the group on. Without a method, the URL is that of the host,
    and the head has the rest.
    """

    started: _Number
    reused: bool | None
    head: bytes
    body: bytes
    begun: tuple[int, int, str, str, str, Frame | None, str]

    def events(self) -> tuple[Event, ...]:
        group, number, library, method, url, site, proxy = self.begun
        if not method:
            head = request_head(self.head)
            method, target = head.method, head.target
            if target.startswith(("http://", "https://")):  # the host is a proxy
                url, proxy = target, url.partition("://")[2]
            else:
                url += target
        begun = ExchangeStarted(self.started, self.exchange, group, number, library, method, url, site, proxy)
        sent = RequestHeadPart(self.at, self.exchange, self.head, self.reused).events()
        body = (RequestBodySent(self.at, self.exchange, len(self.body), self.body),) if self.body else ()
        return (begun, *sent, *body)


class AnsweredPart(_Part, tag=ANSWERED):
    """A whole response in its bytes, the last ``size`` of which are its body, and with it the end of the attempt.

    The times are those of the same clock as ``at``, when the bytes came; the phases that it ``took`` to make the
    connection are milliseconds.
    """

    received: bytes
    size: int
    started: _Number
    sent: _Number | None
    ended: _Number
    took: dict[str, _Number] | None

    def events(self) -> tuple[Event, ...]:
        place = len(self.received) - self.size
        if not 0 <= place <= len(self.received):
            raise PartsError("The body of a response is longer than what was received.")
        events = ResponseHeadPart(self.at, self.exchange, self.received[:place]).events()
        if self.size:
            events += (ResponseBodyReceived(self.at, self.exchange, self.size, self.received[place:]),)
        wait = None if self.sent is None else (self.at - self.sent) * 1000
        took = self.took or {}
        phases = took.get("dns"), took.get("connect"), took.get("tls"), wait, (self.ended - self.at) * 1000
        timings = Timings(*phases, (self.ended - self.started) * 1000)
        return (*events, ExchangeEnded(self.ended, self.exchange, timings, "complete", None, None))


type _AnyPart = (
    StartedPart
    | RequestPart
    | RequestHeadPart
    | RequestBodyPart
    | ResponsePart
    | ResponseHeadPart
    | ResponseBodyPart
    | EndedPart
    | SentPart
    | AnsweredPart
)

_encode: Final = Encoder(enc_hook=str).encode  # URLs of yarl, and aiohttp's names of headers, which are no plain text
_decode: Final = Decoder(list[_AnyPart]).decode


def encode_parts(parts: Iterable[Part]) -> bytes:
    """The parts as bytes. Raises what the encoder raises for texts and values that have no form there."""
    return _encode(parts)


def events_of_parts(data: bytes | memoryview) -> list[Event]:
    """The events of encoded parts, in order. Raises :class:`PartsError`."""
    try:
        return [event for part in _decode(data) for event in part.events()]
    except PartsError:
        raise
    except (MsgspecError, RecursionError, ValueError) as error:
        raise PartsError(f"The parts of exchanges could not be read: {error!r}.") from error


def _texts(headers: _Pairs) -> Headers:
    return tuple([(_text(name), _text(value)) for name, value in headers])


def _text(given: Any) -> str:
    if type(given) is bytes:
        return latin_or_utf8(given)
    if type(given) is str:
        return given
    raise PartsError("A header is neither text nor bytes.")
