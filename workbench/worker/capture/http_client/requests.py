"""Requests of ``http.client``, seen in ``HTTPConnection.send``, whose first bytes are the head."""

import sys
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

from workbench.events import http_heads
from workbench.events.exchange_parts import SENT
from workbench.events.http_heads import latin_or_utf8
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.chunked_body import ChunkedBody
from workbench.worker.capture.bodies.counted_body import SHORT
from workbench.worker.capture.http_client.connections import LIBRARY
from workbench.worker.capture.http_client.urls import proxy_of, url_of
from workbench.worker.capture.http_client.wire import WIRE, Wire, blocks_of, has_buffer, is_body, not_sent, wire_of
from workbench.worker.capture.recorder import Recorder

_END_OF_HEAD = b"\r\n\r\n"


class Requests:
    """The hook on what a connection sends."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Bytes of a request, or what gives them."""
        recorder, outlet, current_call = self._recorder, self._recorder.outlet, self._recorder.current_call
        put, next_id, open_attempts, send_any = recorder.put, recorder.next_id, recorder.open, self._send_any

        def send(connection: Any, data: Any) -> Any:
            wire: Wire | None
            try:
                wire = connection._workbench_wire
            except AttributeError:  # its first request
                wire = None
            try:
                if wire is None or (attempt := wire.attempt) is None:
                    return send_any(original, connection, data)
                if attempt.begun is not None:  # this is its body
                    if type(data) is not bytes or len(data) > SHORT or connection.sock is None:
                        attempt.request_sent(attempt.head or b"", b"")
                        return send_any(original, connection, data)
                    begun, attempt.begun = attempt.begun, None  # in one step: another thread may tell it, too
                    if begun is None:
                        return send_any(original, connection, data)
                    attempt.sent_at = monotonic()
                    put((SENT, attempt.sent_at, attempt.id, attempt.started, True, attempt.head, data, begun))
                elif (
                    attempt.over
                    and (base := wire.base)
                    and type(data) is bytes
                    and data.endswith(_END_OF_HEAD)
                    and data.find(b"chunked") < 0  # "in" makes an exception first, and takes it back
                    and connection.sock is not None
                ):  # as Recorder.begin_with() does
                    call, number = current_call.get() or recorder.new_call(sys._getframe(1)), next_id()
                    call.attempts = tried = call.attempts + 1
                    begun = call.group, tried, call.library or LIBRARY, "", base, call.site, ""
                    attempt = Attempt(
                        recorder, number, monotonic(), None, "wait", None, "", "", True, None, begun, data
                    )
                    call.last = open_attempts[number] = wire.attempt = attempt
                    wire.takes_body, wire.chunks = True, None
                    if outlet.sleeps:
                        outlet.wake()
                else:
                    return send_any(original, connection, data)
                return original(connection, data)
            except BaseException as error:
                not_sent(connection, error)
                raise

        return send

    def _send_any(self, original: Callable[..., Any], connection: Any, data: Any) -> Any:
        if connection.sock is None and connection.auto_open:
            self._begin_first(connection, data, sys._getframe(2))
            connection.connect()
        if hasattr(data, "read"):
            pieces = blocks_of(connection, data)
        elif isinstance(data, str) or not isinstance(data, Iterable) or has_buffer(data):
            return self._send_piece(original, connection, data)
        else:
            pieces = data
        for piece in pieces:
            self._send_piece(original, connection, piece)
        return None

    def _send_piece(self, original: Callable[..., Any], connection: Any, data: Any) -> Any:
        wire = getattr(connection, WIRE, None)
        attempt = None if wire is None or not wire.takes_body else wire.attempt
        if wire is None or attempt is None or attempt.over or attempt.has_response or wire.chunks is not None:
            self._sent(connection, data)
        else:
            attempt.sent_at = None  # until all is sent
            attempt.body_sent(data)
        return original(connection, data)

    def _begin_first(self, connection: Any, data: Any, frame: Any) -> None:
        """The attempt of the request for which the connection is made."""
        try:
            wire = wire_of(connection)
            if isinstance(data, bytes | bytearray) and not is_body(wire):
                self._begin_request(connection, wire, data, frame)
        except Exception as error:
            self._recorder.failed("send", error)

    def _begin_request(self, connection: Any, wire: Wire, data: Any, frame: Any) -> Attempt:
        """The attempt for a head that is sent next; what is announced or has connected already is that attempt."""
        attempt = wire.attempt
        if attempt is None or attempt.over or wire.takes_body:
            attempt = wire.attempt = self._recorder.prepare()
            wire.takes_body = False
        if not attempt.announced:
            line = bytes(data[: data.find(b"\r\n")])
            method, _, rest = (line.decode() if line.isascii() else latin_or_utf8(line)).partition(" ")
            target = rest.rpartition(" ")[0]
            url, proxy = url_of(connection, target), proxy_of(connection, target)
            if connection.sock is None and connection._tunnel_host:  # the CONNECT to a proxy comes first
                wire.behind = method, url, proxy
                return attempt
            attempt.proxy = proxy
            is_plain = not proxy and target.startswith("/") and self._recorder.is_live
            wire.base = url.removesuffix(target) if is_plain else ""
            self._recorder.announce(attempt, LIBRARY, method, url, frame)
        return attempt

    def _sent(self, connection: Any, data: Any) -> None:
        try:
            wire = wire_of(connection)
            if not is_body(wire) and isinstance(data, bytes | bytearray):
                frame = None if self._recorder.current_call.get() else sys._getframe(4)
                attempt, head = self._begin_request(connection, wire, data, frame), bytes(data)
                end = head.find(b"\r\n\r\n") + 4
                data = b""
                if 4 <= end < len(head):
                    head, data = head[:end], head[end:]
                attempt.reused = wire.used
                attempt.head_bytes_sent(head)
                wire.takes_body = wire.used = True
                wire.chunks = ChunkedBody() if b"chunked" in head and http_heads.is_chunked_head(head) else None
            if wire.attempt is None or not data:
                return
            for piece in wire.chunks.feed(data) if wire.chunks else (data,):
                wire.attempt.body_sent(piece)
        except Exception as error:
            self._recorder.failed("send", error)
