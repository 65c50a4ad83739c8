"""``http.client``, and with it all that sends through it: urllib.request, urllib3, requests, httplib2, boto3.

A request is seen in ``HTTPConnection.send``, whose first bytes are its head; a response through the file that
``HTTPResponse`` reads it from. Libraries that open connections by themselves have their ``connect`` hooked when the
integration imports them.
"""

import http.client
import ssl
import sys
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from workbench.worker.capture import http1
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.connection_urls import host_of, pool_proxy_of, pool_url_of, proxy_of, url_of
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_calls import BLOCKING_CALLS, grouped, hook_calls
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder
from workbench.worker.capture.response_tee import ResponseTee

LIBRARY = "http.client"
_DECODES = ("urllib3", "requests", "httplib2", "googleapiclient", "feedparser")
"""Libraries that decode a body by its ``Content-Encoding``."""


class _Wire:
    """One connection: the attempt that is under way on it, and how far its request is sent.

    ``behind`` are method, URL and proxy of the request for which a tunnel is made.
    """

    __slots__ = ("attempt", "behind", "chunks", "connecting", "head", "head_sent", "used")

    def __init__(self) -> None:
        self.attempt: Attempt | None = None
        self.behind: tuple[str, str, str] | None = None
        self.head_sent = self.used = self.connecting = False
        self.chunks: http1.ChunkedBody | None = None
        self.head: http1.RequestHead | None = None

    @property
    def is_ready(self) -> bool:
        """Whether what is sent next is the head of a request."""
        return self.attempt is None or self.attempt.over or self.attempt.has_response or not self.head_sent


