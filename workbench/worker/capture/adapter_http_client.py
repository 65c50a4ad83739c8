"""``http.client``, and with it all that sends through it: urllib.request, urllib3, requests, httplib2, boto3.

A request is seen in ``HTTPConnection.send``, whose first bytes are its head; a response through the file that
``HTTPResponse`` reads it from. Classes that connect by themselves have their ``connect`` hooked when they are made.
"""

import http.client
import re
import ssl
import sys
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import partial
from io import BufferedReader
from time import monotonic
from typing import Any, Final

from workbench.events import http_heads
from workbench.events.http_heads import latin_or_utf8
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.chunked_body import ChunkedBody
from workbench.worker.capture.connection_classes import hook_classes
from workbench.worker.capture.connection_urls import host_of, pool_proxy_of, pool_url_of, proxy_of, url_of
from workbench.worker.capture.http_client_wire import WIRE, Wire, blocks_of, has_buffer, is_body, not_sent, wire_of
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_calls import BLOCKING_CALLS, hook_calls
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder
from workbench.worker.capture.response_tee import ResponseTee, end_of_head
from workbench.worker.source import stack_of

LIBRARY = "http.client"
_END_OF_HEAD = b"\r\n\r\n"
_ASKS: Final = {
    ("urllib3.connectionpool", "urlopen"): "url",
    ("urllib3.connectionpool", "_make_request"): "url",
    ("httplib2", "_conn_request"): "request_uri",
}
"""Modules and functions that connect for a request: their name of its target. Each calls the method ``method``."""

_REFUSAL: Final = re.compile(r"Tunnel connection failed: ([1-5]\d\d) ?(.*)")
"""What ``http.client`` writes of a proxy that answers a CONNECT with another status than 200."""

_DECODES = ("urllib3", "requests", "httplib2", "googleapiclient", "feedparser")
"""Libraries that decode a body by its ``Content-Encoding``."""


