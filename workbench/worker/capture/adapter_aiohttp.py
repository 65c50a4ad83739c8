"""aiohttp, hooked where its bytes meet the wire.

``ClientSession._request`` is one call of the integration; below it every attempt passes ``BaseConnector.connect``,
``ClientRequest.send`` and ``ClientResponse.start``. Bodies are seen by the stream writer and the stream reader. A
``TraceConfig`` would miss streamed and unread bodies, redirects, the silent retry and errors amid a body.
"""

import asyncio
import inspect
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


_VERSION = (1, 1)
_SWITCHED = 101
_ATTEMPT = "_workbench_attempt"
"""Attribute of aiohttp's own objects: the attempt that one belongs to."""


def attempt_of(response: Any) -> Attempt | None:
    """The attempt that a response belongs to; None where it is over or not known."""
    found: Attempt | None = getattr(response, _ATTEMPT, None)
    return found


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
        replace(connector.Connection, "close", self._close_connection)
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

        current_call = recorder.current_call

        async def within(call: Call, session: Any, method: str, url: Any, options: dict[str, Any]) -> Any:
            before = call.attempts
            token = current_call.set(call)
            try:
                return await original(session, method, url, **options)
            except BaseException as error:
                if call.attempts == before and not isinstance(error, asyncio.CancelledError):
                    recorder.rejected(LIBRARY, str(method).upper(), str(url), error)
                call.settle(error)
                raise
            finally:
                try:  # noqa: SIM105 - as Recorder.leave() does, without a call more in the path of every request
                    current_call.reset(token)
                except ValueError:  # closed from another context, as the garbage collector does
                    pass

        # The calling line is on the stack now; when the coroutine runs, in a task perhaps, it is not.
        def request(session: Any, method: str, str_or_url: Any, **options: Any) -> Any:
            return within(recorder.call(sys._getframe(1)), session, method, str_or_url, options)

        return request

    def _connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def connect(pool: Any, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109  its own name
            proxy = "" if req.proxy is None else f"{req.proxy.host}:{req.proxy.port}"
            url = str(req.url)
            attempt = recorder.begin(LIBRARY, req.method, url, proxy=proxy)
            setattr(req, _ATTEMPT, attempt)
            token = recorder.current.set(attempt)
            try:
                engine = recorder.answering(url)
                is_socket = req.headers.get("Upgrade", "").lower() == "websocket"
                if engine is not None and not engine.passes(req.method, url, is_socket=is_socket):
                    from workbench.worker.peer.aiohttp_peer import answered_connection  # few runs need it

                    connection = await answered_connection(pool, req, engine, attempt)
                else:
                    trace = _Trace(attempt)
                    connection = await original(pool, req, [*traces, trace] if traces else [trace], timeout)
                setattr(connection.protocol, _ATTEMPT, attempt)
                return connection
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise
            finally:
                recorder.current.reset(token)

        return connect

    def _close_connection(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What aiohttp does where a request could not be sent, or its response not be read."""
        recorder = self._recorder

        def close(connection: Any) -> Any:
            attempt: Attempt | None = getattr(connection.protocol, _ATTEMPT, None)
            if attempt is not None and not attempt.over and (error := sys.exception()) is not None:
                recorder.failed_attempt(attempt, error)
            return original(connection)

        return close

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def send_unannounced(request: Any, conn: Any) -> Any:
            attempt = self._tunnel(request)
            if conn.protocol is not None:
                setattr(conn.protocol, _ATTEMPT, attempt)
            try:
                return await original(request, conn)
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise

        # A request that no connect() announced is the CONNECT to a proxy.
        def send(request: Any, conn: Any) -> Any:
            return original(request, conn) if hasattr(request, _ATTEMPT) else send_unannounced(request, conn)

        return inspect.markcoroutinefunction(send)

    def _tunnel(self, request: Any) -> Attempt:
        """The attempt of a request that no connect() announced: the CONNECT to a proxy, or one of a library's own."""
        behind, url = self._recorder.current.get(), str(request.url)
        if request.method == "CONNECT" and request.url.host:
            url = f"{request.url.origin()}/"
        return self._recorder.begin(LIBRARY, request.method, url, proxy=behind.proxy if behind else "")

    def _writer(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def writer(protocol: Any, *args: Any, **options: Any) -> Any:
            attempt: Attempt | None = getattr(protocol, _ATTEMPT, None)
            if attempt is None:
                return original(protocol, *args, **options)
            recording = _RecordingWriter(protocol, *args, **options)
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
        version, content = response.version, response.content
        version = "1.1" if version == _VERSION else f"{version.major}.{version.minor}" if version else ""
        attempt.response_started(response.status, response.reason or "", version, response._raw_headers)
        if attempt.method == "CONNECT" and response.status == 200:  # what follows is the connection behind it
            attempt.complete()

        def complete() -> None:
            attempt.raw_size = getattr(content, "total_compressed_bytes", None)  # which early releases do not count
            attempt.complete()

        if response.status == _SWITCHED:  # to a WebSocket, whose messages follow until it is closed
            setattr(response, _ATTEMPT, attempt)
            attempt.watch(response)
        elif content.is_eof():
            complete()
        else:
            setattr(response, _ATTEMPT, attempt)
            attempt.watch(response)
            content.on_eof(complete)

    def _give_up(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def give_up(response: Any) -> Any:
            attempt: Attempt | None = getattr(response, _ATTEMPT, None)
            if attempt is not None and not attempt.over:
                error = sys.exception()
                if isinstance(error, TimeoutError | aiohttp.ClientError | asyncio.CancelledError):
                    attempt.fail(error)
                elif response.status == _SWITCHED:
                    attempt.complete()
                else:
                    attempt.give_up("abandoned")
            return original(response)

        return give_up

    def _data_received(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def data_received(protocol: Any, data: Any) -> Any:
            attempt: Attempt | None = getattr(protocol, _ATTEMPT, None)
            if attempt is not None and not attempt.has_response:
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
            if attempt is not None and not attempt.over:
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


_write_headers, _write, _write_eof = StreamWriter.write_headers, StreamWriter.write, StreamWriter.write_eof
_KEEPS_HEAD = hasattr(StreamWriter, "send_headers")
"""Whether this release keeps the head until it writes the beginning of the body together with it."""


class _RecordingWriter(StreamWriter):
    """A stream writer that reports what is written to its attempt.

    Its methods are no coroutines of their own where they can hand out that of aiohttp: each would take time.
    """

    _attempt: Attempt

    async def write_headers(self, status_line: str, headers: Any) -> None:
        """The head, in its bytes where they are kept."""
        try:
            await _write_headers(self, status_line, headers)
        except BaseException:
            self._report_head(status_line, headers)
            raise
        head = self._headers_buf if _KEEPS_HEAD else None
        if head:
            self._attempt.head_bytes_sent(head)
        else:
            self._report_head(status_line, headers)

    def _report_head(self, status_line: str, headers: Any) -> None:
        self._attempt.head_sent(status_line, headers.items())

    def write(self, chunk: Any, **options: Any) -> Any:
        """A piece of the body."""
        self._attempt.body_sent(chunk if self.length is None else self._clipped(chunk))
        return _write(self, chunk, **options)

    def write_eof(self, chunk: Any = b"") -> Any:
        """The rest of the body; without one, there is nothing left to write."""
        if chunk or self.chunked or self._compress is not None or not _KEEPS_HEAD or self._headers_buf:
            return self._write_rest(chunk)
        self._attempt.all_sent()
        return _write_eof(self, chunk)

    async def _write_rest(self, chunk: Any) -> None:
        if chunk:
            self._attempt.body_sent(chunk)
        await _write_eof(self, chunk)
        self._attempt.all_sent()

    def set_eof(self) -> None:
        super().set_eof()
        self._attempt.all_sent()

    def _clipped(self, chunk: Any) -> Any:
        # aiohttp drops what lies beyond the declared length.
        if self.length is None or self._compress is not None or (type(chunk) is bytes and len(chunk) <= self.length):
            return chunk
        return memoryview(chunk).cast("B")[: self.length]
