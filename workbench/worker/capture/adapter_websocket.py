"""WebSockets of aiohttp: the handshake is an exchange, and the messages of both directions are lines of its body."""

import base64
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, client_ws

from workbench.worker.capture.aiohttp_streams import attempt_of
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder


class WebSocketAdapter:
    """Installs the hooks and removes them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._patches = Patches()

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this aiohttp lacks a hook; nothing is changed then."""
        for name in ("send_str", "send_bytes"):
            self._patches.replace(client_ws.ClientWebSocketResponse, name, self._send)
        self._patches.replace(client_ws.ClientWebSocketResponse, "receive", self._receive)

    def uninstall(self) -> None:
        """Stop; aiohttp is as it was."""
        self._patches.undo()

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def send(connection: Any, data: Any, *args: Any, **options: Any) -> Any:
            result = await original(connection, data, *args, **options)
            self._tell(connection, {"sent": _value(data)})
            return result

        return send

    def _receive(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def receive(connection: Any, *args: Any, **options: Any) -> Any:
            message = await original(connection, *args, **options)
            if message.type is WSMsgType.TEXT:
                text = message.data
                self._tell(connection, {"received": text if isinstance(text, str) else bytes(text).decode()})
            elif message.type is WSMsgType.BINARY:
                self._tell(connection, {"received": _value(message.data)})
            elif message.type is WSMsgType.CLOSE:
                self._tell(connection, {"closed": message.data, "reason": str(message.extra or "")})
            return message

        return receive

    def _tell(self, connection: Any, line: dict[str, Any]) -> None:
        try:
            attempt = attempt_of(connection._response)
            if attempt is not None:
                attempt.body_received(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        except Exception as error:
            self._recorder.failed("a WebSocket", error)


def _value(data: Any) -> str | dict[str, str]:
    return data if isinstance(data, str) else {"base64": base64.b64encode(data).decode()}
