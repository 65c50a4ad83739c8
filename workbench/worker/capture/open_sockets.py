"""The TCP connections of this process as the system lists them (Linux), for libraries that Python does not see."""

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

_INTERVAL = 0.02
"""Seconds between two looks while a library with sockets of its own is imported."""
_LISTEN = "0A"


class OpenSockets:
    """Finds connections whose address is not in :attr:`known`; each is reported once, by its inode."""

    def __init__(self, found: Callable[[str, str, int], None]) -> None:
        self.known: set[tuple[str, int]] = set()
        self._found = found
        self._seen: set[str] = set()
        self._library = ""
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def watch(self, library: str) -> None:
        """Look often from here on; what is found is of this library."""
        self._library = library
        self._stopped.clear()
        threading.Thread(target=self._look_often, name="workbench-sockets", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _look_often(self) -> None:
        while not self._stopped.wait(_INTERVAL):
            self.look()

    def look(self) -> None:
        """Look once."""
        with self._lock, suppress(OSError):
            new = set(_inodes()) - self._seen
            if not new:
                return
            self._seen |= new
            for inode, host, port in _connections():
                if inode in new and (host, port) not in self.known:
                    self._found(self._library, host, port)


def _inodes() -> Iterator[str]:
    """The inodes of the sockets that this process has open."""
    for fd in os.listdir("/proc/self/fd"):  # noqa: PTH208 - every 20 ms
        with suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115
            if target.startswith("socket:["):
                yield target[8:-1]


def _connections() -> Iterator[tuple[str, str, int]]:
    """Inode, remote host and remote port of all TCP connections that the system lists."""
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path(f"/proc/self/net/{name}").read_text().splitlines()[1:]:
                fields = line.split()
                host, _, port = fields[2].partition(":")
                if fields[3] != _LISTEN and int(port, 16):
                    yield fields[9], _address(host), int(port, 16)


def _address(text: str) -> str:
    """An address that is written as words in the machine's order of bytes."""
    words = [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]
    data = struct.pack(f"={len(words)}I", *words)
    if len(data) == 16 and data.startswith(bytes(10) + b"\xff\xff"):
        data = data[12:]
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)
