"""aiohttp, hooked where its bytes meet the wire.

``ClientSession._request`` is one call of the integration; below it every attempt passes ``BaseConnector.connect``,
``ClientRequest.send`` and ``ClientResponse.start``. Bodies are seen by the stream writer and the stream reader. A
``TraceConfig`` would miss streamed and unread bodies, redirects, the silent retry and errors amid a body.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import client, client_proto, client_reqrep, connector, streams
from aiohttp.http_writer import StreamWriter

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Call, Recorder

LIBRARY = "aiohttp"


_ATTEMPT = "_workbench_attempt"
"""Attribute of aiohttp's own objects: the attempt that one belongs to."""


class AiohttpAdapter:
    """Installs the hooks and removes them. The request, the protocol and the response know their attempt."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._patches = Patches()

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this aiohttp lacks a hook; nothing is changed then."""
        replace = self._patches.replace
        replace(client.ClientSession, "_request", self._request)
        replace(connector.BaseConnector, "connect", self._connect)
        if not aiohttp.__version__.startswith("3.9."):  # that release opens its sockets itself: they are not timed
            replace(connector, "aiohappyeyeballs", lambda module: _TimedConnections(module, self._recorder))
        replace(client_reqrep.ClientRequest, "send", self._send)
        replace(client_reqrep, "StreamWriter", self._writer)
        replace(client_reqrep.ClientResponse, "start", self._start)
        replace(client_reqrep.ClientResponse, "close", self._give_up)
        replace(client_reqrep.ClientResponse, "release", self._give_up)
        replace(client_proto.ResponseHandler, "data_received", self._data_received)
        replace(streams.StreamReader, "feed_data", self._feed_data)
        replace(streams.StreamReader, "set_exception", self._set_exception)

    def uninstall(self) -> None:
        """Stop; aiohttp is as it was."""
        self._patches.undo()

    def _request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def within(call: Call, session: Any, method: str, url: Any, options: dict[str, Any]) -> Any:
            before = call.attempts
            with recorder.during(call):
                try:
                    return await original(session, method, url, **options)
                except BaseException as error:
                    if call.attempts == before and not isinstance(error, asyncio.CancelledError):
                        recorder.rejected(LIBRARY, str(method).upper(), str(url), error)
                    call.settle(error)
                    raise

        # The calling line is on the stack now; when the coroutine runs, in a task perhaps, it is not.
        def request(session: Any, method: str, str_or_url: Any, **options: Any) -> Any:
            return within(recorder.call(sys._getframe(1)), session, method, str_or_url, options)

        return request

    def _connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def connect(pool: Any, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109  its own name
            proxy = "" if req.proxy is None else f"{req.proxy.host}:{req.proxy.port}"
            attempt = recorder.begin(LIBRARY, req.method, str(req.url), proxy=proxy)
            setattr(req, _ATTEMPT, attempt)
            token = recorder.current.set(attempt)
            try:
                engine = recorder.answering(str(req.url))
                if engine is not None and not engine.passes(req.method, str(req.url)):
                    from workbench.worker.peer.aiohttp_peer import answered_connection  # few runs need it

                    return await answered_connection(pool, req, engine, attempt)
                return await original(pool, req, [*(traces or ()), _Trace(attempt)], timeout)
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise
            finally:
                recorder.current.reset(token)

        return connect

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def send(request: Any, conn: Any) -> Any:
            attempt = getattr(request, _ATTEMPT, None) or self._tunnel(request)
            if conn.protocol is not None:
                setattr(conn.protocol, _ATTEMPT, attempt)
            token = recorder.current.set(attempt)
            try:
                return await original(request, conn)
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise
            finally:
                recorder.current.reset(token)

        return send

    def _tunnel(self, request: Any) -> Attempt:
        """The attempt of a request that no connect() announced: the CONNECT to a proxy, or one of a library's own."""
        behind, url = self._recorder.current.get(), str(request.url)
        if request.method == "CONNECT" and request.url.host:
            url = f"{request.url.origin()}/"
        return self._recorder.begin(LIBRARY, request.method, url, proxy=behind.proxy if behind else "")

    def _writer(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def writer(*args: Any, **options: Any) -> Any:
            attempt = self._recorder.current.get()
            if attempt is None:
                return original(*args, **options)
            recording = _RecordingWriter(*args, **options)
            recording._attempt = attempt
            return recording

        return writer

    def _start(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def start(response: Any, connection: Any) -> Any:
            attempt: Attempt | None = getattr(connection.protocol, _ATTEMPT, None)
            try:
                result = await original(response, connection)
            except BaseException as error:
                if attempt is not None:
                    recorder.failed_attempt(attempt, error)
                raise
            if attempt is not None:
                try:
                    self._answered(response, attempt)
                except Exception as error:
                    recorder.failed("start", error)
            return result

        return start

    def _answered(self, response: Any, attempt: Attempt) -> None:
        version = f"{response.version.major}.{response.version.minor}" if response.version else ""
        attempt.response_started(response.status, response.reason or "", version, response._raw_headers)
        setattr(response, _ATTEMPT, attempt)
        if attempt.method == "CONNECT" and response.status == 200:  # what follows is the connection behind it
            attempt.complete()
        attempt.watch(response)
        content = response.content

        def complete() -> None:
            attempt.raw_size = getattr(content, "total_compressed_bytes", None)  # which early releases do not count
            attempt.complete()

        content.on_eof(complete)

    def _give_up(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def give_up(response: Any) -> Any:
            attempt: Attempt | None = getattr(response, _ATTEMPT, None)
            if attempt is not None:
                error = sys.exception()
                if isinstance(error, TimeoutError | aiohttp.ClientError | asyncio.CancelledError):
                    attempt.fail(error)
                else:
                    attempt.give_up("abandoned")
            return original(response)

        return give_up

    def _data_received(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def data_received(protocol: Any, data: Any) -> Any:
            attempt: Attempt | None = getattr(protocol, _ATTEMPT, None)
            if attempt is not None:
                attempt.raw_received(data)
            return original(protocol, data)

        return data_received

    def _feed_data(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def feed_data(reader: Any, data: Any, *args: Any) -> Any:
            attempt: Attempt | None = getattr(reader._protocol, _ATTEMPT, None)
            if attempt is not None and data:
                attempt.body_received(data)
            return original(reader, data, *args)

        return feed_data

    def _set_exception(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def set_exception(reader: Any, exc: Any, *args: Any, **options: Any) -> Any:
            attempt: Attempt | None = getattr(reader._protocol, _ATTEMPT, None)
            if attempt is not None:
                attempt.fail(exc if isinstance(exc, BaseException) else exc())
            return original(reader, exc, *args, **options)

        return set_exception


class _TimedConnections:
    """Stands in for the module ``aiohappyeyeballs`` inside ``aiohttp.connector``, with one call replaced."""

    def __init__(self, module: Any, recorder: Recorder) -> None:
        self._module = module
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    async def start_connection(self, *args: Any, **options: Any) -> Any:
        """Open the socket; what remains of making a connection afterwards is TLS."""
        attempt = self._recorder.current.get()
        if attempt is None:
            return await self._module.start_connection(*args, **options)
        attempt.enter("connect")
        connected = await self._module.start_connection(*args, **options)
        attempt.leave("connect")
        if attempt.secure:
            attempt.enter("tls")
        return connected


class _Trace:
    """The hooks of aiohttp for a new connection; its methods are those of ``aiohttp.tracing.Trace``."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    async def send_connection_queued_start(self) -> None:
        """All connections to that host are in use."""

    async def send_connection_queued_end(self) -> None:
        """One is free."""

    async def send_connection_create_start(self) -> None:
        """A new connection is made."""
        self._attempt.reused = False

    async def send_connection_create_end(self) -> None:
        """It is open, with TLS."""
        self._attempt.leave("tls")

    async def send_connection_reuseconn(self) -> None:
        """An open connection is reused."""
        self._attempt.reused = True

    async def send_dns_resolvehost_start(self, host: str) -> None:
        """The name is looked up."""
        self._attempt.enter("dns")

    async def send_dns_resolvehost_end(self, host: str) -> None:
        """The name is known."""
        self._attempt.leave("dns")
        self._attempt.phase = "connect"

    async def send_dns_cache_hit(self, host: str) -> None:
        """The name was known."""

    async def send_dns_cache_miss(self, host: str) -> None:
        """The name was not known."""


class _RecordingWriter(StreamWriter):
    """A stream writer that reports what is written to its attempt."""

    _attempt: Attempt

    async def write_headers(self, status_line: str, headers: Any) -> None:
        self._attempt.head_sent(status_line, headers.items())
        await super().write_headers(status_line, headers)

    async def write(self, chunk: Any, **options: Any) -> None:
        self._attempt.body_sent(self._clipped(chunk))
        await super().write(chunk, **options)

    async def write_eof(self, chunk: Any = b"") -> None:
        if chunk:
            self._attempt.body_sent(chunk)
        await super().write_eof(chunk)
        self._attempt.all_sent()

    def set_eof(self) -> None:
        super().set_eof()
        self._attempt.all_sent()

    def _clipped(self, chunk: Any) -> Any:
        # aiohttp drops what lies beyond the declared length.
        if self.length is None or self._compress is not None:
            return chunk
        return memoryview(chunk).cast("B")[: self.length]
