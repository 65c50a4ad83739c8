"""Requests of aiohttp, as bytes of a connection.

The functions that each request passes call nothing else of Python's own and look up little: between two steps of
aiohttp all that they touch has left the processor's caches, so that each of their instructions takes some 30 ns.
"""

import inspect
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from aiohttp import ClientError, ClientOSError
from aiohttp.http_writer import StreamWriter

from workbench.events.exchange_parts import SENT
from workbench.worker.capture.aiohttp.connections import LIBRARY, Connections
from workbench.worker.capture.aiohttp.proxies import proxy_of
from workbench.worker.capture.aiohttp.streams import ATTEMPT, REQUEST, RecordingWriter, give_up
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.counted_body import SHORT
from workbench.worker.capture.recorder import Recorder


class Requests:
    """The hooks on requests, their writers, and connections that close."""

    def __init__(self, recorder: Recorder, connections: Connections) -> None:
        self._recorder = recorder
        self._connections = connections

    def send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A request gets its connection. Where that was open, the attempt begins with the first bytes."""
        recorder, announced, queued = self._recorder, self._connections.announced, self._connections.queued

        async def send_tunnel(request: Any, conn: Any) -> Any:
            attempt = self._tunnel(request)
            if conn.protocol is not None:
                setattr(conn.protocol, ATTEMPT, attempt)
            try:
                return await original(request, conn)
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise

        def send(request: Any, conn: Any) -> Any:
            try:
                protocol = conn._protocol
                if announced or queued or not protocol._workbench_host:
                    if request.method == "CONNECT":
                        return send_tunnel(request, conn)
                    self._bind(request, protocol)
                else:
                    protocol._workbench_request = request
            except Exception as error:
                recorder.failed("send", error)
            return original(request, conn)

        return inspect.markcoroutinefunction(send)

    def _tunnel(self, request: Any) -> Attempt:
        """The attempt of the CONNECT to a proxy."""
        behind, url = self._recorder.current.get(), str(request.url)
        if request.url.host:
            url = f"{request.url.origin()}/"
        return self._recorder.begin(LIBRARY, request.method, url, proxy=behind.proxy if behind else "")

    def _bind(self, request: Any, protocol: Any) -> None:
        """Let a connection know its request, which was announced, has waited, goes by a proxy, or came unseen."""
        attempt = self._connections.announced.pop(request, None)
        if attempt is None:
            self._begin_late(request, protocol)
            return
        protocol._workbench_attempt, protocol._workbench_request = attempt, None
        if request.proxy is None:
            protocol._workbench_host = str(request.url.origin())

    def _begin_late(self, request: Any, protocol: Any) -> Attempt:
        """The attempt of a request that was not announced, where its first bytes are not all of it."""
        call = self._recorder.call(sys._getframe(2))
        attempt = self._recorder.begin_with(call, request, LIBRARY, request.method, request.url, proxy_of(request))
        attempt.started = self._connections.queued.pop(call, attempt.started)
        protocol._workbench_attempt, protocol._workbench_request = attempt, None
        return attempt

    def write(self, original: Callable[..., Any], *, in_pieces: bool) -> Callable[..., Any]:
        """Bytes of a request: one piece, or several at once."""
        recorder, outlet, current_call = self._recorder, self._recorder.outlet, self._recorder.current_call
        put, next_id, open_attempts = recorder.put, recorder.next_id, recorder.open

        def write(writer: Any, data: Any) -> Any:
            try:
                protocol = writer._protocol
                if (
                    protocol._workbench_request is not None  # so the writer is aiohttp's, and these its first bytes
                    and (call := current_call.get()) is not None
                    and type(body := data[1] if in_pieces else b"") is bytes
                    and len(body) <= SHORT
                ):
                    at, number = monotonic(), next_id()
                    call.attempts = tried = call.attempts + 1
                    attempt = Attempt(recorder, number, at, at, "wait", writer)
                    call.last = open_attempts[number] = protocol._workbench_attempt = attempt
                    protocol._workbench_request = None
                    host = protocol._workbench_host
                    begun = call.group, tried, call.library or LIBRARY, "", host, call.site, ""
                    put((SENT, at, number, at, True, data[0] if in_pieces else data, body, begun))
                    if outlet.sleeps:
                        outlet.wake()
                else:
                    self._written(writer, data if in_pieces else (data,))
            except Exception as error:
                recorder.failed("write", error)
            return original(writer, data)

        return write

    def _written(self, writer: Any, pieces: Any) -> None:
        """Tell of bytes that are written next: of a head, of a body, or of both."""
        protocol = writer._protocol
        request = protocol._workbench_request
        attempt: Attempt | None = (
            protocol._workbench_attempt if request is None else self._begin_late(request, protocol)
        )
        if attempt is not None and type(writer) is StreamWriter:
            attempt.writer = writer
            if attempt.sent_at is None and len(pieces) <= 2:
                attempt.request_sent(*pieces, *[b""] * (2 - len(pieces)))
            else:
                for piece in pieces:
                    attempt.body_sent(piece)

    def change_writer(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A body in chunks or compressed: it is not what goes over the wire."""

        def change(writer: StreamWriter, *args: Any, **options: Any) -> Any:
            protocol = writer._protocol
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            if (request := getattr(protocol, REQUEST)) is not None:
                attempt = self._begin_late(request, protocol)
            if attempt is not None and type(writer) is StreamWriter:
                RecordingWriter.take_over(writer, attempt)
            return original(writer, *args, **options)

        return change

    def close_connection(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What aiohttp does where a request could not be sent, or its response not be read."""
        recorder = self._recorder

        def close(connection: Any) -> Any:
            try:
                protocol = connection.protocol
                attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
                if protocol is not None and (request := protocol._workbench_request) is not None:  # nothing is written
                    attempt = self._begin_late(request, protocol)
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
            self._recorder.failed_attempt(attempt, _as_raised(error))


def _as_raised(error: BaseException) -> BaseException:
    """What aiohttp makes of an error of the system, which early releases do later than they close the connection."""
    if not isinstance(error, OSError) or isinstance(error, ClientError | TimeoutError):
        return error
    made = ClientOSError(*error.args)
    made.__cause__ = error
    return made
