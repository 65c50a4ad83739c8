"""websocket-client: its handshakes, each an exchange, as those of redirects are, and the frames of its connections.

It speaks in blocking calls. The handshake is seen where its lines are sent and read, messages by frame.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from weakref import WeakKeyDictionary

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.calls.grouped_calls import grouped
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder
from workbench.worker.capture.websockets.frames import SWITCHED, Frames, refuse_socket

LIBRARY = "websocket-client"
_NO_END: Final = ("WebSocketTimeoutException", "SSLWantReadError", "BlockingIOError")
"""Exceptions after which a connection goes on."""


class WebSocketClientAdapter(ImportedLibraryAdapter):
    """Installs the hooks once the integration has imported the library, and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        super().__init__(recorder, imports)
        self._opened: WeakKeyDictionary[Any, Attempt] = WeakKeyDictionary()
        self._frames: WeakKeyDictionary[Any, Frames] = WeakKeyDictionary()

    def install(self) -> None:
        """Start."""
        self._when_imported("websocket._core", self._hook)

    def _hook(self, patches: Patches, core: Any) -> None:
        http, handshake = (sys.modules[f"websocket.{name}"] for name in ("_http", "_handshake"))
        patches.replace(core, "connect", self._open)
        patches.replace(core, "handshake", self._handshake)
        patches.replace(http, "_tunnel", self._tunnel)
        patches.replace(http, "_ssl_socket", self._start_tls)
        patches.replace(http, "recv_line", self._line)
        for module in (http, handshake):
            patches.replace(module, "send", self._send)
            patches.replace(module, "read_headers", self._read_headers)
        patches.replace(core.WebSocket, "connect", grouped(self._recorder, LIBRARY, _target))
        patches.replace(core.WebSocket, "send_frame", self._send_frame)
        patches.replace(core.WebSocket, "recv_frame", self._receive_frame)
        patches.replace(core.WebSocket, "shutdown", self._shutdown)

    # The connection

    def _begin(self, method: str, url: str, proxy: str) -> Attempt | None:
        try:
            return self._recorder.begin(LIBRARY, method, url, sys._getframe(2), proxy=proxy)
        except Exception as error:
            self._recorder.failed("a WebSocket", error)
            return None

    def _open(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def connect(url: Any, options: Any, proxy: Any, *args: Any) -> Any:
            attempt = self._begin("GET", str(url), _proxy_of(url, proxy))
            if attempt is None:
                return original(url, options, proxy, *args)
            attempt.timed_by_sockets = True
            token = recorder.current.set(attempt)
            try:
                refuse_socket(recorder, attempt, str(url))
                found = original(url, options, proxy, *args)
            except BaseException as error:
                attempt.fail(error)
                raise
            finally:
                recorder.current.reset(token)
            attempt.connected()
            try:
                self._opened[found[0]] = attempt
            except TypeError as error:  # a socket of the integration's own that cannot be referred to weakly
                recorder.failed("a WebSocket", error)
            return found

        return connect

    def _tunnel(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def tunnel(sock: Any, host: str, port: int, *args: Any) -> Any:
            outer = recorder.current.get()
            url = f"https://{host}{'' if port == 443 else f':{port}'}/"
            attempt = self._begin("CONNECT", url, outer.proxy if outer is not None else "")
            if attempt is None:
                return original(sock, host, port, *args)
            token = recorder.current.set(attempt)
            try:
                return original(sock, host, port, *args)
            except BaseException as error:
                if not attempt.has_response:
                    attempt.fail(error)
                raise
            finally:
                attempt.complete()
                recorder.current.reset(token)

        return tunnel

    def _start_tls(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def start_tls(*args: Any) -> Any:
            attempt = recorder.current.get()
            if attempt is not None:
                attempt.connected()
                attempt.enter("tls")
            return original(*args)

        return start_tls

    # The handshake

    def _handshake(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def handshake(sock: Any, *args: Any, **options: Any) -> Any:
            attempt = _known(self._opened, sock)
            token = recorder.current.set(attempt)
            try:
                found = original(sock, *args, **options)
            except BaseException as error:
                if attempt is not None:
                    _end(attempt, error)
                raise
            finally:
                recorder.current.reset(token)
            if attempt is not None and found.status != SWITCHED:
                attempt.complete()
            elif attempt is not None:
                attempt.switched = True
                self._frames[sock] = Frames(attempt)
            return found

        return handshake

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def send(sock: Any, data: Any) -> Any:
            if (attempt := recorder.current.get()) is not None:
                attempt.head_bytes_sent(data.encode() if isinstance(data, str) else bytes(data))
                attempt.all_sent()
            return original(sock, data)

        return send

    def _line(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def line(sock: Any) -> Any:
            found = original(sock)
            if (attempt := recorder.current.get()) is not None:
                attempt.raw_received(found)
            return found

        return line

    def _read_headers(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def read_headers(sock: Any) -> Any:
            found = original(sock)
            if (attempt := recorder.current.get()) is not None:
                attempt.response_head_received(b"".join(attempt._raw or ()))
            return found

        return read_headers

    # The messages

    def _send_frame(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def send_frame(connection: Any, frame: Any) -> Any:
            frames = self._of(connection)
            if frames is not None:
                frames.see(frame.opcode, frame.data, is_last=bool(frame.fin), is_received=False)
            sent = original(connection, frame)
            if frames is not None and frames.is_closed:
                frames.end()  # the library does not shut down a connection that both sides have closed
            return sent

        return send_frame

    def _receive_frame(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def recv_frame(connection: Any) -> Any:
            frames = self._of(connection)
            try:
                frame = original(connection)
            except Exception as error:
                if frames is not None and type(error).__name__ not in _NO_END:
                    frames.end(error)
                raise
            if frames is not None:
                frames.see(frame.opcode, frame.data, is_last=bool(frame.fin), is_received=True)
            return frame

        return recv_frame

    def _shutdown(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def shutdown(connection: Any) -> Any:
            if (frames := self._of(connection)) is not None:
                frames.end()
            return original(connection)

        return shutdown

    def _of(self, connection: Any) -> Frames | None:
        sock = getattr(connection, "sock", None)
        return None if sock is None else _known(self._frames, sock)


def _known[T](table: "WeakKeyDictionary[Any, T]", sock: Any) -> T | None:
    try:
        return table.get(sock)
    except TypeError:  # it cannot be there
        return None


def _target(_: Any, url: Any, **options: Any) -> tuple[object, object]:
    return "GET", url


def _end(attempt: Attempt, error: BaseException) -> None:
    """The handshake ended by ``error``, which has the status and body of a response that is no acceptance."""
    if getattr(error, "status_code", SWITCHED) == SWITCHED:
        attempt.fail(error)
    else:
        attempt.body_received(getattr(error, "resp_body", None) or b"")
        attempt.complete()


def _proxy_of(url: Any, proxy: Any) -> str:
    """Host and port of the proxy that the library would take; empty where it takes none, or no such URL."""
    try:
        urls: Any = sys.modules["websocket._url"]
        host, _, _, is_secure = urls.parse_url(url)
        options = proxy.proxy_host, proxy.proxy_port, proxy.auth, proxy.no_proxy
        found, port, _ = urls.get_proxy_info(host, is_secure, *options)
    except Exception:
        return ""  # of which the library makes an error of its own
    return f"{found}:{port or 80}" if found else ""
