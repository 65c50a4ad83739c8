"""What answers the requests that come over one connection of ``http.client``."""

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import ref

from workbench.answers.answer import answer_bytes, closed_after, keeps_open
from workbench.domain import Exchange, ExchangeError, FailureKind, Request
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.chunked_body import ChunkError
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.failures import broken_pipe, connect_error, is_reset, reset_error
from workbench.worker.peer.http_client.sockets import Ending, PeerSocket
from workbench.worker.peer.http_client.trust import ConnectionTrust
from workbench.worker.peer.network.live_answer import LiveAnswer
from workbench.worker.peer.network.relay import Rest
from workbench.worker.peer.reply import EARLY, Reply, is_silence
from workbench.worker.peer.request_reader import RequestReader

_CHUNK = 256 * 1024


class ConnectionPeer:
    """Reads one end of a connection, and answers request after request."""

    def __init__(
        self,
        own: PeerSocket,
        ending: Ending,
        end: socket.socket,
        engine: AnswerEngine,
        attempt_of: Callable[[], Attempt | None],
        upstream: Any,
        trust: ConnectionTrust,
    ) -> None:
        self._own = ref(own)  # it ends the connection where nobody else refers to it any more
        self._ending = ending
        self._end = end
        self._engine = engine
        self._attempt_of = attempt_of
        self._upstream = upstream
        self._trust = trust
        self._reader = RequestReader()
        self._next, self._held = RequestReader(), bytearray()
        self._continued = self._is_idle = False
        if engine.is_recording:
            ending.taken_by = self._take_next

    def serve(self) -> None:
        """Answer until either side closes the connection."""
        try:
            self._serve()
        finally:
            if self._upstream is not None:
                self._upstream.close()

    def _serve(self) -> None:
        with self._end, suppress(OSError, ChunkError):
            while not self._is_abandoned() and (data := self._end.recv(_CHUNK)):
                self._is_idle = False
                if self._reader.feed(data) and self._reader.expects_continue and not self._reader.is_complete:
                    self._continued = True
                    self._end.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                if self._reader.is_complete and not self._answer():
                    return

    def _is_abandoned(self) -> bool:
        """Whether the server has closed the library's own connection while no request was under way."""
        if not self._is_idle:
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(self._end, selectors.EVENT_READ)
            selector.register(self._upstream, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select()]
        return self._end not in ready

    def _answer(self) -> bool:
        """Answer the request that is complete; returns whether the connection goes on."""
        attempt = self._attempt_of()
        if attempt is None:
            return False
        url = attempt.target[1]
        request = self._reader.take(url)
        reply = self._engine.reply(request)
        attempt.answered_from(reply.origin)
        if reply.url == url and self._upstream is not None:
            return self._pass_on(reply, request)
        own = self._own()
        limit = own.gettimeout() if own is not None else None
        del own
        if self._engine.skips_waits and reply.delay > (limit or reply.delay):
            self._ending.failure = TimeoutError("timed out")
            return False
        if reply.url:
            context = self._trust.context()
            reply = self._engine.fetched(reply, request, self._trust.proxy(attempt.proxy, context), context)
        self._engine.delay(reply)
        if reply.error is not None:
            self._ending.failure = reply.error
            return False
        is_last = self._engine.ends_connection(url) or (
            self._upstream is None and not self._engine.is_recording  # the next request may go to the network
        )
        answer = closed_after(reply.answer) if is_last else reply.answer
        data = answer_bytes(answer, attempt.target[0])
        if reply.failure is not None:
            return self._fail(reply.failure, data)
        goes_on = keeps_open(answer)
        self._send(data, goes_on=goes_on)
        if reply.rest is not None:
            self._send_rest(reply.rest)
        return goes_on

    def _send(self, data: bytes, *, goes_on: bool) -> None:
        if self._engine.is_recording:
            self._ending.taken_by = self._take_next if goes_on else self._take_late
        self._end.sendall(data)

    def _take_next(self, data: bytes) -> None:
        """Bytes of a request, held back as long as it may be one that could not be sent.

        Raises :class:`OSError` where it could not; else all of them go to the other end.
        """
        self._held += data
        self._next.feed(data)
        if self._next.head is None:
            return
        attempt = self._attempt_of()
        if attempt is not None and self._engine.fails_to_send(*attempt.target):
            is_complete, request = self._next.is_complete, _request_so_far(self._next, attempt.target[1])
            if (error := _sending_error(self._engine.recorded.unanswered(request))) is not None:
                attempt.answered_from(self._engine.reply(request).origin)
                self._end.shutdown(socket.SHUT_RDWR)  # who reads all the same meets the end
                raise reset_error() if is_reset(error) else broken_pipe()
            if not is_complete:
                return
        self._ending.taken_by = None
        if (own := self._own()) is not None:
            own.sendall(self._held)
        self._next, self._held = RequestReader(), bytearray()

    def _take_late(self, data: bytes) -> None:
        """Bytes of a request that comes after the last answer, as the recorded one may have come.

        Raises :class:`OSError` where that could not be sent: its head was, or nothing of it.
        """
        self._reader.feed(data)
        attempt, is_complete = self._attempt_of(), self._reader.is_complete
        if attempt is not None and self._reader.head is not None:
            request = _request_so_far(self._reader, attempt.target[1])
            found = self._engine.recorded.unanswered(request)
            is_unsent = _sending_error(found) is not None
            if found is not None and (is_complete or is_unsent):
                attempt.answered_from(self._engine.reply(request).origin)
            if is_unsent:
                raise broken_pipe()
        if self._ending.failure is not None:
            raise broken_pipe()

    def _pass_on(self, reply: Reply, request: Request) -> bool:
        """Let the server at the library's own connection answer; returns whether both connections go on."""
        change, closes = self._engine.change(reply, request), self._engine.ends_connection(request.url)
        answer = LiveAnswer(request.method, change, drops_continue=self._continued, closes=closes)
        self._upstream.settimeout(None)  # the library's own end has one
        try:
            self._upstream.sendall(self._reader.raw)
            data = self._upstream.recv(_CHUNK)
            self._engine.delay(reply)
            while data:
                self._end.sendall(answer.feed(data))
                if answer.is_over:
                    self._is_idle = answer.keeps_open
                    return self._is_idle
                data = self._upstream.recv(_CHUNK)
        except ConnectionResetError:
            self._ending.failure = reset_error()
        self._end.sendall(answer.end())
        return False

    def _send_rest(self, rest: Rest) -> None:
        """What follows as it comes. Where nobody reads it, the connection is closed."""
        try:
            for piece in rest:
                self._end.sendall(piece)
        finally:
            rest.close()

    def _fail(self, failure: ExchangeError, data: bytes) -> bool:
        """Send what came before the failure, and fail. What was never answered never is, unless waits are skipped."""
        if failure.kind is FailureKind.TIMEOUT and self._engine.skips_waits:
            self._ending.failure = TimeoutError("timed out")
        elif failure.phase in EARLY:  # found out too late
            if (attempt := self._attempt_of()) is not None:
                attempt.phase = failure.phase
            self._ending.failure = connect_error(failure)
        elif is_reset(failure):
            self._ending.failure = reset_error()
        waits = is_silence(failure) and self._ending.failure is None
        goes_on = waits or failure.kind is FailureKind.UNDECODABLE
        self._send(data, goes_on=goes_on)
        return goes_on


def _request_so_far(reader: RequestReader, url: str) -> Request:
    """The request whose head is there, without its body where that is not whole."""
    if reader.is_complete or reader.head is None:
        return reader.take(url)
    return Request(reader.head.method, url, "1.1", reader.head.headers)


def _sending_error(exchange: Exchange | None) -> ExchangeError | None:
    """The error of an exchange whose request could not be sent."""
    error = None if exchange is None else exchange.error
    return error if error is not None and error.phase == "send" else None
