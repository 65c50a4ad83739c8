"""Connections that are not finished or not read: they end, and nobody else waits for them."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from threading import Event

import pytest

from tests.page_servers import served
from workbench.cli import page_server
from workbench.cli.page_server import PageServer

HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-"
WHOLE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
closed = Event()


class Endless:
    """A response without an end, which knows when it is closed."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 65_536

    def close(self) -> None:
        closed.set()


def application(environ: dict[str, str], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [] if environ["PATH_INFO"] == "/endless" else [("Content-Length", "2")])
    return Endless() if environ["PATH_INFO"] == "/endless" else [b"ok"]


@pytest.fixture
def server() -> Iterator[PageServer]:
    with served(lambda port: application) as made:
        yield made


def connect(server: PageServer, data: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", int(server.effective_port)), timeout=10)
    connection.sendall(data)
    return connection


def until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def answer(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"ok"):
        part = connection.recv(4_096)
        assert part, data
        data += part
    return data


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(4_096) == b""
    except ConnectionResetError:
        return True


def test_half_sent_requests_keep_nobody_waiting(server: PageServer) -> None:
    connections = [connect(server, HALF) for _ in range(300)]
    for _ in range(3):
        with connect(server, WHOLE) as visitor:
            assert answer(visitor)
    until(lambda: len(server.active_channels) <= page_server._MOST_WAITING + 1)
    assert is_closed(connections[0])
    for connection in connections:
        connection.close()


def test_what_is_not_finished_in_time_is_closed(server: PageServer) -> None:
    silent, half, kept = connect(server, b""), connect(server, HALF), connect(server, WHOLE)
    assert answer(kept)
    until(lambda: len(server.active_channels) == 3)
    server.maintenance(time.time() + page_server._HEAD - 1)
    assert len([one for one in server.active_channels.values() if not one.will_close]) == 3
    half.sendall(b"Trickle: 1\r\n")
    time.sleep(0.05)
    server.maintenance(time.time() + page_server._HEAD)
    assert is_closed(silent)
    assert is_closed(half), "a request that trickles in is not finished either"
    kept.sendall(WHOLE)
    assert answer(kept), "a connection that was served is kept"
    server.maintenance(time.time() + page_server._IDLE + 1)
    assert is_closed(kept)
    for connection in (silent, half, kept):
        connection.close()


def test_a_reader_that_does_not_read_is_dropped(server: PageServer) -> None:
    closed.clear()
    with connect(server, b"GET /endless HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"):
        until(lambda: any(one.total_outbufs_len for one in server.active_channels.values()))
        time.sleep(0.1)
        [channel] = server.active_channels.values()
        assert channel.total_outbufs_len < 1024 * 1024, "what it does not read is not collected"
        server.maintenance(time.time() + page_server._STALLED - 1)
        assert not closed.wait(0.1)
        server.maintenance(time.time() + page_server._STALLED + 1)
        assert closed.wait(10), "the response ends, its thread is free"
    until(lambda: not server.active_channels)
