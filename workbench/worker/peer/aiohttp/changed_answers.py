"""Answers of the network over a connection of aiohttp's own, as a rule changes them."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from workbench.domain import Request
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.aiohttp.transport import MOST_TURNS
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.network.live_answer import LiveAnswer
from workbench.worker.peer.reply import Reply


def change_answer(connection: Any, reply: Reply, engine: AnswerEngine, attempt: Attempt) -> None:
    """Let the rule of a reply change the answer that comes over a connection of aiohttp's own."""
    attempt.answered_from(reply.origin)
    protocol, transport = connection.protocol, connection.transport
    protocol.force_close()  # the next request has another
    answer = LiveAnswer(attempt.method, engine.change(reply, Request(*attempt.target)))
    transport.set_protocol(_ChangedProtocol(protocol, transport, answer, attempt, reply.delay))


class _ChangedProtocol(asyncio.Protocol):
    """Stands between a transport and aiohttp's protocol, for one answer."""

    def __init__(self, protocol: Any, transport: Any, answer: LiveAnswer, attempt: Attempt, delay: float) -> None:
        self._protocol = protocol
        self._transport = transport
        self._answer = answer
        self._attempt = attempt
        self._delay = delay
        self._early: list[Callable[[], None]] | None = None
        self._is_lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._protocol, name)

    def data_received(self, data: bytes) -> None:
        """Bytes of the server."""
        if self._delay:
            delay, self._delay, self._early = self._delay, 0.0, []
            asyncio.get_running_loop().call_later(delay, self._stop_waiting)
        self._soon(partial(self._receive, data))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._soon(partial(self._end, exc))

    def pause_writing(self) -> None:
        """The transport has enough."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """The transport can take more."""
        self._protocol.resume_writing()

    def _soon(self, work: Callable[[], None]) -> None:
        """Do it now, or in its turn once nobody waits any more."""
        if self._early is None:
            work()
        else:
            self._early.append(work)

    def _stop_waiting(self) -> None:
        early, self._early = self._early or [], None
        for work in early:
            work()

    def _receive(self, data: bytes) -> None:
        if self._is_lost:
            return
        if changed := self._answer.feed(data):
            self._protocol.data_received(changed)
        if self._answer.failure is not None:
            self._end(None)

    def _end(self, error: Exception | None) -> None:
        if self._is_lost:
            return
        self._is_lost = True
        if error is None and (rest := self._answer.end()):
            self._protocol.data_received(rest)
        self._lose(error, MOST_TURNS if self._answer.failure is not None else 0)

    def _lose(self, error: Exception | None, turns: int) -> None:
        """Tell the protocol, once the head that came before is read, as on a network."""
        if turns and not self._attempt.has_response:
            asyncio.get_running_loop().call_soon(self._lose, error, turns - 1)
            return
        self._transport.abort()
        self._protocol.connection_lost(error)
