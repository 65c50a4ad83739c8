"""Connections of ``http.client`` as they are made: to a host, through a proxy, or to what answers in place of both."""

import re
import ssl
import sys
from collections.abc import Callable
from typing import Any, Final

from workbench.events import http_heads
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.http_client.urls import host_of, pool_proxy_of, pool_url_of, proxy_of, url_of
from workbench.worker.capture.http_client.wire import Wire, wire_of
from workbench.worker.capture.recorder import Recorder
from workbench.worker.source import stack_of

LIBRARY = "http.client"

_ASKS: Final = {
    ("urllib3.connectionpool", "urlopen"): "url",
    ("urllib3.connectionpool", "_make_request"): "url",
    ("httplib2", "_conn_request"): "request_uri",
}
"""Modules and functions that connect for a request: their name of its target. Each calls the method ``method``."""

_HTTP2: Final = "urllib3.http2.connection"
"""Experimental, and used where the integration asks for it: the connection audit names these connections."""

_ANSWER: Final = re.compile(r"Tunnel connection failed: ([1-5]\d\d) ?(.*)")
"""What ``http.client`` writes of a proxy that answers a CONNECT with another status than 200."""


class Connections:
    """The hooks on what connects. Requests over an open connection pass none of them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

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

    def connect(self, original: Callable[..., None]) -> Callable[..., None]:
        """Make a connection, for the request that is known by then."""
        recorder = self._recorder

        def connect(connection: Any, *args: Any, **options: Any) -> None:
            wire = wire_of(connection)
            if wire.connecting or args or options or type(connection).__module__ == _HTTP2:
                # a class calls the connect() of its base, has one of its own kind, or sends nothing by http.client
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
        from workbench.worker.peer.failures import is_of_proxy  # few runs need these
        from workbench.worker.peer.http_client.connections import connect_to_peer, timeout_of
        from workbench.worker.peer.reply import failed_connection

        if known and engine.goes_live(*known):
            try:
                original(connection)
            except BaseException:
                engine.not_connected(*known)
                raise
            connect_to_peer(connection, engine, lambda: wire.attempt)
            return
        attempt.timed_by_sockets = False
        method, url = known or ("CONNECT", url)
        error = engine.broken_connection(attempt, method, url)
        if error is None:
            error = failed_connection(attempt, engine.unforwarded(method, url, timeout_of(connection)))
        if error is None:
            connect_to_peer(connection, engine, lambda: wire.attempt)
            return
        token = self._recorder.broken_connection.set(error)
        try:
            if isinstance(error, ssl.SSLError) or is_of_proxy(error):
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

    def wrap_socket(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """TLS begins, where that is a part of making such a connection."""
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

    def tunnel(self, original: Callable[..., None]) -> Callable[..., None]:
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
                if (answer := _ANSWER.match(str(error))) is None:
                    attempt.fail(error)
                else:
                    status, reason = int(answer[1]), answer[2]
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
