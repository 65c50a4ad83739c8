"""Connections of aiohttp: who waits for one, and how a new one is made."""

import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from workbench.domain import Request
from workbench.events import ProxyIgnored
from workbench.worker.capture.aiohttp.proxies import ignored_proxy, proxy_of
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.calls.call import Call
from workbench.worker.capture.recorder import Recorder

LIBRARY = "aiohttp"


class Connections:
    """The hooks on aiohttp's connectors. Requests over an open connection pass none of them.

    ``announced`` are the attempts that have begun with the making of a connection and are not sent yet, by aiohttp's
    request; ``queued`` are the times at which calls began to wait for a place in a full pool.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.announced: dict[Any, Attempt] = {}
        self.queued: dict[Call, float] = {}

    def wait(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """All connections to that host are in use."""
        recorder = self._recorder

        async def wait(*args: Any, **options: Any) -> Any:
            if (call := recorder.current_call.get()) is not None:
                self.queued.setdefault(call, monotonic())
            return await original(*args, **options)

        return wait

    def connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Any connection: in runs that have other answers than the network's, and of releases without :meth:`wait`."""
        recorder = self._recorder

        async def connect(pool: Any, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109  its own name
            attempt = self._announce(req)
            token = recorder.current.set(attempt)
            try:
                url = str(req.url)
                engine = recorder.answering(url)
                is_socket = req.headers.get("Upgrade", "").lower() == "websocket"
                trace = _Trace(attempt)
                if engine is None or engine.passes(req.method, url, is_socket=is_socket):
                    return await original(pool, req, [*traces, trace] if traces else [trace], timeout)
                from workbench.worker.peer.aiohttp.changed_answers import change_answer  # few runs need these
                from workbench.worker.peer.aiohttp.connections import answered_connection

                if not engine.goes_live(req.method, url):
                    return await answered_connection(pool, req, engine, attempt, timeout.sock_connect)
                reply = engine.reply(Request(req.method, url))
                connection = await original(pool, req, [*traces, trace] if traces else [trace], timeout)
                change_answer(connection, reply, engine, attempt)
                return connection
            except BaseException as error:
                self._failed(req, attempt, error)
                raise
            finally:
                recorder.current.reset(token)

        return connect

    def create(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A connection of its own, for a request that found none open."""
        recorder = self._recorder

        async def create(pool: Any, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109  its own name
            if req in self.announced:
                return await original(pool, req, traces, timeout)
            attempt = self._announce(req)
            attempt.reused = False
            token = recorder.current.set(attempt)
            try:
                protocol = await original(pool, req, [*traces, _Trace(attempt)], timeout)
            except BaseException as error:
                self._failed(req, attempt, error)
                raise
            finally:
                recorder.current.reset(token)
            attempt.leave("tls")
            return protocol

        return create

    def _announce(self, request: Any) -> Attempt:
        """The attempt of a request that has no connection yet."""
        recorder, proxy = self._recorder, proxy_of(request)
        call = recorder.current_call.get()
        started = None if call is None else self.queued.pop(call, None)
        frame, url = sys._getframe(2), str(request.url)
        attempt = recorder.begin(LIBRARY, request.method, url, frame, proxy=proxy, started=started)
        attempt.source = request
        self.announced[request] = attempt
        return attempt

    def _failed(self, request: Any, attempt: Attempt, error: BaseException) -> None:
        self.announced.pop(request, None)
        if request.proxy is None and (variable := ignored_proxy(attempt.target[1])):
            self._recorder.emit(ProxyIgnored(monotonic(), attempt.id, variable))
        self._recorder.failed_attempt(attempt, error)


class TimedConnections:
    """Stands in for the module ``aiohappyeyeballs`` inside ``aiohttp.connector``, with one call replaced."""

    def __init__(self, module: Any, recorder: Recorder) -> None:
        self._module = module
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    async def start_connection(self, *args: Any, **options: Any) -> Any:
        """Open the socket; what remains of making a connection afterwards is TLS."""
        attempt = self._recorder.current.get()
        if attempt is None:
            return await self._module.start_connection(*args, **options)
        attempt.enter("connect")
        connected = await self._module.start_connection(*args, **options)
        attempt.leave("connect")
        if attempt.secure:
            attempt.enter("tls")
        return connected


class _Trace:
    """The hooks of aiohttp for a new connection; its methods are those of ``aiohttp.tracing.Trace``."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    async def send_connection_queued_start(self) -> None:
        """All connections to that host are in use."""

    async def send_connection_queued_end(self) -> None:
        """One is free."""

    async def send_connection_create_start(self) -> None:
        """A new connection is made."""
        self._attempt.reused = False

    async def send_connection_create_end(self) -> None:
        """It is open, with TLS."""
        self._attempt.leave("tls")

    async def send_connection_reuseconn(self) -> None:
        """An open connection is reused."""
        self._attempt.reused = True

    async def send_dns_resolvehost_start(self, host: str) -> None:
        """The name is looked up."""
        self._attempt.enter("dns")

    async def send_dns_resolvehost_end(self, host: str) -> None:
        """The name is known."""
        self._attempt.leave("dns")
        self._attempt.phase = "connect"

    async def send_dns_cache_hit(self, host: str) -> None:
        """The name was known."""

    async def send_dns_cache_miss(self, host: str) -> None:
        """The name was not known."""
