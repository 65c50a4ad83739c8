"""A server of HTTP/2 without TLS that keeps the headers and the body of each request, a thread for each connection."""

import socket
import threading
from contextlib import suppress

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

from tests.worker.capture.wire_server import SQUEEZED

type Headers = list[tuple[bytes, bytes]]

ENOUGH = 2
"""An error code of HTTP/2: something went wrong inside the server."""


class Http2Server:
    """Requests as they came, by their path."""

    def __init__(self) -> None:
        self.received: dict[bytes, tuple[Headers, bytes]] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._is_over = False
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def close(self) -> None:
        """End. The clients have closed their connections."""
        self._is_over = True
        with socket.create_connection(self._listener.getsockname()):  # wakes the thread that accepts
            self._acceptor.join()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with self._listener:
            while True:
                connection, _ = self._listener.accept()
                if self._is_over:
                    connection.close()
                    return
                self._threads.append(threading.Thread(target=_serve, args=(connection, self.received)))
                self._threads[-1].start()


def _serve(connection: socket.socket, received: dict[bytes, tuple[Headers, bytes]]) -> None:
    spoken = H2Connection(H2Configuration(client_side=False, header_encoding=None))
    under_way: dict[int, tuple[Headers, bytes]] = {}
    with connection, suppress(OSError, ProtocolError):  # the client has gone, or sends after the end
        spoken.initiate_connection()
        connection.sendall(spoken.data_to_send())
        while data := connection.recv(65536):
            for event in spoken.receive_data(data):
                _take(event, spoken, under_way)
                if isinstance(event, StreamEnded):
                    headers, body = under_way[event.stream_id]
                    path = dict(headers)[b":path"]
                    received[path] = headers, body
                    _answer(spoken, event.stream_id, path)
            connection.sendall(spoken.data_to_send())


def _take(event: Event, spoken: H2Connection, under_way: dict[int, tuple[Headers, bytes]]) -> None:
    if isinstance(event, RequestReceived):
        under_way[event.stream_id] = event.headers, b""
    elif isinstance(event, DataReceived):
        headers, body = under_way[event.stream_id]
        under_way[event.stream_id] = headers, body + event.data
        spoken.acknowledge_received_data(event.flow_controlled_length, event.stream_id)


def _answer(spoken: H2Connection, stream: int, path: bytes) -> None:
    head = [(b":status", b"200"), (b"x-own", b"a"), (b"x-own", "café".encode())]
    if path == b"/reset":
        spoken.reset_stream(stream, ENOUGH)
    elif path == b"/goaway":
        spoken.close_connection(ENOUGH)
    elif path == b"/cut":
        spoken.send_headers(stream, head)
        spoken.send_data(stream, b"half")
        spoken.reset_stream(stream, ENOUGH)
    elif path == b"/gzip":
        spoken.send_headers(stream, [*head, (b"content-encoding", b"gzip")])
        spoken.send_data(stream, SQUEEZED, end_stream=True)
    else:
        spoken.send_headers(stream, head)
        spoken.send_data(stream, b"ok")
        spoken.send_headers(stream, [(b"x-trailer", b"1")], end_stream=True)
