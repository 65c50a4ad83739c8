"""No socket of a replay reaches the network: whatever tries, in whichever library, gets an error that says so."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_allowed: ContextVar[bool] = ContextVar("workbench_allowed", default=False)


@contextmanager
def allowed() -> Iterator[None]:
    """Within it this thread may connect: the workbench sends a request that a rule or the person wants sent."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def is_allowed() -> bool:
    """Whether this thread sends such a request just now."""
    return _allowed.get()


class NetworkGuard:
    """An audit hook, which Python cannot remove. ``error`` makes the exception for a host."""

    def __init__(self, error: Any) -> None:
        self._error = error

    def install(self) -> None:
        """Start."""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto"):
            self._connect(*args[:2])
        elif event == "socket.getaddrinfo" and not _allowed.get() and not _is_numeric(args[0]):
            raise self._error(str(args[0]))

    def _connect(self, connecting: Any, address: Any) -> None:
        if connecting.family in (socket.AF_INET, socket.AF_INET6) and not _allowed.get():
            raise self._error(f"{address[0]}:{address[1]}")


def _is_numeric(host: Any) -> bool:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    return not text or text.replace(".", "").isdigit() or ":" in text
