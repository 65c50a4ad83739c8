"""A socket whose other end is ours, for libraries on ``http.client``: a thread reads requests and answers them."""

import socket
from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from workbench.answers.answer import answer_bytes, keeps_open
from workbench.domain import ExchangeError, FailureKind
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.engine import EARLY, AnswerEngine, close_rest, is_silence
from workbench.worker.peer.failures import connect_error, is_reset, reset_error
from workbench.worker.peer.request_reader import RequestReader

_CHUNK = 256 * 1024


class PeerSocket(socket.socket):
    """The library's end: a real descriptor, which libraries poll. At the end of its bytes :attr:`failure` is raised."""

    failure: BaseException | None = None

    def recv(self, *args: Any) -> bytes:
        """Bytes of the answer."""
        return self._unless_failed(super().recv(*args))

    def recv_into(self, *args: Any) -> int:
        """Bytes of the answer, put into a buffer."""
        return self._unless_failed(super().recv_into(*args))

    def getpeercert(self, binary_form: bool = False) -> Any:
        """No certificate: there is no TLS on this connection."""
        return b"" if binary_form else {}

    def selected_alpn_protocol(self) -> None:
        """No protocol was negotiated."""

    def _unless_failed[T: (bytes, int)](self, received: T) -> T:
        if not received and self.failure is not None:
            raise self.failure
        return received


def connect_to_peer(connection: Any, engine: AnswerEngine, attempt_of: Callable[[], Attempt | None]) -> None:
    """Give an ``http.client`` connection a socket of ours; ``attempt_of`` is the request under way on it."""
    left, right = socket.socketpair()
    own = PeerSocket(left.family, left.type, left.proto, left.detach())
    if isinstance(connection.timeout, int | float):
        own.settimeout(connection.timeout)
    connection.sock = own
    for name in ("is_verified", "proxy_is_verified"):
        if hasattr(connection, name):
            setattr(connection, name, True)
    # not one of threading's: the integration counts and joins those
    start_new_thread(_Peer(own, right, engine, attempt_of).serve, ())


class _Peer:
    """Answers what comes over one connection, request after request."""

    def __init__(
        self, own: PeerSocket, end: socket.socket, engine: AnswerEngine, attempt_of: Callable[[], Attempt | None]
    ) -> None:
        self._own = own
        self._end = end
        self._engine = engine
        self._attempt_of = attempt_of
        self._reader = RequestReader()

    def serve(self) -> None:
        with self._end, suppress(OSError):
            while data := self._end.recv(_CHUNK):
                if self._reader.feed(data) and self._reader.expects_continue and not self._reader.is_complete:
                    self._end.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                if self._reader.is_complete and not self._answer():
                    return

    def _answer(self) -> bool:
        """Answer the request that is complete; returns whether the connection goes on."""
        attempt = self._attempt_of()
        if attempt is None:
            return False
        url = attempt.target[1]
        request = self._reader.take(url)
        reply = self._engine.reply(request)
        attempt.answered_from(reply.origin)
        reply = self._engine.complete(reply, request, attempt.proxy)
        if reply.error is not None:
            self._own.failure = reply.error
            return False
        data = answer_bytes(reply.answer, attempt.target[0])
        if reply.failure is not None:
            return self._fail(reply.failure, data)
        goes_on = keeps_open(reply.answer) and not self._engine.ends_connection(url)
        self._end.sendall(data)
        if reply.rest is not None:
            self._send_rest(reply.rest)
        return goes_on

    def _send_rest(self, rest: Iterator[bytes]) -> None:
        """What follows as it comes. Where nobody reads it, the connection is closed."""
        try:
            for piece in rest:
                self._end.sendall(piece)
        finally:
            close_rest(rest)

    def _fail(self, failure: ExchangeError, data: bytes) -> bool:
        """Send what came before the failure, and fail. What was never answered never is, unless waits are skipped."""
        if failure.kind is FailureKind.TIMEOUT and self._engine.skips_waits:
            self._own.failure = TimeoutError("timed out")
        elif failure.phase in EARLY:  # found out too late
            self._own.failure = connect_error(failure)
        elif is_reset(failure):
            self._own.failure = reset_error()
        self._end.sendall(data)
        waits = is_silence(failure) and self._own.failure is None
        return waits or failure.kind is FailureKind.UNDECODABLE
