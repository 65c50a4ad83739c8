"""Calls of gRPC answered without a channel: messages are made of their JSON, failures are those that grpc raises."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from workbench.answers.answer import Answer
from workbench.domain import FailureKind, Headers, Request, Rule, RuleAction
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.grpc.metadata import Metadatum, metadata_of

_CODES = {FailureKind.TIMEOUT: "DEADLINE_EXCEEDED", FailureKind.CANCELLED: "CANCELLED"}
_DETAILS = {
    FailureKind.TIMEOUT: "Deadline Exceeded",
    FailureKind.REFUSED: "failed to connect to all addresses; last error: connect: Connection refused (111)",
    FailureKind.NAME_NOT_FOUND: "DNS resolution failed: Domain name not found",
    FailureKind.CERTIFICATE: "failed to connect to all addresses; last error: CERTIFICATE_VERIFY_FAILED",
    FailureKind.TLS: "failed to connect to all addresses; last error: Ssl handshake failed",
}
_HTTP = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "UNIMPLEMENTED", 400: "INTERNAL"}
"""The codes that gRPC has for statuses of HTTP; UNAVAILABLE or UNKNOWN for others."""

_OF_MESSAGES = (RuleAction.TRUNCATE, RuleAction.REPLACE)

type Deserializer = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """The messages of an answered call, and how it ended: ``code`` is None for a good end.

    ``recorded`` is the exchange whose messages the call has to send, ``requests`` of them, where more are to come;
    ``sent_before`` is that of its response.
    """

    messages: tuple[Any, ...] = ()
    metadata: Headers = ()
    trailers: Headers = ()
    code: str | None = None
    details: str = ""
    error: Exception | None = None
    waits: bool = False
    recorded: int | None = None
    requests: int = 0
    sent_before: tuple[int, ...] = ()

    def requests_before(self, given: int) -> int:
        """How many requests are sent before the message with that number, from 1."""
        if given <= len(self.sent_before):
            return self.sent_before[given - 1]
        return min(given, self.requests)


UNREADABLE = CallAnswer(code="INTERNAL", details="Exception deserializing response!")
"""What grpc says of a message that its class cannot hold."""


def learn_methods(channel: Any, methods: dict[str, Any]) -> Any:
    """``channel``, which from now on puts into ``methods`` how the responses of each of its methods are read."""

    def learning(original: Callable[..., Any]) -> Callable[..., Any]:
        def multi_callable(
            method: Any, request_serializer: Any = None, response_deserializer: Any = None, *more: Any, **options: Any
        ) -> Any:
            methods[method.decode() if isinstance(method, bytes) else str(method)] = response_deserializer
            return original(method, request_serializer, response_deserializer, *more, **options)

        return multi_callable

    for kind in ("unary_unary", "unary_stream", "stream_unary", "stream_stream"):
        setattr(channel, kind, learning(getattr(channel, kind)))
    return channel


LATE = CallAnswer(code="DEADLINE_EXCEEDED", details="Deadline Exceeded")
"""The end of a call that takes longer than it may."""


def answer_call(
    engine: AnswerEngine,
    attempt: Attempt,
    headers: Headers,
    lines: Iterable[bytes],
    read: Deserializer | None,
    deadline: float | None,
    *,
    goes_on: bool = False,
) -> tuple[CallAnswer | Rule | None, float]:
    """The answer to a call whose request messages are ``lines``, and others yet where it ``goes_on``.

    None where the network is to give it.

    The rule where it is to give it and that changes its messages. With it the seconds to wait before, of the
    ``deadline`` that the call has.
    """
    method, url = attempt.target
    reply = engine.unconnected(method, url)
    if reply is None:
        body = b"".join(lines)
        reply = engine.reply(Request(method, url, "2", headers, body, len(body), cut=goes_on))
    attempt.answered_from(reply.origin)
    if reply.error is not None:
        return CallAnswer(error=reply.error), 0.0
    is_silent = reply.failure is not None and reply.failure.kind is FailureKind.TIMEOUT
    if deadline is not None and (is_silent or reply.delay > deadline):
        return LATE, 0.0 if engine.skips_waits else deadline
    seconds = 0.0 if engine.skips_waits else reply.delay
    if reply.url:
        return reply.rule if reply.rule and reply.rule.action in _OF_MESSAGES else None, seconds
    made = _made(reply.answer, read)
    if goes_on and reply.origin.unmatched is None:
        requests, before = engine.recorded.sent_before(reply.origin.recorded)
        made = replace(made, recorded=reply.origin.recorded, requests=requests, sent_before=before)
    return made, seconds


def _made(answer: Answer, read: Deserializer | None) -> CallAnswer:
    response, failure = answer.response, answer.failure
    headers, trailers = (response.headers, response.trailers) if response else ((), ())
    lines = response.body.splitlines(keepends=True) if response and response.status < 300 else []
    if failure is not None and lines and not lines[-1].endswith(b"\n"):
        lines.pop()  # a message that did not arrive whole
    try:
        messages = tuple(message_of(line, getattr(read, "__self__", None)) for line in lines)
    except _parse_error():
        return UNREADABLE
    if failure is not None:
        if failure.type.isupper():
            return CallAnswer(messages, headers, trailers, failure.type, failure.message)
        code, details = _CODES.get(failure.kind, "UNAVAILABLE"), _DETAILS.get(failure.kind, "Socket closed")
        return CallAnswer(messages, headers, code=code, details=details, waits=failure.is_cancelled)
    if response is not None and response.status >= 300:
        code = _HTTP.get(response.status, "UNAVAILABLE" if response.status in (429, 502, 503, 504) else "UNKNOWN")
        return CallAnswer((), headers, trailers, code, f"Received http2 header with status: {response.status}")
    return CallAnswer(messages, headers, trailers)


def _parse_error() -> type[Exception]:
    """What protobuf raises for JSON that a message cannot hold; nothing where protobuf is not there."""
    try:
        found: type[Exception] = import_module("google.protobuf.json_format").ParseError
    except ImportError:
        return _NeverRaised
    return found


class _NeverRaised(Exception):
    """Stands in for an exception of a library that is not installed."""


def message_of(line: bytes, kind: Any) -> Any:
    """A message as the integration gets it: of its class ``kind``, or what its own function makes of the bytes."""
    value = json.loads(line)
    wraps = callable(getattr(kind, "pb", None)) and callable(getattr(kind, "wrap", None))  # a class of proto-plus
    if wraps or hasattr(kind, "DESCRIPTOR"):
        formats: Any = import_module("google.protobuf.json_format")
        read = formats.ParseDict(value, kind.pb()() if wraps else kind(), ignore_unknown_fields=True)
        return kind.wrap(read) if wraps else read
    if isinstance(value, dict) and set(value) == {"base64"}:
        value = base64.b64decode(value["base64"])
    return value


class AnsweredCall:
    """A call that is over, with the methods of ``grpc.Call`` and ``grpc.Future``, and an iterator of its messages."""

    def __init__(self, answer: CallAnswer, grpc: Any) -> None:
        self._answer = answer
        self._grpc = grpc
        self._messages: Iterator[Any] = iter(answer.messages)
        self._error: BaseException | None = answer.error or (rpc_error(answer, grpc) if answer.code else None)

    def result(self, timeout: float | None = None) -> Any:
        """The only message. Raises the call's error."""
        if self._error is not None:
            raise self._error
        return self._answer.messages[0] if self._answer.messages else None

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """The call's error."""
        return self._error

    def traceback(self, timeout: float | None = None) -> None:
        """There is none."""

    def code(self) -> Any:
        """The status."""
        return code_of(self._answer, self._grpc)

    def details(self) -> str:
        """The text of the status."""
        return self._answer.details

    def initial_metadata(self) -> tuple[Metadatum, ...]:
        """The metadata that came first."""
        return metadata_of(self._answer.metadata)

    def trailing_metadata(self) -> tuple[Metadatum, ...]:
        """The metadata that came at the end."""
        return metadata_of(self._answer.trailers)

    def done(self) -> bool:
        """It is over."""
        return True

    def cancel(self) -> bool:
        """Nothing is left to cancel."""
        return False

    cancelled = running = is_active = cancel

    def time_remaining(self) -> None:
        """It has no deadline any more."""

    def add_done_callback(self, fn: Callable[[Any], None]) -> None:
        """Call at once."""
        fn(self)

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """It is too late to be called back."""
        return False

    def __iter__(self) -> "AnsweredCall":
        return self

    def __next__(self) -> Any:
        for message in self._messages:
            return message
        if self._error is not None:
            raise self._error
        raise StopIteration


def code_of(answer: CallAnswer, grpc: Any) -> Any:
    """The status with which the call ends."""
    return getattr(grpc.StatusCode, answer.code or "OK", grpc.StatusCode.UNKNOWN)


def rpc_error(answer: CallAnswer, grpc: Any) -> BaseException:
    """The exception of grpc's own class, by its own way to make one."""
    metadata, trailers = metadata_of(answer.metadata), metadata_of(answer.trailers)
    state = grpc._channel._RPCState((), metadata, trailers, code_of(answer, grpc), answer.details)
    error: BaseException = grpc._channel._InactiveRpcError(state)
    return error
