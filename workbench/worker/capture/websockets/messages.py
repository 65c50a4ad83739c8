"""Messages of a WebSocket, whichever library has it: lines of JSON in the body of its handshake's response.

``{"at_ms": 12.3, "sent": "a text"}``, ``{"at_ms": 15.0, "received": {"base64": "AAE="}}``, and at the end
``{"at_ms": 20.1, "closed": 1000, "reason": "", "by": "server"}``. The time is since the request began.
"""

import base64
import json
from time import monotonic
from typing import Any

from workbench.worker.capture.attempt import Attempt


def sent(attempt: Attempt, data: Any) -> None:
    """A message of the integration."""
    _add(attempt, {"sent": _value(data)})


def received(attempt: Attempt, data: Any) -> None:
    """A message of the server."""
    _add(attempt, {"received": _value(data)})


def closed(attempt: Attempt, code: int | None, reason: str, *, by_server: bool) -> None:
    """The side that closes first says so; ``code`` is None where it gives none."""
    _add(attempt, {"closed": code, "reason": reason, "by": "server" if by_server else "handler"})


def _add(attempt: Attempt, line: dict[str, Any]) -> None:
    try:
        line = {"at_ms": round((monotonic() - attempt.started) * 1000, 1), **line}
        attempt.body_received(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    except Exception as error:
        attempt.capture_failed("a WebSocket", error)


def _value(data: Any) -> str | dict[str, str]:
    return data if isinstance(data, str) else {"base64": base64.b64encode(data).decode()}
