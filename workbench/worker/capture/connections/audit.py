"""Connections that no adapter records: those of Python's sockets, those of C code, and names that were not found.

Python's own sockets have their ``connect`` overridden. Its audit events would tell as much, and take a microsecond of
each access to a frame. A library with sockets of its own (psycopg2, pycurl) tells nobody: what the system lists of this
process is then looked through, often while such a library is imported, and at the end.
"""

import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any, Final
from weakref import WeakSet

from workbench.domain import UncapturedConnection
from workbench.events import ConnectionNotCaptured
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.connections.curl_calls import CurlCalls
from workbench.worker.capture.connections.native_calls import NativeCalls
from workbench.worker.capture.connections.open_sockets import OpenSockets
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder
from workbench.worker.peer.network.guard import host_text, is_allowed, is_numeric
from workbench.worker.source import stack_of

_MOST = 200
"""Events of one run."""
_GENERIC = ("asyncio", "threading", "concurrent", "contextlib", "socket", "ssl", "selectors", "workbench", "runpy")
"""Packages that open connections on behalf of others."""
_GREEN: Final = {"gevent._socket3": "socket", "eventlet.greenio.base": "GreenSocket"}
"""Classes that take the place of Python's socket, by their module."""
_NATIVE: Final = {
    "psycopg2": "psycopg2._psycopg",
    "psycopg": "psycopg_binary",
    "psycopg_c": "psycopg_c",
    "MySQLdb": "MySQLdb._mysql",
    "oracledb": "oracledb.thick_impl",
    "pyodbc": "pyodbc",
    "pymssql": "pymssql",
    "pyreqwest": "pyreqwest",
}
"""Libraries whose connections Python does not see, with the module that has their machine code."""
_TELLING: Final = {
    "pycurl": "pycurl",
    "curl_cffi": "curl_cffi._wrapper",
    "tls_client": "tls_client.cffi",
    "primp": "primp",
    "rnet": "rnet",
}
"""The same, of those whose calls say what they ask for."""

_FORK: Final = (
    "urllib3 is urllib3-future in this run, which niquests installs in its place: "
    "what is sent through it, by requests too, is not captured."
)


