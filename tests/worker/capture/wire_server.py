"""A server of raw sockets that keeps the bytes of each request and answers with bytes, in a thread of its own."""

import gzip
import socket
import ssl
import struct
import threading

TEXT = b"squeeze me " * 500
SQUEEZED = gzip.compress(TEXT)
OK = b"HTTP/1.1 200 Fine\r\nX-Own: a\r\nx-own: caf\xc3\xa9\r\nContent-Length: 2\r\n\r\nok"

ANSWERS = {
    b"/ok": OK,
    b"/empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"/none": b"HTTP/1.1 204 No Content\r\n\r\n",
    b"/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrail: er\r\n\r\n",
    b"/gone": b"HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngone\r\n0\r\n\r\n",
    b"/gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(SQUEEZED) + SQUEEZED,
    b"/closes": OK,
    b"/continue": b"HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n" + OK,
    b"/until-close": b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nall of it",
    b"/moved": b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
    b"/dropped": b"",
    b"/b/dropped": b"",
    b"/b/k": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"/cut": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhalf",
    b"/cut-unsaid": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    b"/cut-reset": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    b"/utf-8": 'HTTP/1.1 200 Où\r\nX-A: é\r\nContent-Length: 8\r\n\r\n{"a": 1}'.encode(),
    b"/latin": b'HTTP/1.1 200 O\xf9\r\nX-A: "\xe9.txt"\r\nX-B: \xc3\xa9\r\nContent-Length: 2\r\n\r\nok',
    b"/stalled": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    b"/stalled-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
    b"/cut-chunk": b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
    b"/undecodable": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
    b"/not-http": b"220 ready\r\n\r\n",
}
CLOSES = (
    b"/closes",
    b"/dropped",
    b"/b/dropped",
    b"/cut",
    b"/cut-unsaid",
    b"/cut-reset",
    b"/cut-chunk",
    b"/until-close",
    b"/not-http",
)
LONG = 100_000_000
"""Bytes of ``/long``, sent in pieces."""


class WireServer:
    """Requests as they came, as pairs of head and body (put together where it was chunked)."""

    def __init__(self) -> None:
        self.received: list[tuple[bytes, bytes]] = []
        self.never = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._tls: ssl.SSLContext | None = None
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def secure(self, context: ssl.SSLContext) -> str:
        """Speak TLS from here on; the URL."""
        self._tls = context
        return self.url.replace("http:", "https:")

    def close(self) -> None:
        self.never.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                wrapped = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
                with wrapped, wrapped.makefile("rb") as file:
                    while self._answer(wrapped, file):
                        pass
        except OSError:
            return

    def _answer(self, connection: socket.socket, file) -> bool:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = file.readline()
            if not line:
                return False
            head += line
        lower, path = head.lower(), head.split()[1].partition(b"?")[0]
        if b"expect: 100-continue" in lower:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.received.append((head, self._body(lower, file)))
        if path.endswith(b"reset"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if path == b"/reset":
            return False
        if path == b"/never":
            self.never.wait(20)
            return False
        if path == b"/long":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LONG)
            for _ in range(LONG // 100_000):
                connection.sendall(b"x" * 100_000)
            return True
        answer = ANSWERS.get(path, OK)
        connection.sendall(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.startswith(b"HEAD") else answer)
        if path.startswith(b"/stalled"):
            self.never.wait(20)
        return path not in CLOSES

    def _body(self, head: bytes, file) -> bytes:
        if b"transfer-encoding: chunked" in head:
            pieces = []
            while size := int(file.readline() or b"0", 16):  # it may end amid its chunks
                pieces.append(file.read(size))
                file.readline()
            file.readline()
            return b"".join(pieces)
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        return file.read(int(length or 0))
