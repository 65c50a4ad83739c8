"""Connections to servers of rules, and the rest of a live answer, which any thread may close."""

import http.client
import socket

import pytest

from workbench.worker.peer.network.relay import OpenForwards, Rest
from workbench.worker.peer.network.route import Route

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


class Connection(socket.socket):
    """While it is closed, a thread asks for the next piece."""

    rest: Rest | None = None
    meanwhile: bytes | None = None

    def close(self) -> None:
        if self.rest is not None:
            self.meanwhile = next(self.rest, b"end")
        super().close()


@pytest.mark.parametrize("has_begun", [True, False])
def test_a_rest_that_is_closed_while_a_thread_asks_for_more(has_begun: bool) -> None:
    ours, server = socket.socketpair()
    connection = Connection(ours.family, ours.type, ours.proto, ours.detach())
    with server:
        server.sendall(_HEAD + b"half")
        received = http.client.HTTPResponse(connection)
        received.begin()
        rest = Rest(received, connection)
        assert not has_begun or next(rest) == b"half"
        connection.rest = rest
        rest.close()
        assert (connection.fileno(), connection.meanwhile, received.isclosed()) == (-1, b"end", True)


def test_a_connection_that_its_server_has_closed_is_not_taken() -> None:
    forwards = OpenForwards()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        route = Route(f"http://127.0.0.1:{listener.getsockname()[1]}/", is_forward=True)
        for _ in range(2):
            assert forwards.connect(route, None) is None
        listener.accept()[0].close()
        assert forwards.take(route) is None
        with listener.accept()[0], forwards.take(route) as taken:
            assert taken.fileno() >= 0
        assert forwards.take(route) is None
