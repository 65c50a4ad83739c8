"""The old interface of the library websockets (``websockets.legacy``), which releases before 14 have as their own."""

import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.websockets.frames import SWITCHED, Frames, refuse_socket
from workbench.worker.capture.websockets.websockets import ATTEMPT, FRAMES, LIBRARY, connect_call


class LegacyWebSocketsAdapter(ImportedLibraryAdapter):
    """Installs the hooks once the integration has imported the old interface, and removes them."""

    def install(self) -> None:
        """Start."""
        hook = self._when_imported
        hook("websockets.legacy.client", self._hook_client)
        hook("websockets.legacy.protocol", self._hook_protocol)

    def _hook_client(self, patches: Patches, module: Any) -> None:
        patches.replace(module.Connect, "__init__", self._made)
        patches.replace(module.Connect, "__await_impl__", partial(connect_call, self._recorder))
        patches.replace(module.WebSocketClientProtocol, "write_http_request", self._send_request)
        patches.replace(module, "read_response", self._read_response)

    def _hook_protocol(self, patches: Patches, module: Any) -> None:
        patches.replace(module.WebSocketCommonProtocol, "write_frame_sync", self._write_frame)
        patches.replace(module.WebSocketCommonProtocol, "read_frame", self._read_frame)
        patches.replace(module.WebSocketCommonProtocol, "connection_lost", self._lost)

    # The connection

    def _made(self, original: Callable[..., None]) -> Callable[..., None]:
        """What opens connections; the library changes its arguments at a redirect, so it stays a ``partial``."""

        @wraps(original)
        def made(connecting: Any, *args: Any, **options: Any) -> None:
            original(connecting, *args, **options)
            opens = connecting._create_connection
            through = partial(self._open, connecting, opens.func)
            connecting._create_connection = partial(through, *opens.args, **opens.keywords)

        return made

    async def _open(self, connecting: Any, opens: Callable[..., Any], *args: Any, **options: Any) -> Any:
        recorder, url = self._recorder, str(connecting._uri)
        try:
            attempt = recorder.begin(LIBRARY, "GET", url, sys._getframe(1))
        except Exception as error:
            recorder.failed("a WebSocket", error)
            return await opens(*args, **options)
        token = recorder.current.set(attempt)
        attempt.timed_by_sockets = True
        try:
            refuse_socket(recorder, attempt, url)
            attempt.enter("connect")
            transport, protocol = await opens(*args, **options)
        except BaseException as error:
            recorder.failed_attempt(attempt, error)
            raise
        finally:
            recorder.current.reset(token)
        attempt.connected()
        for owner in (protocol, protocol.reader):
            setattr(owner, ATTEMPT, attempt)
        setattr(protocol, FRAMES, Frames(attempt))
        return transport, protocol

    # The handshake

    def _send_request(self, original: Callable[..., None]) -> Callable[..., None]:
        @wraps(original)
        def write_http_request(protocol: Any, path: str, headers: Any) -> None:
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            if attempt is not None:
                attempt.head_sent(f"GET {path} HTTP/1.1", list(headers.raw_items()))
                attempt.all_sent()
            original(protocol, path, headers)

        return write_http_request

    def _read_response(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        async def read_response(stream: Any) -> Any:
            attempt: Attempt | None = getattr(stream, ATTEMPT, None)
            found = await original(stream)
            if attempt is not None:
                status, reason, headers = found
                attempt.response_started(status, reason, "1.1", list(headers.raw_items()))
                attempt.switched = status == SWITCHED
                if not attempt.switched:
                    attempt.complete()  # it reads no body
            return found

        return read_response

    # The messages

    def _write_frame(self, original: Callable[..., None]) -> Callable[..., None]:
        @wraps(original)
        def write_frame_sync(protocol: Any, fin: bool, opcode: int, data: Any) -> None:
            frames: Frames | None = getattr(protocol, FRAMES, None)
            if frames is not None:
                frames.see(int(opcode), data, is_last=fin, is_received=False)
            original(protocol, fin, opcode, data)

        return write_frame_sync

    def _read_frame(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        async def read_frame(protocol: Any, *args: Any, **options: Any) -> Any:
            frame = await original(protocol, *args, **options)
            frames: Frames | None = getattr(protocol, FRAMES, None)
            if frames is not None:
                frames.see(int(frame.opcode), frame.data, is_last=frame.fin, is_received=True)
            return frame

        return read_frame

    def _lost(self, original: Callable[..., None]) -> Callable[..., None]:
        @wraps(original)
        def connection_lost(protocol: Any, error: Exception | None) -> None:
            original(protocol, error)
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            if attempt is not None and attempt.has_response:  # else the call fails, and knows the reason
                getattr(protocol, FRAMES).end(error)

        return connection_lost
