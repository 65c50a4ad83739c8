"""httpcore, both editions, which httpx sends with: a request is seen where it enters the pool, its bytes by a trace.

The streams of both bodies are replaced by ones that tell what passes through; httpcore has taken chunks apart already.
"""

import sys
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from workbench.events.http_heads import latin_or_utf8
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.httpcore.passage import Passage, base_of, library_of
from workbench.worker.capture.httpcore.plain_requests import answered, head_made, not_answered, traced_connection
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder


class HttpcoreAdapter(ImportedLibraryAdapter):
    """Installs the hooks once the integration has imported one of the libraries, and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        super().__init__(recorder, imports)
        self._plain_pools: dict[type, str] = {}
        self._bases: dict[tuple[bytes, bytes, int | None], str] = {}

    def install(self) -> None:
        """Start."""
        hook = self._when_imported
        for core in ("httpcore", "httpcore2"):
            hook(f"{core}._sync.connection_pool", partial(self._hook_pool, core))
            hook(f"{core}._async.connection_pool", partial(self._hook_async_pool, core))
            hook(f"{core}._sync.connection", self._hook_connection)
            hook(f"{core}._async.connection", self._hook_async_connection)
        hook("h11._connection", self._hook_parser)

    def _hook_pool(self, library: str, patches: Patches, module: Any) -> None:
        patches.replace(module.ConnectionPool, "handle_request", self._handle_request)
        self._plain_pools[module.ConnectionPool] = library

    def _hook_connection(self, patches: Patches, module: Any) -> None:
        patches.replace(module.HTTPConnection, "_connect", self._connect)

    def _hook_async_connection(self, patches: Patches, module: Any) -> None:
        patches.replace(module.AsyncHTTPConnection, "_connect", self._connect_async)

    def _hook_async_pool(self, library: str, patches: Patches, module: Any) -> None:
        patches.replace(module.AsyncConnectionPool, "handle_async_request", self._handle_async_request)
        self._plain_pools[module.AsyncConnectionPool] = library

    def _hook_parser(self, patches: Patches, module: Any) -> None:
        patches.replace(module.Connection, "receive_data", self._receive_data)
        patches.replace(module.Connection, "send", self._send)

    def _receive_data(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What h11 gets to parse: of a response that it cannot read there is nothing else to show."""
        current = self._recorder.current

        def receive_data(connection: Any, data: bytes) -> Any:
            if (attempt := current.get()) is not None and attempt.awaited:
                if attempt.source is not None and attempt.first is None:
                    attempt.first = data, monotonic()
                else:
                    attempt.raw_received(data)
            return original(connection, data)

        return receive_data

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What h11 makes of a request, where nothing else is asked for it: its head, then its body, then its end."""
        current, outlet = self._recorder.current, self._recorder.outlet

        def send(connection: Any, event: Any) -> Any:
            data = original(connection, event)
            attempt = current.get()
            if attempt is not None and attempt.source is not None:  # and so it is not over
                if (head := attempt.head) is not None:
                    attempt.head, attempt.has_head = None, True
                    attempt.request_sent(head, getattr(event, "data", b""))
                elif attempt.sent_at is None and not attempt.has_head:
                    head_made(attempt, data)
                    if outlet.sleeps:  # it tells of a request whose body takes long
                        outlet.wake()
                elif hasattr(event, "data"):
                    attempt.body_sent(event.data)
                    attempt.sent_at, attempt.phase = None, "send"
                elif attempt.sent_at is None:
                    attempt.all_sent()
            return data

        return send

    def _begin_plain(self, pool: Any, request: Any, frame: Any) -> Attempt | None:
        """The attempt of a request that goes straight to its host in HTTP/1.1: h11 says what is sent. Else None."""
        recorder = self._recorder
        try:
            library = self._plain_pools.get(type(pool))
            if library is None or pool._http2 or getattr(pool, "_proxy", None) is not None:
                return None
            if not recorder.is_live or "trace" in request.extensions:
                return None
            url = request.url
            place = url.scheme, url.host, url.port
            base = self._bases.get(place) or self._bases.setdefault(place, base_of(url))
            call = recorder.current_call.get() or recorder.new_call(frame)
            return recorder.begin_with(call, request, library, "", base, "")
        except Exception as error:
            recorder.failed("handle_request", error)
            return None

    def _connect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A connection of its own, for a request that found none open."""
        recorder = self._recorder

        def connect(connection: Any, request: Any) -> Any:
            attempt = recorder.current.get()
            if attempt is None or attempt.source is not request:
                return self._opened(connection, original(connection, request))
            attempt.timed_by_sockets = True
            with traced_connection(recorder, request, attempt, is_async=False):
                return original(connection, request)

        return connect

    def _connect_async(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def connect(connection: Any, request: Any) -> Any:
            attempt = recorder.current.get()
            if attempt is None or attempt.source is not request:
                return self._opened(connection, await original(connection, request))
            with traced_connection(recorder, request, attempt, is_async=True):
                return await original(connection, request)

        return connect

    def _opened(self, connection: Any, stream: Any) -> Any:
        """``stream``; what answers in place of the network speaks HTTP/1.1, also to a client of HTTP/2 alone."""
        if self._recorder.answers is not None and getattr(stream, "speaks_http_1", False):
            connection._http1 = True
        return stream

    def _begin(self, pool: Any, request: Any, frame: Any) -> "Passage":
        url = request.url
        text = base_of(url) + latin_or_utf8(url.target)
        through = getattr(pool, "_proxy_url", None)
        proxy = f"{through.host.decode()}:{through.port or 80}" if through is not None else ""
        method = request.method.decode("ascii", "replace")
        attempt = self._recorder.begin(library_of(request), method, text, frame, proxy=proxy)
        return Passage(self._recorder, request, attempt)

    def _prepare(self, pool: Any, request: Any, attempt: Attempt) -> None:
        """Let the pool connect to what answers in place of the network."""
        if (engine := self._recorder.answering(attempt.target[1])) is not None:
            from workbench.worker.peer.httpcore.backend import answer_pool  # few runs need it

            answer_pool(pool, self._recorder, engine, sys.modules[library_of(request)])

    def _handle_request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        def plain_request(pool: Any, request: Any, attempt: Attempt) -> Any:
            token = recorder.current.set(attempt)
            try:
                response = original(pool, request)
            except BaseException as error:
                not_answered(request, attempt, error)
                raise
            finally:
                recorder.current.reset(token)
            return answered(recorder, request, attempt, response)

        def handle_request(pool: Any, request: Any) -> Any:
            if (attempt := self._begin_plain(pool, request, sys._getframe(1))) is not None:
                return plain_request(pool, request, attempt)
            try:
                passage = self._begin(pool, request, sys._getframe(1))
                passage.attempt.timed_by_sockets = True
                passage.attach(passage.traced)
            except Exception as error:
                recorder.failed("handle_request", error)
                return original(pool, request)
            token = recorder.current.set(passage.attempt)
            try:
                self._prepare(pool, request, passage.attempt)
                return passage.answered(original(pool, request))
            except BaseException as error:
                passage.fail(error)
                raise
            finally:
                recorder.current.reset(token)

        return handle_request

    def _handle_async_request(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def plain_request(pool: Any, request: Any, attempt: Attempt) -> Any:
            token = recorder.current.set(attempt)
            try:
                response = await original(pool, request)
            except BaseException as error:
                not_answered(request, attempt, error)
                raise
            finally:
                recorder.current.reset(token)
            return answered(recorder, request, attempt, response)

        async def handle_async_request(pool: Any, request: Any) -> Any:
            if (attempt := self._begin_plain(pool, request, sys._getframe(1))) is not None:
                return await plain_request(pool, request, attempt)
            try:
                passage = self._begin(pool, request, sys._getframe(1))
                passage.attach(passage.traced_async)
            except Exception as error:
                recorder.failed("handle_async_request", error)
                return await original(pool, request)
            token = recorder.current.set(passage.attempt)
            try:
                self._prepare(pool, request, passage.attempt)
                return passage.answered(await original(pool, request))
            except BaseException as error:
                passage.fail(error)
                raise
            finally:
                recorder.current.reset(token)

        return handle_async_request
