"""``http.client``, and with it all that sends through it: urllib.request, urllib3, requests, httplib2, boto3.

A request is seen in ``HTTPConnection.send``, whose first bytes are its head; a response through the file that
``HTTPResponse`` reads it from. Classes that connect by themselves have their ``connect`` hooked when they are made.
"""

import http.client
import ssl
import sys
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import partial
from io import BufferedReader
from time import monotonic
from typing import Any

from workbench.events import http_heads
from workbench.events.exchange_parts import ANSWERED, SENT
from workbench.events.http_heads import latin_or_utf8
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.chunked_body import ChunkedBody
from workbench.worker.capture.bodies.counted_body import LARGE, SHORT
from workbench.worker.capture.calls.library_calls import BLOCKING_CALLS, PREPARATIONS, hook_calls, hook_preparation
from workbench.worker.capture.http_client.connection_classes import hook_classes
from workbench.worker.capture.http_client.connections import LIBRARY, Connections
from workbench.worker.capture.http_client.response_tee import ResponseTee, end_of_head
from workbench.worker.capture.http_client.urls import proxy_of, url_of
from workbench.worker.capture.http_client.wire import WIRE, Wire, blocks_of, has_buffer, is_body, not_sent, wire_of
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

_END_OF_HEAD = b"\r\n\r\n"

_DECODES = ("urllib3", "requests", "httplib2", "googleapiclient", "feedparser")
"""Libraries that decode a body by its ``Content-Encoding``."""


class HttpClientAdapter:
    """Installs the hooks and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        self._recorder = recorder
        self._imports = imports
        self._connections = Connections(recorder)
        self._patches = Patches()
        self._response_of: ContextVar[Wire | None] = ContextVar("workbench_response_of", default=None)

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this Python lacks a hook; nothing is changed then."""
        replace = self._patches.replace
        replace(http.client.HTTPConnection, "connect", self._connections.connect)
        hook_classes(self._patches, self._recorder, self._connections.connect)
        replace(http.client.HTTPConnection, "_tunnel", self._connections.tunnel)
        replace(http.client.HTTPConnection, "send", self._send)
        replace(http.client.HTTPConnection, "getresponse", self._getresponse)
        replace(http.client.HTTPResponse, "begin", self._begin)
        replace(ssl.SSLContext, "wrap_socket", self._connections.wrap_socket)
        for module, calls in BLOCKING_CALLS.items():
            self._imports.patch_when_imported(module, self._patches, partial(hook_calls, self._recorder, calls))
        for module, preparation in PREPARATIONS.items():
            hook = partial(hook_preparation, self._recorder, preparation)
            self._imports.patch_when_imported(module, self._patches, hook)

    def uninstall(self) -> None:
        """Stop; everything is as it was."""
        self._patches.undo()

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
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

    def _getresponse(self, original: Callable[..., Any]) -> Callable[..., Any]:
        response_of = self._response_of

        def getresponse(connection: Any) -> Any:
            wire: Wire | None
            try:
                wire = connection._workbench_wire
            except AttributeError:  # nothing was sent
                wire = None
            if wire is None or (attempt := wire.attempt) is None or attempt.over:
                return original(connection)
            if attempt.begun is not None:
                attempt.request_sent(attempt.head or b"", b"")
            elif attempt.sent_at is None:
                attempt.all_sent()
            wire.responds = True
            if response_of.get() is not wire:
                response_of.set(wire)
            return original(connection)

        return getresponse

    def _begin(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, response_of, put = self._recorder, self._response_of, self._recorder.put
        outlet, forget = recorder.outlet, recorder.forget

        def begin(response: Any) -> Any:
            wire = response_of.get()
            if wire is None or not wire.responds or (attempt := wire.attempt) is None or response.headers is not None:
                return original(response)
            wire.responds = False
            head, at, tee = b"", 0.0, None
            try:
                fp = response.fp
                data = fp.peek(1) if type(fp) is BufferedReader else b""  # takes nothing
                if end := end_of_head(data):
                    head, at = data[:end], monotonic()
                else:  # line by line, as the library reads it
                    response.fp = tee = ResponseTee(response.fp, attempt)
                result = original(response)
            except BaseException as error:
                if head:
                    attempt.raw_received(head)
                attempt.fail(error)
                raise
            try:
                length, encoding = response.length, ""
                if tee is None and head.lower().find(b"-encoding:") >= 0:
                    encoding = http_heads.encoding_of_head(head)
                elif (
                    tee is None
                    and length is not None
                    and len(data) == end + length
                    and length < LARGE
                    and length <= recorder.body_room
                    and attempt._raw is None
                ):
                    number = attempt.id  # as Attempt.answered() does, without its call in the path of every request
                    put((ANSWERED, at, number, data, length, attempt.started, attempt.sent_at, at, attempt._took))
                    attempt.over = True
                    recorder.body_room -= length
                    forget(number, None)
                    if at > outlet.due:
                        outlet.write_at_once(at)
                    return result
                decodes = recorder.library_of_call() in _DECODES
                if tee is None:
                    attempt.response_head_received(head)
                    tee = response.fp = ResponseTee(response.fp, attempt)
                    tee.read_body_of(response, encoding, decodes=decodes)
                else:
                    tee.head_read(response, decodes=decodes)
            except Exception as error:
                recorder.failed("begin", error)
            return result

        return begin
