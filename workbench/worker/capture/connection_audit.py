"""Notes on connections that no adapter records."""

import re
import socket
import sys
import threading
from typing import Any

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.recorder import Recorder

_NUMERIC = re.compile(r"[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.%]*")


class ConnectionAudit:
    """An audit hook on ``socket.connect``. Python cannot remove one, so uninstalling turns it off."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._hooked = False
        self._looking = False
        self._named: set[str] = set()
        self._lock = threading.Lock()

    def install(self) -> None:
        """Start."""
        self._looking = True
        if not self._hooked:
            self._hooked = True
            sys.addaudithook(self._hook)

    def uninstall(self) -> None:
        """Stop."""
        self._looking = False

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event not in ("socket.connect", "socket.getaddrinfo") or not self._looking:
            return
        attempt = self._recorder.current.get()
        if attempt is not None:
            if attempt.timed_by_sockets:
                _enter(attempt, event, args)
            return
        if event == "socket.getaddrinfo":
            return
        try:
            self._connected(*args)
        except Exception as error:
            self._recorder.failed("socket.connect", error)

    def _connected(self, connecting: Any, address: Any) -> None:
        inet = connecting.family in (socket.AF_INET, socket.AF_INET6)
        if not inet or connecting.type != socket.SOCK_STREAM:
            return
        host = f"{address[0]}:{address[1]}"
        with self._lock:
            if host in self._named:
                return
            self._named.add(host)
        site = self._recorder.call(sys._getframe(1)).site
        place = f" by {site.function} ({site.file}:{site.line})" if site else ""
        self._recorder.note(f"A connection to {host} was opened{place}, but its traffic is not recorded.")


def _enter(attempt: Attempt, event: str, args: tuple[Any, ...]) -> None:
    """The phase of a connection that a blocking call makes; a numeric address needs no lookup."""
    if event == "socket.connect":
        attempt.leave("dns")
        attempt.enter("connect")
    elif args[0] and not _NUMERIC.fullmatch(str(args[0])):
        attempt.enter("dns")
