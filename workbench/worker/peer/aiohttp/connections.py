"""aiohttp's connection to us: its own protocol, on a transport that answers what is written to it."""

import asyncio
import re
import ssl
import threading
from _thread import start_new_thread
from base64 import b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import aiohttp
from aiohttp import connector

from workbench.answers.answer import answer_bytes, keeps_open
from workbench.domain import ExchangeError, FailureKind, Request, RuleAction
from workbench.worker.capture.aiohttp.connections import proxy_of
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.engine import EARLY, AnswerEngine, Reply, is_silence
from workbench.worker.peer.failures import connect_error, is_reset, reset_error
from workbench.worker.peer.network.live_answer import LiveAnswer
from workbench.worker.peer.network.relay import Rest
from workbench.worker.peer.network.route import Proxy, unchecked_context, usual_context
from workbench.worker.peer.request_reader import RequestReader
from workbench.worker.peer.waits import LONGEST_WAIT, finished

_OF_PROXY = re.compile(r"(\d{3}), message='([^']*)'")
"""The text of aiohttp's error of a proxy that makes no tunnel."""

_MOST_TURNS = 100
"""Turns of the event loop that an answer's head has until it is read."""

_LOOK = 1.0
"""Seconds after which a thread looks whether its event loop is still there."""


async def answered_connection(
    pool: Any, req: Any, engine: AnswerEngine, attempt: Attempt, seconds: float | None
) -> Any:
    """A connection for one request, or what aiohttp raises where that fails. A forward has ``seconds`` to connect."""
    attempt.reused = False
    url = str(req.url)
    reply = engine.unconnected(req.method, url)
    if reply is None and engine.is_forwarded(req.method, url):
        reply = await finished(partial(engine.unforwarded, req.method, url, seconds), engine.in_flight)
    if reply is not None:
        attempt.answered_from(reply.origin)
        await _fail_to_connect(req, attempt, reply)
    loop = asyncio.get_running_loop()
    protocol = pool._factory()
    context = _context_of(pool, req)
    transport = PeerTransport(protocol, loop, engine, attempt, url, _proxy_of(req, context), context)
    protocol.connection_made(transport)
    protocol.force_close()  # each request has a connection of its own
    attempt.connected()
    return connector.Connection(pool, req.connection_key, protocol, loop)


def _context_of(pool: Any, req: Any) -> ssl.SSLContext | None:
    """What the request or its session would check of a certificate; None where both leave that to aiohttp."""
    choice = getattr(pool, "_ssl", True) if req.ssl in (True, None) else req.ssl
    if choice is False:
        return unchecked_context()
    return choice if isinstance(choice, ssl.SSLContext) else None


def _proxy_of(req: Any, context: ssl.SSLContext | None) -> Proxy:
    """The proxy that the request would ask."""
    if req.proxy is None:
        return Proxy()
    headers = list((getattr(req, "proxy_headers", None) or {}).items())
    if (auth := getattr(req, "proxy_auth", None)) is not None:
        headers.append(("Proxy-Authorization", auth.encode()))
    elif req.proxy.user is not None:
        pair = f"{req.proxy.user}:{req.proxy.password or ''}".encode()
        headers.append(("Proxy-Authorization", f"Basic {b64encode(pair).decode()}"))
    is_secure = req.proxy.scheme == "https"
    return Proxy(proxy_of(req), (context or usual_context()) if is_secure else None, tuple(headers))


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
        self._lose(error, _MOST_TURNS if self._answer.failure is not None else 0)

    def _lose(self, error: Exception | None, turns: int) -> None:
        """Tell the protocol, once the head that came before is read, as on a network."""
        if turns and not self._attempt.has_response:
            asyncio.get_running_loop().call_soon(self._lose, error, turns - 1)
            return
        self._transport.abort()
        self._protocol.connection_lost(error)


async def _fail_to_connect(req: Any, attempt: Attempt, reply: Reply) -> None:
    """Raise as aiohttp does. A timeout is the caller's own; where there is none it is the connection's."""
    failure = reply.failure
    if failure is None or is_silence(failure):
        has_waited = reply.rule is not None and reply.rule.action is RuleAction.FORWARD
        await asyncio.sleep(0 if has_waited else LONGEST_WAIT)
        raise TimeoutError
    attempt.phase = failure.phase
    key = req.connection_key
    error = connect_error(failure, (key.host, key.port))
    if failure.kind is FailureKind.NAME_NOT_FOUND:
        kind = getattr(aiohttp, "ClientConnectorDNSError", aiohttp.ClientConnectorError)
        raise kind(key, error) from error
    if failure.kind is FailureKind.PROXY and (said := _OF_PROXY.match(failure.message)):
        raise aiohttp.ClientHttpProxyError(req.request_info, (), status=int(said[1]), message=said[2])
    if isinstance(error, ssl.SSLCertVerificationError):
        raise aiohttp.ClientConnectorCertificateError(key, error) from error
    if isinstance(error, ssl.SSLError):
        raise aiohttp.ClientConnectorSSLError(key, error) from error
    raise aiohttp.ClientConnectorError(key, error) from error


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

    def _fail(self, failure: ExchangeError, after_head: bool, turns: int = _MOST_TURNS) -> None:
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
