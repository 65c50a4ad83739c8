"""Reports of connections that no adapter records: host, library and line, up to a limit."""

import sys
import threading
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any

from workbench.domain import UncapturedConnection
from workbench.events import ConnectionNotCaptured
from workbench.worker.capture.recorder import Recorder
from workbench.worker.source import stack_of

MOST = 200
"""Events of one run."""
_GENERIC = ("asyncio", "threading", "concurrent", "contextlib", "socket", "ssl", "selectors", "workbench", "runpy")
"""Packages that open connections on behalf of others."""


class ConnectionReport:
    """Tells of connections, of requests and of names that were not found."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._left = MOST
        self._lock = threading.Lock()

    def tell(self, host: str, port: Any, frame: FrameType, *, is_lookup: bool = False) -> None:
        """A connection of Python's sockets, or a host's name that was not found."""
        try:
            name = f"{host}:{port}" if port else host
            site = self._recorder.sites.of(frame)
            connection = UncapturedConnection(name, self.library_of(frame), site, is_lookup=is_lookup)
            if (engine := self._recorder.answers) is not None and engine.closes_network:
                self._closed(connection)
            else:
                self._emit(connection)
        except Exception as error:
            self._recorder.failed("a connection", error)

    def tell_native(self, library: str, host: str, port: int) -> None:
        """A socket of C code; the line is where the integration's own code stands just now."""
        if port in self._recorder.native_ports:
            return
        frames = [frame for thread, frame in sys._current_frames().items() if thread != threading.get_ident()]
        sites = [site for frame in frames if (site := self._recorder.sites.in_thread(frame))]
        self._emit(UncapturedConnection(f"{host}:{port}", library, sites[0] if len(sites) == 1 else None))

    def tell_request(self, connection: UncapturedConnection) -> None:
        """A request of a library that says what it asks for."""
        if self._recorder.network_closed:
            self._closed(connection)
        else:
            self._emit(connection)

    def _closed(self, connection: UncapturedConnection) -> None:
        """A connection that is not opened: the network guard stops it."""
        self._recorder.uncaptured += 1
        place = connection.place
        at = f" ({Path(place.file).name}:{place.line})" if place else ""
        who = connection.library or "Something"
        self._recorder.note(f"{who}{at} was not let connect to {connection.host}: a replay opens no connection.")

    def _emit(self, connection: UncapturedConnection) -> None:
        self._recorder.uncaptured += 1
        with self._lock:
            self._left -= 1
            if self._left < 0:
                return
        self._recorder.emit(ConnectionNotCaptured(monotonic(), connection))

    def library_of(self, frame: FrameType) -> str:
        """The library that the integration called, by the frames between its own line and the socket."""
        between, generic = "", "socket"
        for one in stack_of(frame):
            if self._recorder.sites.is_own(one):
                return between or generic
            name = str(one.f_globals.get("__name__", ""))
            top = name.partition(".")[0]
            if top == "asyncio":
                generic = top
            if top not in _GENERIC and top:
                between = top
        in_pool_of_loop = threading.current_thread().name.startswith("asyncio")  # where it looks names up
        return between or ("asyncio" if in_pool_of_loop else generic)
