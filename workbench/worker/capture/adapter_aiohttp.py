"""aiohttp, hooked where its bytes meet the wire.

``ClientSession._request`` is one call of the integration; below it every attempt passes ``BaseConnector.connect`` and
``ClientRequest.send``. What is sent is seen by the stream writer, what comes by the protocol, which has parsed it once
``data_received`` returns: a response that came whole needs no other hook. A ``TraceConfig`` would miss streamed and
unread bodies, redirects, the silent retry and errors amid a body.
"""

import asyncio
import inspect
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from aiohttp import base_protocol, client, client_proto, client_reqrep, connector
from aiohttp.http_writer import StreamWriter
from aiohttp.streams import EMPTY_PAYLOAD

from workbench.domain import Request
from workbench.worker.capture.aiohttp_early import OPENS_SOCKETS, hook_early_release
from workbench.worker.capture.aiohttp_streams import ATTEMPT, RecordingWriter, WatchedReader, give_up, note_raw_size
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Call, Recorder

LIBRARY = "aiohttp"

_VERSION = (1, 1)
_SWITCHED = 101
_END_OF_HEAD = b"\r\n\r\n"


class AiohttpAdapter:
    """Installs the hooks and removes them. The request, the protocol and the response know their attempt."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._patches = Patches()
        self._creates: set[Any] = set()

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this aiohttp lacks a hook; nothing is changed then."""
        replace = self._patches.replace
        replace(client.ClientSession, "_request", self._request)
        replace(connector.BaseConnector, "connect", self._connect)
        for kind in (connector.TCPConnector, connector.UnixConnector):
            replace(kind, "_create_connection", self._create_connection)
        hook_early_release(self._patches, self._recorder)
        if not OPENS_SOCKETS:
            replace(connector, "aiohappyeyeballs", lambda module: _TimedConnections(module, self._recorder))
        replace(connector.Connection, "close", self._close_connection)
        replace(client_reqrep.ClientRequest, "send", self._send)
        replace(StreamWriter, "_write", self._write)
        if hasattr(StreamWriter, "_writelines"):
            replace(StreamWriter, "_writelines", self._write_pieces)
        replace(StreamWriter, "enable_chunking", self._change_writer)
        replace(StreamWriter, "enable_compression", self._change_writer)
        replace(client_proto.ResponseHandler, "data_received", self._data_received)
        replace(client_proto.ResponseHandler, "close", self._close_protocol)
        self._patches.define(base_protocol.BaseProtocol, ATTEMPT, None)  # servers, too: they write as clients do

    def uninstall(self) -> None:
        """Stop; aiohttp is as it was."""
        self._patches.undo()

    def _request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder
        current_call, new_call, frame_above = recorder.current_call, recorder.new_call, sys._getframe

        async def within(call: Call, session: Any, method: str, url: Any, options: dict[str, Any]) -> Any:
            before = call.attempts
            token = current_call.set(call)
            try:
                return await original(session, method, url, **options)
            except BaseException as error:
                if call.attempts == before and not isinstance(error, asyncio.CancelledError):
                    recorder.rejected(LIBRARY, str(method).upper(), str(url), error)
                call.settle(error)
                if call.last is not None and not call.last.has_response:
                    call.last.fail(error)
                raise
            finally:
                if call.interrupted:  # by a limit of time, of which the integration heard nothing
                    call.settle(TimeoutError())
                try:  # noqa: SIM105 - as Recorder.leave() does, without a call more in the path of every request
                    current_call.reset(token)
                except ValueError:  # closed from another context, as the garbage collector does
                    pass

        # The calling line is on the stack now; when the coroutine runs, in a task perhaps, it is not.
        def request(session: Any, method: str, str_or_url: Any, **options: Any) -> Any:
            call = current_call.get() or new_call(frame_above(1))
            return within(call, session, method, str_or_url, options)

        return request

    def _connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def opened(pool: Any, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109  its own name
            proxy = "" if req.proxy is None else f"{req.proxy.host}:{req.proxy.port}"
            url = str(req.url)
            attempt = recorder.begin(LIBRARY, req.method, url, proxy=proxy)
            attempt.source = req
            token = recorder.current.set(attempt)
            try:
                engine = recorder.answering(url)
                is_socket = req.headers.get("Upgrade", "").lower() == "websocket"
                trace = _Trace(attempt)
                if engine is None or engine.passes(req.method, url, is_socket=is_socket):
                    return await original(pool, req, [*traces, trace] if traces else [trace], timeout)
                from workbench.worker.peer.aiohttp_peer import answered_connection, change_answer  # few runs need it

                if not engine.goes_live(req.method, url):
                    return await answered_connection(pool, req, engine, attempt)
                reply = engine.reply(Request(req.method, url))
                connection = await original(pool, req, [*traces, trace] if traces else [trace], timeout)
                change_answer(connection, reply, engine, attempt)
                return connection
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise
            finally:
                recorder.current.reset(token)

        begin, creates, current_call = recorder.begin_with, self._creates, recorder.current_call

        def connect(pool: Any, req: Any, traces: Any, timeout: Any) -> Any:
            try:
                if recorder.answers is None and type(pool)._create_connection in creates:
                    proxy = "" if req.proxy is None else f"{req.proxy.host}:{req.proxy.port}"
                    begin(current_call.get() or recorder.call(None), req, LIBRARY, req.method, req.url, proxy)
                    return original(pool, req, traces, timeout)
            except Exception as error:
                recorder.failed("connect", error)
            return opened(pool, req, traces, timeout)

        return inspect.markcoroutinefunction(connect)

    def _create_connection(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A connection of its own, for a request that found none open."""
        recorder = self._recorder

        async def create(pool: Any, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109  its own name
            attempt = recorder.attempt_of(req)
            if attempt is None or not attempt.reused:
                return await original(pool, req, traces, timeout)
            attempt.reused, attempt.secure = False, req.is_ssl()
            attempt.tell_begun()
            token = recorder.current.set(attempt)
            try:
                protocol = await original(pool, req, [*traces, _Trace(attempt)], timeout)
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise
            finally:
                recorder.current.reset(token)
            attempt.leave("tls")
            return protocol

        self._creates.add(create)
        return create

    def _close_connection(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What aiohttp does where a request could not be sent, or its response not be read."""
        recorder = self._recorder

        def close(connection: Any) -> Any:
            try:
                attempt: Attempt | None = getattr(connection.protocol, ATTEMPT, None)
                if attempt is not None and not attempt.over:
                    self._closed(connection, attempt, sys.exception())
            except Exception as error:
                recorder.failed("close", error)
            return original(connection)

        return close

    def _closed(self, connection: Any, attempt: Attempt, error: BaseException | None) -> None:
        if attempt.has_response:
            give_up(attempt, error)
        elif error is not None:
            request, writer = attempt.source, attempt.writer
            if writer is not None and not writer._eof:
                attempt.phase = "send"
            elif writer is None and not attempt.has_head and request is not None:  # one that cannot be written
                attempt.head_sent(f"{request.method} {request.url.raw_path_qs} HTTP/1.1", request.headers.items())
                attempt.phase = "request"
            self._recorder.failed_attempt(attempt, error)

    def _close_protocol(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What is left of a response that nothing refers to any more, or of a WebSocket."""

        def close(protocol: Any) -> Any:
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            if attempt is not None and attempt.has_response and not attempt.over:
                if attempt.switched:
                    attempt.complete()
                else:
                    attempt.give_up("unread")
            return original(protocol)

        return close

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, current_call = self._recorder, self._recorder.current_call

        async def send_unannounced(request: Any, conn: Any) -> Any:
            attempt = self._tunnel(request)
            if conn.protocol is not None:
                setattr(conn.protocol, ATTEMPT, attempt)
            try:
                return await original(request, conn)
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise

        # A request that no connect() announced is the CONNECT to a proxy.
        def send(request: Any, conn: Any) -> Any:
            call = current_call.get()
            if call is None or (attempt := call.last) is None or attempt.source is not request:
                attempt = recorder.attempt_of(request)
            if attempt is None:
                return send_unannounced(request, conn)
            conn._protocol._workbench_attempt = attempt
            return original(request, conn)

        return inspect.markcoroutinefunction(send)

    def _tunnel(self, request: Any) -> Attempt:
        """The attempt of a request that no connect() announced: the CONNECT to a proxy, or one of a library's own."""
        behind, url = self._recorder.current.get(), str(request.url)
        if request.method == "CONNECT" and request.url.host:
            url = f"{request.url.origin()}/"
        return self._recorder.begin(LIBRARY, request.method, url, proxy=behind.proxy if behind else "")

    def _write(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def write(writer: Any, chunk: Any) -> Any:
            attempt: Attempt | None = writer._protocol._workbench_attempt
            if attempt is not None and type(writer) is StreamWriter:
                attempt.writer = writer
                if attempt.sent_at is not None:
                    attempt.body_sent(chunk)
                else:
                    attempt.request_sent(chunk, b"")
            return original(writer, chunk)

        return write

    def _write_pieces(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def write_pieces(writer: Any, chunks: Any) -> Any:
            attempt: Attempt | None = writer._protocol._workbench_attempt
            if attempt is not None and type(writer) is StreamWriter:
                attempt.writer = writer
                if attempt.sent_at is None and len(chunks) == 2:
                    attempt.request_sent(*chunks)
                else:
                    for chunk in chunks:
                        attempt.body_sent(chunk)
            return original(writer, chunks)

        return write_pieces

    def _change_writer(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def change(writer: StreamWriter, *args: Any, **options: Any) -> Any:
            attempt: Attempt | None = getattr(writer._protocol, ATTEMPT, None)
            if attempt is not None and type(writer) is StreamWriter:
                RecordingWriter.take_over(writer, attempt)
            return original(writer, *args, **options)

        return change

    def _data_received(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        def data_received(protocol: Any, data: Any) -> Any:
            attempt = protocol._workbench_attempt
            if attempt is None or not attempt.awaited:
                return original(protocol, data)
            at = monotonic()
            result = original(protocol, data)
            try:
                if len(parsed := protocol._buffer) == 1:
                    _, body = parsed[0][0]
                    if body is not EMPTY_PAYLOAD and body._eof and len(pieces := body._buffer) == 1:
                        piece = pieces[0]  # all of it: neither in chunks nor compressed where the bytes end with it
                        if data.endswith(piece) and attempt.answered(data, len(piece), at):
                            return result
                _read(parsed, attempt, data, at)
            except Exception as error:
                recorder.failed("data_received", error)
            return result

        return data_received


def _read(parsed: Any, attempt: Attempt, data: Any, at: float) -> None:
    """Tell of a response by what aiohttp has ``parsed`` of ``data``, which came at the time ``at``."""
    for (message, body), _ in parsed:
        if message.code >= 200 or message.code == _SWITCHED:
            is_head = body is EMPTY_PAYLOAD and message.code != _SWITCHED and data.endswith(_END_OF_HEAD)
            if not (is_head and attempt.answered(data, 0, at)):
                _began(message, body, attempt, at)
            return
    attempt.raw_received(data)  # the head is not there, or cannot be read


def _began(message: Any, body: Any, attempt: Attempt, at: float) -> None:
    """Tell of a response as far as it has come, and watch the rest of its body."""
    version = "1.1" if message.version == _VERSION else f"{message.version.major}.{message.version.minor}"
    attempt.response_started(message.code, message.reason or "", version, message.raw_headers, at)
    is_empty = body is EMPTY_PAYLOAD
    for piece in () if is_empty else body._buffer:
        attempt.body_received(piece)
    if message.code == _SWITCHED:  # to a WebSocket, whose messages follow until it is closed
        attempt.switched = True
    elif not is_empty and body._exception is not None:
        attempt.fail(body._exception)
    elif is_empty or body._eof or (attempt.method == "CONNECT" and message.code == 200):  # then the real one follows
        note_raw_size(attempt, body)
        attempt.complete()
    else:
        body.__class__ = WatchedReader


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
