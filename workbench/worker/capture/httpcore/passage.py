"""One request through httpcore: what its trace says, and streams in the place of those of both bodies."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from workbench.events.http_heads import end_of_head, latin_names, latin_or_utf8
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.decoded_body import DecodedBody
from workbench.worker.capture.httpcore.repeated_connection import begin_again
from workbench.worker.capture.recorder import Recorder

"""Libraries that decode a body; by itself httpcore does not."""
_CONNECTS = ("connection.connect_tcp", "connection.connect_unix_socket")
_STAGES = {
    **dict.fromkeys(_CONNECTS, ("started", "complete")),
    **dict.fromkeys(("connection.start_tls", "proxy.start_tls", "socks.start_tls"), ("started", "complete")),
    "connection.retry": ("started", "complete"),
    **dict.fromkeys(("http11.send_request_headers", "http2.send_request_headers"), ("started",)),
    **dict.fromkeys(("http11.receive_response_headers", "http2.receive_response_headers"), ("started", "complete")),
}
_SEEN = frozenset(f"{place}.{stage}" for place, stages in _STAGES.items() for stage in stages)
"""Events of httpcore's trace that say something of an exchange."""

_NOT_IN_HTTP_2 = (b"host", b"transfer-encoding", b"connection", b"keep-alive", b"proxy-connection", b"upgrade")
"""Headers that httpcore and h2 do not send in HTTP/2; the first is the pseudo-header ``:authority`` there."""


def base_of(url: Any) -> str:
    """The URL of the host."""
    host = url.host.decode("ascii", "replace")
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme.decode()}://{f'[{host}]' if ':' in host else host}{port}"


def library_of(request: Any) -> str:
    """The edition of httpcore whose request it is."""
    return str(type(request).__module__).partition(".")[0]