class ConnectionAudit:
    """Hooks on the sockets of Python, and a look at the system's list."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        self._recorder = recorder
        self._imports = imports
        self._patches = Patches()
        self._names: dict[str, str] = {}
        self._left = _MOST
        self._lock = threading.Lock()
        self._udp: set[str] = set()
        self._named: WeakSet[socket.socket] = WeakSet()
        self._sockets = OpenSockets(self._native_connection)
        self._calls = tuple(
            kind(recorder, imports, self._native_request, self._sockets) for kind in (NativeCalls, CurlCalls)
        )

    def install(self) -> None:
        """Start."""
        self._patches.replace(socket, "getaddrinfo", self._getaddrinfo)
        self._hook_socket("socket", self._patches, socket)
        for module, name in _GREEN.items():
            self._imports.patch_when_imported(module, self._patches, partial(self._hook_socket, name))
        for name in ("gethostbyname", "gethostbyname_ex"):
            self._patches.replace(socket, name, self._gethostbyname)
        for library, module in _NATIVE.items():
            self._imports.when_imported(module, partial(self.watch, library))
        for library, module in _TELLING.items():
            self._imports.when_imported(module, partial(self._warn, library))
        self._imports.when_imported("urllib3.backend", lambda _: self._recorder.note(_FORK))
        for calls in self._calls:
            calls.install()
        self._recorder.when_finished = partial(self._sockets.look, at_end=True)

    def uninstall(self) -> None:
        """Stop."""
        self._sockets.stop()
        for calls in self._calls:
            calls.uninstall()
        self._patches.undo()

    def watch(self, library: str, module: Any) -> None:
        """Look for the connections of that library in the list of the system."""
        self._sockets.watch(library)
        self._warn(library, module)

    def _warn(self, library: str, module: Any) -> None:
        engine = self._recorder.answers
        if engine is not None and engine.closes_network and not self._recorder.network_closed:
            self._recorder.note(f"{library} opens connections by C code, which this replay cannot stop on this system.")

    def _hook_socket(self, name: str, patches: Patches, module: Any) -> None:
        kind = getattr(module, name)
        patches.override(kind, "connect", self._connect)
        patches.override(kind, "connect_ex", self._connect)
        patches.override(kind, "sendto", self._sendto)

    def _connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        def connect(connecting: Any, address: Any) -> Any:
            try:
                attempt = recorder.current.get()
                self._connected(attempt, connecting, address, sys._getframe(1))
                if attempt is not None and attempt.timed_by_sockets:
                    attempt.leave("dns")
                    attempt.enter("connect")
            except Exception as error:
                recorder.failed("connect", error)
            return original(connecting, address)

        return connect

    def _connected(self, attempt: Attempt | None, connecting: Any, address: Any, frame: FrameType) -> None:
        if connecting.family not in (socket.AF_INET, socket.AF_INET6):
            return
        if connecting.type == socket.SOCK_DGRAM:  # sends nothing yet: code asks so for the address of this machine
            if attempt is None and self._library(frame) != "socket":
                self._tell_datagram(address, frame)
            return
        if connecting.type != socket.SOCK_STREAM:
            return
        self._sockets.known.add((address[0], address[1]))
        if attempt is None and not is_allowed() and connecting not in self._named:  # connect_ex() may be asked again
            self._named.add(connecting)
            self._tell(self._name(address[0]), address[1], frame)

    def _sendto(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        def sendto(sending: Any, *args: Any) -> Any:
            try:
                is_ip = sending.family in (socket.AF_INET, socket.AF_INET6) and sending.type == socket.SOCK_DGRAM
                if is_ip and len(args) > 1 and recorder.current.get() is None:
                    self._tell_datagram(args[-1], sys._getframe(1))
            except Exception as error:
                recorder.failed("sendto", error)
            return original(sending, *args)

        return sendto

    def _tell_datagram(self, address: Any, frame: FrameType) -> None:
        """Packets to that address, once: HTTP/3 is sent so."""
        name = f"{self._name(address[0])}:{address[1]}/udp"
        if name not in self._udp and len(self._udp) < _MOST and not is_allowed():
            self._udp.add(name)
            self._tell(name, None, frame)

    def _name(self, address: str) -> str:
        """The host that was looked up, else its address as it stands in a URL."""
        plain = address.removeprefix("::ffff:")
        host = self._names.get(address) or self._names.get(plain, plain)
        return f"[{host}]" if ":" in host else host

    def _gethostbyname(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def gethostbyname(host: Any) -> Any:
            try:
                found = original(host)
            except socket.gaierror:
                if self._recorder.current.get() is None and not is_allowed():
                    self._tell(host_text(host), None, sys._getframe(1), is_lookup=True)
                raise
            for address in found[2] if isinstance(found, tuple) else (found,):
                self._names[address] = host_text(host) or address
            return found

        return gethostbyname

    def _getaddrinfo(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
            if (planned := self._recorder.broken_connection.get()) is not None:
                raise planned  # the library makes of it what it makes of a real one
            if (attempt := self._recorder.current.get()) is not None or is_allowed():
                if attempt is not None and attempt.timed_by_sockets and not is_numeric(host_text(host)):
                    attempt.enter("dns")  # a numeric address needs no lookup
                return original(host, port, *args, **options)
            try:
                found = original(host, port, *args, **options)
            except socket.gaierror:
                self._tell(host_text(host), port, sys._getframe(1), is_lookup=True)
                raise
            for *_, address in found:
                self._names[str(address[0])] = host_text(host) or str(address[0])
            return found

        return getaddrinfo

    def _native_connection(self, library: str, host: str, port: int) -> None:
        """A socket of C code; the line is where the integration's own code stands just now."""
        if port in self._recorder.native_ports:
            return
        frames = [frame for thread, frame in sys._current_frames().items() if thread != threading.get_ident()]
        sites = [site for frame in frames if (site := self._recorder.site_in(frame))]
        self._emit(UncapturedConnection(f"{host}:{port}", library, sites[0] if len(sites) == 1 else None))

    def _native_request(self, connection: UncapturedConnection) -> None:
        """A request of a library that says what it asks for."""
        if self._recorder.network_closed:
            self._closed(connection)
        else:
            self._emit(connection)

    def _tell(self, host: str, port: Any, frame: FrameType, *, is_lookup: bool = False) -> None:
        try:
            name = f"{host}:{port}" if port else host
            site = self._recorder.site(frame)
            connection = UncapturedConnection(name, self._library(frame), site, is_lookup=is_lookup)
            if (engine := self._recorder.answers) is not None and engine.closes_network:
                self._closed(connection)
            else:
                self._emit(connection)
        except Exception as error:
            self._recorder.failed("a connection", error)

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

    def _library(self, frame: FrameType) -> str:
        """The library that the integration called, by the frames between its own line and the socket."""
        between, generic = "", "socket"
        for one in stack_of(frame):
            if self._recorder.is_own(one):
                return between or generic
            name = str(one.f_globals.get("__name__", ""))
            top = name.partition(".")[0]
            if top == "asyncio":
                generic = top
            if top not in _GENERIC and top:
                between = top
        in_pool_of_loop = threading.current_thread().name.startswith("asyncio")  # where it looks names up
        return between or ("asyncio" if in_pool_of_loop else generic)