class HttpClientAdapter:
    """Installs the hooks and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        self._recorder = recorder
        self._imports = imports
        self._patches = Patches()
        self._response_of: ContextVar[Wire | None] = ContextVar("workbench_response_of", default=None)

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this Python lacks a hook; nothing is changed then."""
        replace = self._patches.replace
        self._patches.define(http.client.HTTPConnection, WIRE, None)
        replace(http.client.HTTPConnection, "connect", self._connect)
        hook_classes(self._patches, self._recorder, self._connect)
        replace(http.client.HTTPConnection, "_tunnel", self._tunnel)
        replace(http.client.HTTPConnection, "send", self._send)
        replace(http.client.HTTPConnection, "getresponse", self._getresponse)
        replace(http.client.HTTPResponse, "begin", self._begin)
        replace(ssl.SSLContext, "wrap_socket", self._wrap_socket)
        for module, calls in BLOCKING_CALLS.items():
            self._imports.patch_when_imported(module, self._patches, partial(hook_calls, self._recorder, calls))

    def uninstall(self) -> None:
        """Stop; everything is as it was."""
        self._patches.undo()

    def _request_of(self, connection: Any) -> tuple[str, str, str] | None:
        """The method, the URL and the proxy of the request for which a connection is made; None where none is known.

        Through a proxy, the connection is made before ``http.client`` knows of a request: the library above it does.
        """
        for frame in stack_of(sys._getframe(1)):
            place = frame.f_globals.get("__name__"), frame.f_code.co_name
            if place in _ASKS:
                values = frame.f_locals
                method, target = str(values["method"]), str(values[_ASKS[place]])
                if place[1] == "urlopen":
                    return method, pool_url_of(values["self"], target), pool_proxy_of(values["self"])
                return method, url_of(connection, target), proxy_of(connection, target)
        return None

    # The connection

    def _connect(self, original: Callable[..., None]) -> Callable[..., None]:
        recorder = self._recorder

        def connect(connection: Any, *args: Any, **options: Any) -> None:
            wire = wire_of(connection)
            if (
                wire.connecting or args or options
            ):  # a class calls the connect() of its base, or has one of its own kind
                return original(connection, *args, **options)
            try:
                attempt = self._attempt_to_connect(connection, wire, sys._getframe(1))
            except Exception as error:
                recorder.failed("connect", error)
                return original(connection)
            token = recorder.current.set(attempt)
            wire.connecting, wire.used, wire.base = True, False, ""
            try:
                self._open(original, connection, wire, attempt)
            except BaseException as error:
                self._not_connected(connection, attempt, error)
                raise
            finally:
                wire.connecting = False
                recorder.current.reset(token)
            attempt.connected()
            return None

        return connect

    def _open(self, original: Callable[..., None], connection: Any, wire: Wire, attempt: Attempt) -> None:
        """Connect to the network, or to what answers in its place."""
        known = attempt.target if attempt.announced else (wire.behind or ())[:2]
        url = known[1] if known else host_of(connection)
        is_shared = bool(attempt.proxy) and url.startswith("http:")  # a proxy's: the next request may be to any host
        engine = self._recorder.answers if is_shared else self._recorder.answering(url)
        if engine is None:
            original(connection)
            return
        from workbench.worker.peer.socket_peer import connect_to_peer  # few runs need it

        if known and engine.goes_live(*known):
            try:
                original(connection)
            except BaseException:
                engine.not_connected(*known)
                raise
            connect_to_peer(connection, engine, lambda: wire.attempt)
            return
        attempt.timed_by_sockets = False
        method, url = attempt.target if attempt.announced else ("CONNECT", url)
        if (error := engine.broken_connection(attempt, method, url)) is None:
            connect_to_peer(connection, engine, lambda: wire.attempt)
            return
        token = self._recorder.broken_connection.set(error)
        try:
            if isinstance(error, ssl.SSLError):
                raise error
            original(connection)
        finally:
            self._recorder.broken_connection.reset(token)

    def _attempt_to_connect(self, connection: Any, wire: Wire, frame: Any) -> Attempt:
        if wire.attempt is None or wire.attempt.over or wire.takes_body:
            wire.attempt, wire.takes_body = self._recorder.prepare(), False
            if (asked := self._request_of(connection)) is not None:
                method, url, wire.attempt.proxy = asked
                self._recorder.announce(wire.attempt, LIBRARY, method, url, frame)
        wire.attempt.secure = connection.default_port == 443
        wire.attempt.timed_by_sockets = True
        return wire.attempt

    def _not_connected(self, connection: Any, attempt: Attempt, error: BaseException) -> None:
        try:
            if attempt.over:  # TLS behind a proxy: its CONNECT was an exchange of its own
                attempt = self._recorder.prepare()
                attempt.phase = "tls"
            if not attempt.announced:
                behind = wire_of(connection).behind
                known = self._request_of(connection) or behind or ("CONNECT", host_of(connection), proxy_of(connection))
                method, url, attempt.proxy = known
                self._recorder.announce(attempt, LIBRARY, method, url, sys._getframe(2))
            attempt.fail(error)
        except Exception as failure:
            self._recorder.failed("connect", failure)

    def _wrap_socket(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        def wrap_socket(context: Any, *args: Any, **options: Any) -> Any:
            attempt = recorder.current.get()
            if attempt is None or not attempt.timed_by_sockets:
                return original(context, *args, **options)
            attempt.leave("connect")
            attempt.enter("tls")
            wrapped = original(context, *args, **options)
            attempt.leave("tls")
            return wrapped

        return wrap_socket

    # The request

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, current_call, begin = self._recorder, self._recorder.current_call, self._recorder.begin_with
        send_any = self._send_any

        def send(connection: Any, data: Any) -> Any:
            wire: Wire | None = connection._workbench_wire
            try:
                if wire is None or (attempt := wire.attempt) is None:
                    return send_any(original, connection, data)
                if (head := attempt.head) is not None:  # of which this is the body
                    attempt.head = None
                    if type(data) is bytes:
                        attempt.request_sent(head, data)
                        return original(connection, data)
                    attempt.request_sent(head, b"")
                    return send_any(original, connection, data)
                if not (wire.base and attempt.over and type(data) is bytes and data.endswith(_END_OF_HEAD)):
                    return send_any(original, connection, data)
                if connection.sock is None or b"chunked" in data or not recorder.is_live:
                    return send_any(original, connection, data)
                call = current_call.get() or recorder.new_call(sys._getframe(1))
                attempt = wire.attempt = begin(call, None, LIBRARY, "", wire.base, "")
                attempt.head, wire.takes_body, wire.chunks = data, True, None
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
            wire.base = "" if proxy or not target.startswith("/") else url.removesuffix(target)
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

    # The response

    def _getresponse(self, original: Callable[..., Any]) -> Callable[..., Any]:
        response_of = self._response_of

        def getresponse(connection: Any, *args: Any, **options: Any) -> Any:
            wire: Wire | None = connection._workbench_wire
            if wire is None or (attempt := wire.attempt) is None or attempt.over:
                return original(connection, *args, **options)
            if (head := attempt.head) is not None:
                attempt.head = None
                attempt.request_sent(head, b"")
            elif attempt.sent_at is None:
                attempt.all_sent()
            token = response_of.set(wire)
            try:
                return original(connection, *args, **options)
            finally:
                response_of.reset(token)

        return getresponse

    def _begin(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, response_of = self._recorder, self._response_of

        def begin(response: Any) -> Any:
            wire = response_of.get()
            if wire is None or (attempt := wire.attempt) is None or response.headers is not None:
                return original(response)
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
                if tee is None and b"-encoding:" in head.lower():
                    encoding = http_heads.encoding_of_head(head)
                elif tee is None and length is not None and end + length <= len(data):
                    whole = data if len(data) == end + length else data[: end + length]
                    if attempt.answered(whole, length, at):
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

    def _tunnel(self, original: Callable[..., None]) -> Callable[..., None]:
        """The CONNECT to a proxy is an exchange of its own."""
        recorder = self._recorder

        def tunnel(connection: Any) -> None:
            wire = wire_of(connection)
            waits = wire.attempt
            attempt = wire.attempt = recorder.prepare()
            attempt.proxy = proxy_of(connection)
            recorder.announce(attempt, LIBRARY, "CONNECT", host_of(connection), sys._getframe(1))
            status, reason = 200, ""
            try:
                original(connection)
            except BaseException as error:
                attempt.all_sent()
                if (refusal := _REFUSAL.match(str(error))) is None:
                    attempt.fail(error)
                else:
                    status, reason = int(refusal[1]), refusal[2]
                raise
            finally:
                wire.attempt, wire.takes_body, wire.used = waits, False, False
                if not attempt.over:
                    lines = getattr(connection, "_raw_proxy_headers", None) or ()
                    headers = http_heads.headers_of([line.rstrip() for line in lines if line.strip()])
                    attempt.all_sent()
                    attempt.response_started(status, reason, "1.1", headers)
                    attempt.complete()

        return tunnel
