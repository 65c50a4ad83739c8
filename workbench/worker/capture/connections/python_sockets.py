"""Python's own sockets and the lookups of names, whichever library or code of the integration uses them.

Their ``connect`` is overridden. The audit events of Python would tell as much, and take a microsecond of each access to
a frame.
"""

import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, Final
from weakref import WeakSet

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.connections.open_sockets import OpenSockets
from workbench.worker.capture.connections.report import MOST, ConnectionReport
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder
from workbench.worker.peer.network.guard import host_text, is_allowed, is_numeric

_GREEN: Final = {"gevent._socket3": "socket", "eventlet.greenio.base": "GreenSocket"}
"""Classes that take the place of Python's socket, by their module."""


class PythonSockets(ImportedLibraryAdapter):
    """Hooks on their methods and functions; ``sockets`` hears of what is connected here."""

    def __init__(
        self, recorder: Recorder, imports: ImportHooks, report: ConnectionReport, sockets: OpenSockets
    ) -> None:
        super().__init__(recorder, imports)
        self._report = report
        self._sockets = sockets
        self._names: dict[str, str] = {}
        self._udp: set[str] = set()
        self._named: WeakSet[socket.socket] = WeakSet()

    def install(self) -> None:
        """Start."""
        self._patches.replace(socket, "getaddrinfo", self._getaddrinfo)
        self._hook_socket("socket", self._patches, socket)
        for module, name in _GREEN.items():
            self._when_imported(module, partial(self._hook_socket, name))
        for name in ("gethostbyname", "gethostbyname_ex"):
            self._patches.replace(socket, name, self._gethostbyname)

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
            if attempt is None and self._report.library_of(frame) != "socket":
                self._tell_datagram(address, frame)
            return
        if connecting.type != socket.SOCK_STREAM:
            return
        self._sockets.known.add((address[0], address[1]))
        if attempt is None and not is_allowed() and connecting not in self._named:  # connect_ex() may be asked again
            self._named.add(connecting)
            self._report.tell(self._name(address[0]), address[1], frame)

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
        if name not in self._udp and len(self._udp) < MOST and not is_allowed():
            self._udp.add(name)
            self._report.tell(name, None, frame)

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
                    self._report.tell(host_text(host), None, sys._getframe(1), is_lookup=True)
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
                self._report.tell(host_text(host), port, sys._getframe(1), is_lookup=True)
                raise
            for *_, address in found:
                self._names[str(address[0])] = host_text(host) or str(address[0])
            return found

        return getaddrinfo
