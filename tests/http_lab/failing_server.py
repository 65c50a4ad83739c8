"""A server of this process that answers each connection in one wrong way, so that a failure needs nothing else."""

import contextlib
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Iterator

BYTES = {
    "dropped": b"",
    "reset": b"",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    "undecodable": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcde",
    "not_http": b"220 ready\r\n\r\n",
    "certificate": b"",
}
"""What comes before the connection ends."""

# Signed by itself, for a name that is nobody's: no library accepts it. It protects nothing.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaijdpc4cZ4qA49zM
u59oLcRza5vW0ftHFf8WJA5KFXqhRANCAASXfPNVOPm/B4HwRyhgpm/I6Hw5GvzY
xL0eoVRM7/tanKneQDlStEluVAzA7lD2G/V0Muw7mSvDaW9h3NNPhDUC
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBQDCB5qADAgECAgEHMAoGCCqGSM49BAMCMBkxFzAVBgNVBAMMDm5vYm9keS5p
bnZhbGlkMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAZMRcwFQYD
VQQDDA5ub2JvZHkuaW52YWxpZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJd8
81U4+b8HgfBHKGCmb8jofDka/NjEvR6hVEzv+1qcqd5AOVK0SW5UDMDuUPYb9XQy
7DuZK8Npb2Hc00+ENQKjHTAbMBkGA1UdEQQSMBCCDm5vYm9keS5pbnZhbGlkMAoG
CCqGSM49BAMCA0kAMEYCIQCHD3FxdkBb6HPogIrDqz4G1cETqcoze5LwQZqkfIlA
jgIhAP5508QAfuYQGym9olZt9abSYp0KDGfnGIPq2D/gXsqr
-----END CERTIFICATE-----
"""


class FailingServer:
    """Its URL, whether it has received a request, and whether it is over."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received = threading.Event()
        self.over = threading.Event()


@contextlib.contextmanager
def failing_server(way: str) -> Iterator[FailingServer]:
    """A server that fails so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme = "https" if way == "certificate" else "http"
        server = FailingServer(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/")
        threading.Thread(target=_serve, args=(listener, way, server), daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()


def _serve(listener: socket.socket, way: str, server: FailingServer) -> None:
    context = _context() if way == "certificate" else None
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with contextlib.suppress(OSError), connection:
                if context is not None:
                    context.wrap_socket(connection, server_side=True)
                connection.recv(65536)
                server.received.set()
                if way == "timeout":
                    server.over.wait(30)
                if way == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(BYTES.get(way, b""))


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(CERTIFICATE)
        file.flush()
        context.load_cert_chain(file.name)
    return context