class HttpClientAdapter:
    """Installs the hooks and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        self._recorder = recorder
        self._imports = imports
        self._patches = Patches()
        self._wires: WeakKeyDictionary[Any, _Wire] = WeakKeyDictionary()
        self._response_of: ContextVar[_Wire | None] = ContextVar("workbench_response_of", default=None)
        self._announced: ContextVar[tuple[str, str, str] | None] = ContextVar("workbench_announced", default=None)

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this Python lacks a hook; nothing is changed then."""
        replace = self._patches.replace
        replace(http.client.HTTPConnection, "connect", self._connect)
        replace(http.client.HTTPSConnection, "connect", self._connect)
        replace(http.client.HTTPConnection, "_tunnel", self._tunnel)
        replace(http.client.HTTPConnection, "send", self._send)
        replace(http.client.HTTPConnection, "request", grouped(self._recorder, ""))
        replace(http.client.HTTPConnection, "getresponse", self._getresponse)
        replace(http.client.HTTPResponse, "begin", self._begin)
        replace(ssl.SSLContext, "wrap_socket", self._wrap_socket)
        for module in BLOCKING_CALLS:
            self._imports.patch_when_imported(module, self._patches, partial(hook_calls, self._recorder))
        self._imports.patch_when_imported("urllib3.connection", self._patches, self._hook_connections)
        self._imports.patch_when_imported("urllib3.connectionpool", self._patches, self._hook_pool)
        self._imports.patch_when_imported("httplib2", self._patches, self._hook_httplib2)

    def uninstall(self) -> None:
        """Stop; everything is as it was."""
        self._patches.undo()

    def _hook_connections(self, patches: Patches, module: Any) -> None:
        patches.replace(module.HTTPConnection, "connect", self._connect)
        patches.replace(module.HTTPSConnection, "connect", self._connect)

    def _hook_pool(self, patches: Patches, module: Any) -> None:
        patches.replace(module.HTTPConnectionPool, "_make_request", self._announces)
        patches.replace(module.HTTPConnectionPool, "urlopen", self._asks)

    def _hook_httplib2(self, patches: Patches, module: Any) -> None:
        patches.replace(module.HTTPConnectionWithTimeout, "connect", self._connect)
        patches.replace(module.HTTPSConnectionWithTimeout, "connect", self._connect)
        patches.replace(module.Http, "_conn_request", self._announces)

    def _wire(self, connection: Any) -> _Wire:
        wire = self._wires.get(connection)
        if wire is None:
            wire = self._wires[connection] = _Wire()
        return wire

    def _announces(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Of ``(self, connection, method, url)`` or ``(self, connection, url, method)``, before it connects."""
        announced, swapped = self._announced, original.__name__ == "_conn_request"

        def announce(pool: Any, conn: Any, first: Any, second: Any, *args: Any, **options: Any) -> Any:
            method, target = (second, first) if swapped else (first, second)
            try:
                token = announced.set((str(method), url_of(conn, str(target)), proxy_of(conn, str(target))))
            except Exception as error:
                self._recorder.failed(original.__name__, error)
                return original(pool, conn, first, second, *args, **options)
            try:
                return original(pool, conn, first, second, *args, **options)
            except BaseException as error:
                wire = self._wires.get(conn)
                if wire is not None and wire.attempt is not None:
                    wire.attempt.fail(error)
                raise
            finally:
                announced.reset(token)

        return announce

    def _asks(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Of ``(self, method, url)``: through a proxy, the connection is made before anything else knows them."""
        announced = self._announced

        def ask(pool: Any, method: Any, url: Any, *args: Any, **options: Any) -> Any:
            try:
                token = announced.set((str(method), pool_url_of(pool, str(url)), pool_proxy_of(pool)))
            except Exception as error:
                self._recorder.failed("urlopen", error)
                return original(pool, method, url, *args, **options)
            try:
                return original(pool, method, url, *args, **options)
            finally:
                announced.reset(token)

        return ask

    # The connection

    def _connect(self, original: Callable[..., None]) -> Callable[..., None]:
        recorder = self._recorder

        def connect(connection: Any) -> None:
            wire = self._wire(connection)
            if wire.connecting:  # a class calls the connect() of its base
                return original(connection)
            try:
                attempt = self._attempt_to_connect(connection, wire, sys._getframe(1))
            except Exception as error:
                recorder.failed("connect", error)
                return original(connection)
            token = recorder.current.set(attempt)
            wire.connecting, wire.used = True, False
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

    def _open(self, original: Callable[..., None], connection: Any, wire: _Wire, attempt: Attempt) -> None:
        """Connect to the network, or to what answers in its place."""
        engine = self._recorder.answering(host_of(connection))
        if engine is None:
            original(connection)
            return
        from workbench.worker.peer.socket_peer import connect_to_peer  # few runs need it

        attempt.timed_by_sockets = False
        method, url = attempt.asked if attempt.announced else ("CONNECT", host_of(connection))
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

    def _attempt_to_connect(self, connection: Any, wire: _Wire, frame: Any) -> Attempt:
        if wire.attempt is None or wire.attempt.over or wire.head_sent:
            wire.attempt, wire.head_sent = self._recorder.prepare(), False
            if (announced := self._announced.get()) is not None:
                method, url, wire.attempt.proxy = announced
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
                behind = self._wire(connection).behind
                known = self._announced.get() or behind or ("CONNECT", host_of(connection), proxy_of(connection))
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
        def send_bytes(connection: Any, data: Any) -> Any:
            try:
                self._sent(connection, data)
            except Exception as error:
                self._recorder.failed("send", error)
            return original(connection, data)

        def send(connection: Any, data: Any) -> Any:
            if connection.sock is None and connection.auto_open:
                try:
                    self._begin_request(connection, data, sys._getframe(1))
                except Exception as error:
                    self._recorder.failed("send", error)
                connection.connect()
            if hasattr(data, "read"):
                for block in _blocks(connection, data):
                    send_bytes(connection, block)
            elif isinstance(data, str) or not isinstance(data, Iterable) or _has_buffer(data):
                return send_bytes(connection, data)
            else:
                for piece in data:
                    send_bytes(connection, piece)
            return None

        return send

    def _begin_request(self, connection: Any, data: Any, frame: Any) -> None:
        """An attempt for a head that is sent next; what is announced or has connected already is that attempt."""
        wire = self._wire(connection)
        if not wire.is_ready or not isinstance(data, bytes | bytearray):
            return
        if wire.attempt is None or wire.attempt.over or wire.head_sent:
            wire.attempt, wire.head_sent, wire.head = self._recorder.prepare(), False, None
        through_tunnel = connection.sock is None and connection._tunnel_host  # the CONNECT to a proxy comes first
        if through_tunnel:
            asked = http1.request_head(bytes(data))
            wire.behind = asked.method, url_of(connection, asked.target), proxy_of(connection)
        if not wire.attempt.announced and not through_tunnel:
            head = wire.head = http1.request_head(bytes(data))
            wire.attempt.proxy = proxy_of(connection, head.target)
            self._recorder.announce(wire.attempt, LIBRARY, head.method, url_of(connection, head.target), frame)

    def _sent(self, connection: Any, data: Any) -> None:
        wire = self._wire(connection)
        if wire.is_ready:
            self._begin_request(connection, data, sys._getframe(2))
            attempt = wire.attempt
            if attempt is None:
                return
            head, wire.head = wire.head or http1.request_head(bytes(data)), None
            attempt.reused = wire.used
            attempt.head_sent(head.line, head.headers)
            wire.head_sent = wire.used = True
            wire.chunks = http1.ChunkedBody() if http1.is_chunked(head.headers) else None
            data = memoryview(data)[head.size :]
        if wire.attempt is None or not data:
            return
        for piece in wire.chunks.feed(data) if wire.chunks else (data,):
            wire.attempt.body_sent(piece)

    # The response

    def _getresponse(self, original: Callable[..., Any]) -> Callable[..., Any]:
        response_of = self._response_of

        def getresponse(connection: Any, *args: Any, **options: Any) -> Any:
            wire = self._wires.get(connection)
            if wire is None or wire.attempt is None or wire.attempt.over:
                return original(connection, *args, **options)
            wire.attempt.all_sent()
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
            if wire is None or wire.attempt is None or response.headers is not None:
                return original(response)
            decodes = recorder.library_of_call() in _DECODES
            tee = response.fp = ResponseTee(response.fp, wire.attempt, decodes=decodes)
            try:
                result = original(response)
            except BaseException as error:
                wire.attempt.fail(error)
                raise
            try:
                tee.head_read(response)
            except Exception as error:
                recorder.failed("begin", error)
            return result

        return begin

    def _tunnel(self, original: Callable[..., None]) -> Callable[..., None]:
        """The CONNECT to a proxy is an exchange of its own."""
        recorder = self._recorder

        def tunnel(connection: Any) -> None:
            wire = self._wire(connection)
            waits = wire.attempt
            attempt = wire.attempt = recorder.prepare()
            attempt.proxy = proxy_of(connection)
            recorder.announce(attempt, LIBRARY, "CONNECT", host_of(connection), sys._getframe(1))
            try:
                original(connection)
            except BaseException as error:
                attempt.fail(error)
                raise
            finally:
                wire.attempt, wire.head_sent, wire.used = waits, False, False
            lines = getattr(connection, "_raw_proxy_headers", None) or ()
            attempt.all_sent()
            headers = http1.headers_of([line.rstrip() for line in lines if line.strip()])
            attempt.response_started(200, "", "1.1", headers)
            attempt.complete()

        return tunnel


def _has_buffer(data: Any) -> bool:
    try:
        memoryview(data)
    except TypeError:
        return False
    return True


def _blocks(connection: Any, file: Any) -> Iterable[bytes]:
    """A file's content as ``http.client`` sends it."""
    is_text = connection._is_textIO(file)
    while block := file.read(connection.blocksize):
        yield block.encode("iso-8859-1") if is_text else block
