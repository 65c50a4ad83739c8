"""The library websockets: its protocol, which does no I/O, sees the handshake and each frame of all its connections.

What connects is hooked besides, for connections that fail: in asyncio, and in threads.
"""

import inspect
import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.calls.call import Call
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import HookMissing, Patches
from workbench.worker.capture.recorder import Recorder
from workbench.worker.capture.websockets.frames import SWITCHED, Frames, refuse_socket

LIBRARY = "websockets"
ATTEMPT = "_workbench_attempt"
"""Attribute of a protocol: its attempt."""
FRAMES = "_workbench_frames"
"""Attribute of a protocol: the frames of its connection."""


class WebSocketsAdapter(ImportedLibraryAdapter):
    """Installs the hooks once the integration has imported the library, and removes them."""

    def install(self) -> None:
        """Start."""
        hook = self._when_imported
        hook("websockets.protocol", self._hook_protocol)
        hook("websockets.client", self._hook_handshake)
        hook("websockets.asyncio.client", self._hook_asyncio)
        hook("websockets.sync.client", self._hook_threads)

    def _hook_protocol(self, patches: Patches, module: Any) -> None:
        patches.replace(module.Protocol, "state", self._state)
        patches.replace(module.Protocol, "send_frame", lambda original: self._frame(original, is_received=False))
        patches.replace(module.Protocol, "recv_frame", lambda original: self._frame(original, is_received=True))

    def _hook_handshake(self, patches: Patches, module: Any) -> None:
        patches.replace(module.ClientProtocol, "send_request", self._send_request)
        patches.replace(module.ClientProtocol, "process_response", self._process_response)

    def _hook_asyncio(self, patches: Patches, module: Any) -> None:
        opens = _first_of(module.connect, "open_tcp_connection", "create_connection")
        patches.replace(module.connect, opens, self._open)
        patches.replace(
            module.connect,
            _first_of(module.connect, "connect", "__await_impl__"),
            partial(connect_call, self._recorder),
        )

    def _hook_threads(self, patches: Patches, module: Any) -> None:
        if hasattr(module, "reconnect"):
            patches.replace(module.reconnect, "open_connection", self._open_in_thread)
        else:
            patches.replace(module, "connect", self._open_in_thread)

    # The connection

    def _begin(self, url: str, frame: Any, opener: Any = None) -> Attempt | None:
        """An attempt; what opens the connection, if that is hooked, tells why it fails."""
        try:
            attempt = self._recorder.begin(LIBRARY, "GET", url, frame)
            attempt.timed_by_sockets, attempt.source = True, opener
        except Exception as error:
            self._recorder.failed("a WebSocket", error)
            return None
        return attempt

    def _open(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        async def open_connection(connecting: Any) -> Any:
            url = str(getattr(connecting, "uri", ""))
            attempt = self._begin(url, sys._getframe(1), connecting)
            if attempt is None:
                return await original(connecting)
            token = recorder.current.set(attempt)
            try:
                refuse_socket(recorder, attempt, url)
                attempt.enter("connect")
                connection = await original(connecting)
            except BaseException as error:
                recorder.failed_attempt(attempt, error)
                raise
            finally:
                recorder.current.reset(token)
            attempt.connected()
            try:
                setattr(connection.protocol, ATTEMPT, attempt)
            except Exception as error:
                recorder.failed("a WebSocket", error)
            return connection

        return open_connection

    def _open_in_thread(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def open_connection(*args: Any, **options: Any) -> Any:
            first = args[0] if args else options.get("uri", "")
            url = str(getattr(first, "uri", first))
            attempt = self._begin(url, sys._getframe(1), first)
            if attempt is None:
                return original(*args, **options)
            token = recorder.current.set(attempt)
            try:
                refuse_socket(recorder, attempt, url)
                return original(*args, **options)
            except BaseException as error:
                if not attempt.has_response:
                    attempt.fail(error)
                raise
            finally:
                recorder.current.reset(token)

        return open_connection

    # The handshake

    def _send_request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def send_request(protocol: Any, request: Any) -> Any:
            try:
                attempt = getattr(protocol, ATTEMPT, None) or self._recorder.current.get()
                if attempt is None or attempt.has_head:
                    attempt = self._begin(_url_of(protocol), sys._getframe(1))
                if attempt is not None:
                    setattr(protocol, ATTEMPT, attempt)
                    attempt.connected()
                    attempt.head_sent(f"GET {request.path} HTTP/1.1", list(request.headers.raw_items()))
                    attempt.all_sent()
            except Exception as error:
                self._recorder.failed("a WebSocket", error)
            return original(protocol, request)

        return send_request

    def _process_response(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def process_response(protocol: Any, response: Any) -> Any:
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            if attempt is None:
                return original(protocol, response)
            try:
                headers = list(response.headers.raw_items())
                attempt.response_started(response.status_code, response.reason_phrase, "1.1", headers)
                if response.body:
                    attempt.body_received(bytes(response.body))
            except Exception as error:
                self._recorder.failed("a WebSocket", error)
            try:
                result = original(protocol, response)
            except Exception as error:
                if response.status_code == SWITCHED:
                    attempt.fail(error)
                else:
                    attempt.complete()
                raise
            attempt.switched = True
            return result

        return process_response

    def _state(self, original: Any) -> Any:
        """The state of a connection; once it is closed, the exchange is over."""
        write = original.fset

        def set_state(protocol: Any, state: Any) -> None:
            write(protocol, state)
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            try:
                if attempt is not None and not attempt.over and state.name == "CLOSED":
                    _end(protocol, attempt)
            except Exception as error:
                self._recorder.failed("a WebSocket", error)

        return property(original.fget, set_state, original.fdel, original.__doc__)

    # The messages

    def _frame(self, original: Callable[..., Any], *, is_received: bool) -> Callable[..., Any]:
        @wraps(original)
        def handle(protocol: Any, frame: Any) -> Any:
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            if attempt is not None and not attempt.over:
                try:
                    frames = getattr(protocol, FRAMES, None)
                    if frames is None:
                        frames = Frames(attempt)
                        setattr(protocol, FRAMES, frames)
                    frames.see(int(frame.opcode), frame.data, is_last=frame.fin, is_received=is_received)
                except Exception as error:
                    self._recorder.failed("a WebSocket", error)
            return original(protocol, frame)

        return handle


def connect_call(recorder: Recorder, original: Callable[..., Any]) -> Callable[..., Any]:
    """``original``, which connects, as one call of the integration: its connections are a group."""

    async def within(call: Call, connecting: Any) -> Any:
        token = recorder.current_call.set(call)
        try:
            return await original(connecting)
        except BaseException as error:
            call.settle(error)
            if call.last is not None and not call.last.has_response:
                call.last.fail(error)
            raise
        finally:
            recorder.leave(token)

    @wraps(original)
    def connect(connecting: Any) -> Any:  # the calling line is on the stack now
        return within(recorder.call(sys._getframe(1), LIBRARY), connecting)

    return inspect.markcoroutinefunction(connect)


def _end(protocol: Any, attempt: Attempt) -> None:
    """The connection is closed: in good order where either side has said so."""
    if not attempt.has_response and attempt.source is not None:
        return  # its opener is about to fail, and knows the reason
    if not attempt.has_response:
        attempt.fail(getattr(protocol, "handshake_exc", None) or EOFError("connection closed without a response"))
    else:
        (getattr(protocol, FRAMES, None) or Frames(attempt)).end()


def _url_of(protocol: Any) -> str:
    """The URL of a connection that neither hook has opened: the protocol may be used by any code."""
    uri = getattr(protocol, "uri", None) or protocol.wsuri
    host = f"[{uri.host}]" if ":" in uri.host else uri.host
    port = "" if uri.port == (443 if uri.secure else 80) else f":{uri.port}"
    return f"{'wss' if uri.secure else 'ws'}://{host}{port}{uri.resource_name}"


def _first_of(owner: Any, *names: str) -> str:
    """The first of these names that the class has: they changed from release to release."""
    found = next((name for name in names if name in vars(owner)), None)
    if found is None:
        raise HookMissing(f"{owner.__module__}.{owner.__name__}.{names[0]}")
    return found
