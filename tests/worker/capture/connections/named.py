"""What was named of connections, and one of C code."""

import ctypes
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.events import fold


def connections(captured) -> list[tuple[str, str, str, bool]]:
    return [
        (one.host, one.library, one.place.source.strip() if one.place else "", one.is_lookup)
        for one in fold(captured.events).uncaptured
    ]


@contextmanager
def connected_by_c_code(listener) -> Iterator[None]:
    libc = ctypes.CDLL(None)
    fd = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    port = struct.pack("!H", listener.getsockname()[1])
    address = struct.pack("=H", socket.AF_INET) + port + socket.inet_aton("127.0.0.1") + bytes(8)
    assert libc.connect(fd, address, len(address)) == 0
    try:
        yield
    finally:
        socket.close(fd)
