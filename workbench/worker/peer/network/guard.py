"""No socket of a replay reaches the network: whatever tries, in whichever library, gets an error that says so."""

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_NUMBERS = re.compile(r"[0-9.]+")
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
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._connect(*args[:2])
        elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _allowed.get():
            host = host_text(args[0])
            if not (is_numeric(host) or host == socket.gethostname()):
                raise self._error(host)

    def _connect(self, connecting: Any, address: Any) -> None:
        if address is not None and connecting.family in (socket.AF_INET, socket.AF_INET6) and not _allowed.get():
            raise self._error(f"{address[0]}:{address[1]}")


def host_text(host: Any) -> str:
    """A host as text, however it was given to a function of :mod:`socket`; empty where none was."""
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")


def is_numeric(host: str) -> bool:
    """Whether it needs no lookup: an address, or none at all."""
    return not host or ":" in host or _NUMBERS.fullmatch(host) is not None
