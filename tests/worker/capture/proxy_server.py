"""A proxy for HTTP and TLS: whatever host is asked for, it passes the bytes to one server."""

import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class ProxyServer:
    """``asked`` has the first line of each request, ``CONNECT api.example.com:443`` for TLS.

    With a ``context`` it speaks TLS itself; one that ``refuses`` wants credentials and takes none.
    """

    def __init__(self, target_url: str, context: ssl.SSLContext | None = None, *, refuses: bool = False) -> None:
        self._context = context
        self._refuses = refuses
        parts = urlsplit(target_url)
        self._target = (parts.hostname, parts.port)
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        if self._context is not None:
            try:
                client = self._context.wrap_socket(client, server_side=True)
            except OSError:  # its certificate is not trusted
                client.close()
                return
        with client, suppress(OSError), socket.create_connection(self._target) as server:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (data := client.recv(65536)):
                    return
                head += data
            self.heads.append(head)
            self.asked.append(" ".join(head.decode("latin-1").split()[:2]))
            if self._refuses:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            if head.startswith(b"CONNECT"):
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(head)
            back = threading.Thread(target=_pass, args=(server, client), daemon=True)
            back.start()
            _pass(client, server)
            back.join(5)


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