class Passage:
    """One request on its way through httpcore, and what the trace says of it."""

    def __init__(self, recorder: Recorder, request: Any, attempt: Attempt) -> None:
        self.attempt = attempt
        self._recorder = recorder
        self._request = request
        self._further: Any = request.extensions.get("trace")
        self._source = attempt.source
        self._tunnel: Attempt | None = None
        self._has_connected = False

    def attach(self, trace: Callable[..., Any]) -> None:
        """Let httpcore call ``trace``, and send the body through us. The caller's own objects stay as they are."""
        self._request.extensions = {**self._request.extensions, "trace": trace}
        self._request.stream = _SentBody(self._request.stream, self.attempt)

    def traced(self, name: str, info: dict[str, Any]) -> None:
        """An event of httpcore."""
        if name in _SEEN:
            self._see(name, info)
        if self._further is not None:
            self._further(name, info)

    async def traced_async(self, name: str, info: dict[str, Any]) -> None:
        """The same of its asynchronous half."""
        if name in _SEEN:
            self._see(name, info)
        if self._further is not None:
            await self._further(name, info)

    def _see(self, name: str, info: dict[str, Any]) -> None:
        try:
            place, _, stage = name.rpartition(".")
            if place in _CONNECTS:
                self._connect(stage)
            elif place.endswith(".start_tls"):
                self._start_tls(stage)
            elif place == "connection.retry":
                self._retry(stage)
            elif place.endswith(".send_request_headers") and stage == "started":
                self._send_head(info["request"], "2" if place.startswith("http2") else "1.1")
            elif place.endswith(".receive_response_headers") and stage == "started":
                (self._tunnel or self.attempt).all_sent()
            elif place.endswith(".receive_response_headers") and stage == "complete" and self._tunnel:
                self._end_tunnel(info["return_value"])
        except Exception as error:
            self._recorder.failed("httpcore's trace", error)

    def _connect(self, stage: str) -> None:
        if stage == "started":
            self._has_connected = True
            if not self.attempt.timed_by_sockets:
                self.attempt.enter("connect")
        elif stage == "complete":
            self.attempt.connected()

    def _start_tls(self, stage: str) -> None:
        if stage == "started":
            self.attempt.enter("tls")
        elif stage == "complete":
            self.attempt.leave("tls")

    def _retry(self, stage: str) -> None:
        """httpcore has failed to connect, and waits before it tries again."""
        error = sys.exception()
        if stage == "started" and error is not None:
            self.attempt.fail(error)
        elif stage == "complete" and self.attempt.over:
            request = self._request
            url = base_of(request.url) + latin_or_utf8(request.url.target)
            method = request.method.decode("ascii", "replace")
            begin_again(self._recorder, self.attempt, library_of(request), method, url, self._source)

    def _send_head(self, request: Any, version: str) -> None:
        attempt = self.attempt
        if request.method == b"CONNECT" and self._request.method != b"CONNECT":  # to a proxy, by its own exchange
            url = f"https://{latin_or_utf8(request.url.target).removesuffix(':443')}/"
            library = library_of(self._request)
            attempt = self._tunnel = self._recorder.begin(library, "CONNECT", url, proxy=attempt.proxy)
        elif version == "1.1" and self._further is None:
            # the body says when it is over: each further event would take httpcore a microsecond
            self._request.extensions.pop("trace", None)
        attempt.reused = not self._has_connected
        headers = request.headers
        if version == "1.1" and headers and headers[0][0].lower() != b"host":
            headers = sorted(headers, key=lambda header: header[0].lower() != b"host")  # as h11 sends them
        if version == "2":
            headers = [(name.lower(), value) for name, value in headers if name.lower() not in _NOT_IN_HTTP_2]
        method = request.method.decode("ascii", "replace")
        attempt.head_sent(f"{method} {latin_or_utf8(request.url.target)} HTTP/{version}", headers)

    def _end_tunnel(self, received: Any) -> None:
        version, status, reason, headers, *_ = received
        if self._tunnel is not None:
            self._tunnel.response_started(status, latin_or_utf8(reason), _version(version), headers)
            self._tunnel.complete()
            self._tunnel = None
            self.attempt.forget_raw()

    def fail(self, error: BaseException) -> None:
        """It was ended by ``error``, and with it the CONNECT that was under way for it."""
        if self._tunnel is not None:
            self._tunnel.fail(error)
        self.attempt.fail(error)

    def answered(self, response: Any) -> Any:
        """The response of httpcore, its body read through us."""
        try:
            extensions, headers = response.extensions, response.headers
            version, reason = extensions.get("http_version", b"HTTP/1.1"), extensions.get("reason_phrase", b"")
            data, at = self.attempt.first or (b"", None)
            self.attempt.first = None
            if end := end_of_head(data):  # h11 changes values: "Chunked" to "chunked"
                self.attempt.response_head_received(data[:end], at)
            else:
                first = response.status, latin_or_utf8(reason), _version(version)
                self.attempt.response_started(*first, headers, at, latin_names([(b"", reason)]))
            encoding = next((value for name, value in headers if name.lower() == b"content-encoding"), b"")
            body = DecodedBody(self.attempt, latin_or_utf8(encoding).lower(), self._recorder.library_of_call())
            response.stream = _ReceivedBody(response.stream, self.attempt, body)
        except Exception as error:
            self._recorder.failed("httpcore's response", error)
        return response


class _SentBody:
    """The stream of a request's body."""

    __slots__ = ("_attempt", "_stream")

    def __init__(self, stream: Any, attempt: Attempt) -> None:
        self._stream = stream
        self._attempt = attempt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._attempt.body_sent(piece)
            yield piece
        self._attempt.all_sent()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._attempt.body_sent(piece)
            yield piece
        self._attempt.all_sent()


class _ReceivedBody:
    """The stream of a response's body."""

    __slots__ = ("_attempt", "_body", "_stream")

    def __init__(self, stream: Any, attempt: Attempt, body: DecodedBody) -> None:
        self._stream = stream
        self._attempt = attempt
        self._body = body

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __del__(self) -> None:
        if not self._attempt.over:
            self._attempt.give_up("unread")

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._stream:
                self._body.add(piece)
                yield piece
        except GeneratorExit:
            raise
        except BaseException as error:
            self._attempt.fail(error)
            raise
        self._body.end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._stream:
                self._body.add(piece)
                yield piece
        except GeneratorExit:
            raise
        except BaseException as error:
            self._attempt.fail(error)
            raise
        self._body.end()

    def close(self) -> None:
        """Close the stream; what was not read until now never is."""
        self._attempt.give_up("abandoned")
        self._stream.close()

    async def aclose(self) -> None:
        """The same of the asynchronous half."""
        self._attempt.give_up("abandoned")
        await self._stream.aclose()


def _version(version: bytes) -> str:
    return "1.1" if version == b"HTTP/1.1" else latin_or_utf8(version).removeprefix("HTTP/")
