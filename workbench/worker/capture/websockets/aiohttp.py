"""WebSockets of aiohttp: the handshake is an exchange, and the messages of both directions are lines of its body."""

from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, client_ws

from workbench.worker.capture.aiohttp.streams import attempt_of
from workbench.worker.capture.library_adapter import LibraryAdapter
from workbench.worker.capture.websockets import messages


class AiohttpWebSocketAdapter(LibraryAdapter):
    """Installs the hooks and removes them."""

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this aiohttp lacks a hook; nothing is changed then."""
        for name in ("send_str", "send_bytes"):
            self._patches.replace(client_ws.ClientWebSocketResponse, name, self._send)
        self._patches.replace(client_ws.ClientWebSocketResponse, "receive", self._receive)
        self._patches.replace(client_ws.ClientWebSocketResponse, "close", self._close)

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def send(connection: Any, data: Any, *args: Any, **options: Any) -> Any:
            result = await original(connection, data, *args, **options)
            self._tell(connection, messages.sent, data)
            return result

        return send

    def _receive(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def receive(connection: Any, *args: Any, **options: Any) -> Any:
            message = await original(connection, *args, **options)
            if message.type is WSMsgType.TEXT:
                text = message.data
                self._tell(connection, messages.received, text if isinstance(text, str) else text.decode())
            elif message.type is WSMsgType.BINARY:
                self._tell(connection, messages.received, message.data)
            elif message.type is WSMsgType.CLOSE:
                reason = str(message.extra or "")
                self._tell(connection, messages.closed, message.data, reason, by_server=True)
            return message

        return receive

    def _close(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def close(connection: Any, *, code: int = 1000, message: bytes = b"") -> Any:
            if not connection.closed and not connection._closing:  # else the server has closed it
                reason = bytes(message).decode("utf-8", "replace")
                self._tell(connection, messages.closed, int(code), reason, by_server=False)
            return await original(connection, code=code, message=message)

        return close

    def _tell(self, connection: Any, tell: Callable[..., None], *args: Any, **options: Any) -> None:
        try:
            attempt = attempt_of(connection._response)
            if attempt is not None:
                tell(attempt, *args, **options)
        except Exception as error:
            self._recorder.failed("a WebSocket", error)
