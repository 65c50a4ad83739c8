"""The TCP sockets of this process, as Linux lists them."""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LISTEN = "0A"


def open_sockets() -> Iterator[str]:
    """The inodes of the sockets that this process has open, but for those between processes of this machine."""
    for fd in os.listdir("/proc/self/fd"):  # noqa: PTH208 - every 20 ms
        with suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115
            if target.startswith("socket:[") and not _is_local(int(fd)):
                yield target[8:-1]


def connections() -> Iterator[tuple[str, str, int]]:
    """Inode, remote host and remote port of the TCP connections of this process, but for those to its listeners."""
    mine, lines = set(open_sockets()), list[list[str]]()
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path(f"/proc/self/net/{name}").read_text().splitlines()[1:]:
                if (fields := line.split(maxsplit=10))[9] in mine:
                    lines.append(fields)
    served = {fields[1].rpartition(":")[2] for fields in lines if fields[3] == _LISTEN}
    for fields in lines:
        host, _, port = fields[2].partition(":")
        if fields[3] != _LISTEN and int(port, 16) and fields[1].rpartition(":")[2] not in served:
            yield fields[9], _address(host), int(port, 16)


def _is_local(fd: int) -> bool:
    """Whether it is a Unix socket, as the event loop has one: it is in no table of connections."""
    try:
        return os.getxattr(fd, "system.sockprotoname").startswith(b"UNIX")
    except OSError:  # a system that only resembles Linux
        return False


def _address(text: str) -> str:
    """An address that is written as words in the machine's order of bytes."""
    words = [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]
    data = struct.pack(f"={len(words)}I", *words)
    if len(data) == 16 and data.startswith(bytes(10) + b"\xff\xff"):
        data = data[12:]
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)
