"""A transport under aiohttp's own protocol, which answers what is written to it."""

import asyncio
import threading
from _thread import start_new_thread
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from workbench.answers.answer import answer_bytes, keeps_open
from workbench.domain import ExchangeError, FailureKind, Request
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.failures import connect_error, is_reset, reset_error
from workbench.worker.peer.network.relay import Rest
from workbench.worker.peer.network.route import Proxy
from workbench.worker.peer.reply import EARLY, Reply, is_silence
from workbench.worker.peer.request_reader import RequestReader

MOST_TURNS = 100
"""Turns of the event loop that an answer's head has until it is read."""

_LOOK = 1.0
"""Seconds after which a thread looks whether its event loop is still there."""


class PeerTransport(asyncio.Transport):
    """Gathers a request and calls the protocol with its answer."""

    def __init__(
        self, protocol: Any, loop: Any, engine: AnswerEngine, attempt: Attempt, url: str, proxy: Proxy, context: Any
    ) -> None:
        super().__init__({"peername": None, "sockname": None, "socket": None, "sslcontext": None})
        self._protocol = protocol
        self._loop = loop
        self._engine = engine
        self._attempt = attempt
        self._url = url
        self._proxy = proxy
        self._context = context
        self._reader = RequestReader()
        self._is_closing = False
        self._rest: Rest | None = None
        self._may_send = threading.Event()
        self._may_send.set()

    def write(self, data: Any) -> None:
        """Take bytes of the request."""
        if self._is_closing:
            return
        if self._reader.feed(data) and self._reader.expects_continue and not self._reader.is_complete:
            self._loop.call_soon(self._receive, b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._reader.is_complete:
            self._ask(self._reader.take(self._url))

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        """Take bytes of the request."""
        self.write(b"".join(list_of_data))

    def is_closing(self) -> bool:
        """Whether it is closed."""
        return self._is_closing

    def close(self) -> None:
        """Close it."""
        if not self._is_closing:
            self._stop()
            self._loop.call_soon(self._protocol.connection_lost, None)

    abort = close

    def pause_reading(self) -> None:
        """The protocol has enough. An answer that is there as a whole is handed over all the same."""
        self._may_send.clear()

    def resume_reading(self) -> None:
        """The protocol can take more."""
        self._may_send.set()

    def set_protocol(self, protocol: Any) -> None:
        """Another protocol takes over."""
        self._protocol = protocol

    def get_protocol(self) -> Any:
        """The protocol."""
        return self._protocol

    def get_write_buffer_size(self) -> int:
        """Nothing waits to be written."""
        return 0

    def can_write_eof(self) -> bool:
        """There is no half-closed connection."""
        return False

    def _ask(self, request: Request) -> None:
        reply = self._engine.reply(request)
        self._attempt.answered_from(reply.origin)
        if reply.url:  # not one of threading's: the integration counts and joins those
            self._engine.in_flight.begin()
            start_new_thread(self._fetch, (reply, request))
        else:
            self._answer(reply)

    def _fetch(self, reply: Reply, request: Request) -> None:
        try:
            fetched = self._engine.fetched(reply, request, self._proxy, self._context)
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._answer, fetched)
        finally:
            self._engine.in_flight.end()

    def _send_rest(self, rest: Rest) -> None:
        """Hand over what follows as it comes, a piece at a time, no faster than the protocol takes it."""
        taken = threading.Semaphore(0)

        def receive(piece: bytes) -> None:
            self._receive(piece)
            taken.release()

        try:
            for piece in rest:
                self._loop.call_soon_threadsafe(receive, piece)
                while not (taken.acquire(timeout=_LOOK) or self._loop.is_closed()):
                    pass
                while not (self._may_send.wait(_LOOK) or self._loop.is_closed()):
                    pass
                if self._is_closing or self._loop.is_closed():
                    break
            self._loop.call_soon_threadsafe(self.close)
        except RuntimeError:  # the loop is closed
            return
        finally:
            rest.close()
            self._engine.in_flight.end()

    def _answer(self, reply: Reply) -> None:
        if self._is_closing:
            if reply.rest is not None:
                reply.rest.close()
            return
        if reply.delay:
            self._loop.call_later(reply.delay, self._answer, replace(reply, delay=0.0))
            return
        if reply.error is not None:
            self._loop.call_soon(self._break, reply.error)
            return
        data = answer_bytes(reply.answer, self._attempt.method)
        if data:
            self._loop.call_soon(self._receive, data)
        if reply.rest is not None:
            self._rest = reply.rest
            self._engine.in_flight.begin()
            start_new_thread(self._send_rest, (reply.rest,))
            return
        if (failure := reply.failure) is not None:
            self._loop.call_soon(self._fail, failure, reply.answer.response is not None)
        elif not keeps_open(reply.answer):
            self._loop.call_soon(self.close)

    def _receive(self, data: bytes) -> None:
        if not self._is_closing:
            self._protocol.data_received(data)

    def _fail(self, failure: ExchangeError, after_head: bool, turns: int = MOST_TURNS) -> None:
        """End as the recorded exchange did. An answer that was not waited for, or came too late, does not come."""
        if after_head and not self._attempt.has_response and turns:  # as on a network, the head is read first
            self._loop.call_soon(self._fail, failure, after_head, turns - 1)
            return
        if is_silence(failure) or failure.kind is FailureKind.UNDECODABLE:
            return
        if failure.phase in EARLY:  # found out too late
            self._attempt.phase = failure.phase
            self._break(connect_error(failure))
            return
        self._break(reset_error() if is_reset(failure) else None)

    def _break(self, error: Exception | None) -> None:
        if not self._is_closing:
            self._stop()
            self._protocol.connection_lost(error)

    def _stop(self) -> None:
        """Let go of what follows, for which a thread may wait."""
        self._is_closing = True
        self._may_send.set()
        if self._rest is not None:
            self._rest.close()
