"""httpx and httpcore: a request is seen where it enters the pool of connections, its bytes through httpcore's trace.

The streams of both bodies are replaced by ones that tell what passes through; httpcore has taken chunks apart already.
"""

import inspect
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from functools import wraps
from typing import Any

from workbench.events.http_heads import latin_or_utf8
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.decoded_body import DecodedBody
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_calls import grouped
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Call, Recorder

LIBRARY = "httpcore"
_CALLS = ("request", "get", "options", "head", "post", "put", "patch", "delete", "send")
_CONNECTS = ("connection.connect_tcp", "connection.connect_unix_socket")
_STAGES = {
    **dict.fromkeys(_CONNECTS, ("started", "complete")),
    **dict.fromkeys(("connection.start_tls", "proxy.start_tls", "socks.start_tls"), ("started", "complete")),
    **dict.fromkeys(("http11.send_request_headers", "http2.send_request_headers"), ("started",)),
    **dict.fromkeys(("http11.receive_response_headers", "http2.receive_response_headers"), ("started", "complete")),
}
_SEEN = frozenset(f"{place}.{stage}" for place, stages in _STAGES.items() for stage in stages)
"""Events of httpcore's trace that say something of an exchange."""


class HttpxAdapter:
    """Installs the hooks once the integration has imported httpx or httpcore, and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        self._recorder = recorder
        self._imports = imports
        self._patches = Patches()

    def install(self) -> None:
        """Start."""
        hook = self._imports.patch_when_imported
        hook("httpx._client", self._patches, self._hook_calls)
        hook("httpcore._sync.connection_pool", self._patches, self._hook_pool)
        hook("httpcore._async.connection_pool", self._patches, self._hook_async_pool)
        hook("h11._connection", self._patches, self._hook_parser)

    def uninstall(self) -> None:
        """Stop; both libraries are as they were."""
        self._patches.undo()

    def _hook_calls(self, patches: Patches, module: Any) -> None:
        patches.replace(module.Client, "send", grouped(self._recorder, "httpx"))
        for name in _CALLS:
            patches.replace(module.AsyncClient, name, self._awaited)

    def _hook_pool(self, patches: Patches, module: Any) -> None:
        patches.replace(module.ConnectionPool, "handle_request", self._handle_request)

    def _hook_async_pool(self, patches: Patches, module: Any) -> None:
        patches.replace(module.AsyncConnectionPool, "handle_async_request", self._handle_async_request)

    def _hook_parser(self, patches: Patches, module: Any) -> None:
        patches.replace(module.Connection, "receive_data", self._receive_data)

    def _receive_data(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What h11 gets to parse: of a response that it cannot read there is nothing else to show."""
        current = self._recorder.current

        def receive_data(connection: Any, data: bytes) -> Any:
            if (attempt := current.get()) is not None and not attempt.has_response:
                attempt.raw_received(data)
            return original(connection, data)

        return receive_data

    def _awaited(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def within(call: Call, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
            token = recorder.current_call.set(call)
            try:
                return await original(*args, **options)
            finally:
                recorder.leave(token)

        # The calling line is on the stack now; when the coroutine runs, in a task perhaps, it is not.
        @wraps(original)
        def call(*args: Any, **options: Any) -> Any:
            return within(recorder.call(sys._getframe(1), "httpx"), args, options)

        return inspect.markcoroutinefunction(call)

    def _begin(self, pool: Any, request: Any, frame: Any) -> "_Passage":
        url = request.url
        host = url.host.decode("ascii", "replace")
        port = "" if url.port is None else f":{url.port}"
        text = f"{url.scheme.decode()}://{f'[{host}]' if ':' in host else host}{port}{latin_or_utf8(url.target)}"
        through = getattr(pool, "_proxy_url", None)
        proxy = f"{through.host.decode()}:{through.port or 80}" if through is not None else ""
        method = request.method.decode("ascii", "replace")
        attempt = self._recorder.begin(LIBRARY, method, text, frame, proxy=proxy)
        return _Passage(self._recorder, request, attempt)

    def _prepare(self, pool: Any, attempt: Attempt) -> None:
        """Let the pool connect to what answers in place of the network."""
        if (engine := self._recorder.answering(attempt.target[1])) is not None:
            from workbench.worker.peer.httpcore_peer import answer_pool  # few runs need it

            answer_pool(pool, self._recorder, engine, sys.modules["httpcore"])

    def _handle_request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        def handle_request(pool: Any, request: Any) -> Any:
            try:
                passage = self._begin(pool, request, sys._getframe(1))
                passage.attempt.timed_by_sockets = True
                passage.attach(passage.traced)
            except Exception as error:
                recorder.failed("handle_request", error)
                return original(pool, request)
            token = recorder.current.set(passage.attempt)
            try:
                self._prepare(pool, passage.attempt)
                return passage.answered(original(pool, request))
            except BaseException as error:
                passage.attempt.fail(error)
                raise
            finally:
                recorder.current.reset(token)

        return handle_request

    def _handle_async_request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def handle_async_request(pool: Any, request: Any) -> Any:
            try:
                passage = self._begin(pool, request, sys._getframe(1))
                passage.attach(passage.traced_async)
            except Exception as error:
                recorder.failed("handle_async_request", error)
                return await original(pool, request)
            token = recorder.current.set(passage.attempt)
            try:
                self._prepare(pool, passage.attempt)
                return passage.answered(await original(pool, request))
            except BaseException as error:
                passage.attempt.fail(error)
                raise
            finally:
                recorder.current.reset(token)

        return handle_async_request


class _Passage:
    """One request on its way through httpcore, and what the trace says of it."""

    def __init__(self, recorder: Recorder, request: Any, attempt: Attempt) -> None:
        self.attempt = attempt
        self._recorder = recorder
        self._request = request
        self._further: Any = request.extensions.get("trace")
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

    def _send_head(self, request: Any, version: str) -> None:
        attempt = self.attempt
        if request.method == b"CONNECT" and self._request.method != b"CONNECT":  # to a proxy, by its own exchange
            url = f"https://{latin_or_utf8(request.url.target).removesuffix(':443')}/"
            attempt = self._tunnel = self._recorder.begin(LIBRARY, "CONNECT", url, proxy=attempt.proxy)
        elif version == "1.1" and self._further is None:
            # the body says when it is over: each further event would take httpcore a microsecond
            self._request.extensions.pop("trace", None)
        attempt.reused = not self._has_connected
        headers = request.headers
        if version == "1.1" and headers and headers[0][0].lower() != b"host":
            headers = sorted(headers, key=lambda header: header[0].lower() != b"host")  # as h11 sends them
        method = request.method.decode("ascii", "replace")
        attempt.head_sent(f"{method} {latin_or_utf8(request.url.target)} HTTP/{version}", headers)

    def _end_tunnel(self, received: Any) -> None:
        version, status, reason, headers, *_ = received
        if self._tunnel is not None:
            self._tunnel.response_started(status, latin_or_utf8(reason), _version(version), headers)
            self._tunnel.complete()
            self._tunnel = None
            self.attempt.forget_raw()

    def answered(self, response: Any) -> Any:
        """The response of httpcore, its body read through us."""
        try:
            extensions, headers = response.extensions, response.headers
            version, reason = extensions.get("http_version", b"HTTP/1.1"), extensions.get("reason_phrase", b"")
            self.attempt.response_started(response.status, latin_or_utf8(reason), _version(version), headers)
            encoding = next((value for name, value in headers if name.lower() == b"content-encoding"), b"")
            decodes = self._recorder.library_of_call() == "httpx"
            body = DecodedBody(self.attempt, latin_or_utf8(encoding).lower(), decodes=decodes)
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
        self._attempt.complete()

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
        self._attempt.complete()

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
