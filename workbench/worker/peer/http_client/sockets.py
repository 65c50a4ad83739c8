"""Both ends of a connection whose other end is ours, for libraries on ``http.client``.

They are imported before the integration: gevent replaces sockets, and its own serve one thread alone.
"""

import socket
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_CERTIFICATE: Final = (
    "MIIBjTCCATOgAwIBAgIUaP5U2oPC63fJtbGqp434xBlVrQQwCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQcmVjb3JkZWQuaW52YWxp"
    "ZDAgFw0yNjExMjcxNTUyNDBaGA8yMTI2MTEwMzE1NTI0MFowGzEZMBcGA1UEAwwQcmVjb3JkZWQuaW52YWxpZDBZMBMGByqGSM49"
    "AgEGCCqGSM49AwEHA0IABKAbROoXYCjdWSiLjj5lFHvM59V1GSjiXg86V8yUoY86Mxt/L2stg25/J0ADbUbcxdjNb/5MvqIj5Yhx"
    "aitn5NejUzBRMB0GA1UdDgQWBBQkaJYL1vyzKN15V1FjuAARDkBWfTAfBgNVHSMEGDAWgBQkaJYL1vyzKN15V1FjuAARDkBWfTAP"
    "BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDgTbO77pNsdQVr/0OgNi59yldgYMf7trx/HxQYSnixqgIgQp9tjTTm"
    "GUZSMMRmWiVdMQ270wjKKBU0wMGSPvShsnw="
)
"""Of the made-up host ``recorded.invalid``, in base64 of DER. Nobody has its key."""


@dataclass(slots=True)
class Ending:
    """What is raised at the end of a connection's bytes, where anything is; both of its ends know it.

    ``taken_by`` takes what the library sends, in its thread: the beginning of each request, and what comes after the
    last answer, as with TCP before it sees that there is no other.
    """

    failure: BaseException | None = None
    taken_by: Callable[[bytes], None] | None = None


class PeerSocket(socket.socket):
    """The library's end: a real descriptor, which libraries poll. ``ending`` is what they meet behind its bytes."""

    ending: Ending | None = None

    def recv(self, *args: Any) -> bytes:
        """Bytes of the answer."""
        return self._unless_failed(super().recv(*args))

    def recv_into(self, *args: Any) -> int:
        """Bytes of the answer, put into a buffer."""
        return self._unless_failed(super().recv_into(*args))

    def sendall(self, data: Any, *args: Any) -> None:
        """Bytes of the request."""
        if self.ending is not None and self.ending.taken_by is not None:
            self.ending.taken_by(data)
        else:
            super().sendall(data, *args)

    def selected_alpn_protocol(self) -> None:
        """No protocol was negotiated."""

    def _unless_failed[T: (bytes, int)](self, received: T) -> T:
        if not received and self.ending is not None and self.ending.failure is not None:
            raise self.ending.failure
        return received


class OwnEnd(socket.socket):
    """Our end: a socket of Python, also where gevent's have taken their place by now."""


def made_up_certificate(binary_form: bool = False) -> Any:
    """The certificate of a host that a recording stands for; as values nothing is known of it."""
    return b64decode(_CERTIFICATE) if binary_form else {}
