"""The context of a handler: auth, settings, a logger, and ``fetch``.

aiohttp is imported where it is first used: it takes five times as long as the rest of the SDK, and an integration may
send nothing, or use another library.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from autohive_integrations_sdk import _request, contracts
from autohive_integrations_sdk._errors import HTTPError, RateLimitError
from autohive_integrations_sdk._types import FetchResponse

if TYPE_CHECKING:
    import aiohttp

    from autohive_integrations_sdk._body import Body

_MAX_RETRIES = 3
_TIMEOUT = 30


class ExecutionContext:
    """What a handler works with. An asynchronous context manager, which holds one HTTP session.

    ``auth`` is flat or an envelope ``{"auth_type", "credentials"}``; ``config`` holds ``max_retries`` and ``timeout``
    (seconds). Outside ``async with`` a session is made at the first ``fetch``; inside a handler it is closed after it.
    """

    # On the class, so that a subclass that does not call this ``__init__`` has them too.
    _session: aiohttp.ClientSession | None = None
    _holders = 0

    def __init__(
        self,
        auth: dict[str, Any] | None = None,
        request_config: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        self.auth: dict[str, Any] = {} if auth is None else auth
        self.config: dict[str, Any] = request_config or {"max_retries": _MAX_RETRIES, "timeout": _TIMEOUT}
        self.metadata: dict[str, Any] = {} if metadata is None else metadata
        self.logger = logger or logging.getLogger("autohive_integrations_sdk.integration")

    async def __aenter__(self) -> Self:
        self._holders += 1
        self._open_session()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._holders -= 1
        if self._holders == 0:
            await self.close()

    async def close(self) -> None:
        """Close the session; the next ``fetch`` makes a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def fetch(
        self,
        url: str,
        method: str = "GET",
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        content_type: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the name that integrations use
        retry_count: int = 0,
    ) -> Any:
        """Send a request and return its parsed body, or a :class:`FetchResponse` under contract 2.

        A connection that fails or times out is tried again, ``max_retries`` times, after 1, 2, 4, … seconds; with
        ``retry_count`` n the first n of them count as done. Every attempt sends the same bytes; a body that is a stream
        (an asynchronous generator) cannot be sent twice and is tried once.

        Raises RateLimitError for 429, HTTPError for any other status of 400 and above, and at the end of its attempts
        ``aiohttp.ClientError`` or ``TimeoutError``.
        """
        request = _request.prepare(url, method, params, data, json, headers, content_type, self.auth)
        config = getattr(self, "config", {})  # a subclass may have set nothing but ``auth``
        request["timeout"] = _limit(config.get("timeout", _TIMEOUT) if timeout is None else timeout)
        body = None if _request.is_plain(request["data"]) else await _repeatable(request)
        while True:
            if body is not None:
                request["data"] = body.make()
            try:
                response = await self._send(request)
            except _passing():
                if retry_count >= config.get("max_retries", _MAX_RETRIES) or (body is not None and body.once):
                    raise
            else:
                return response if contracts.current().returns_fetch_response else response.data
            await asyncio.sleep(2**retry_count)
            retry_count += 1

    async def _send(self, request: dict[str, Any]) -> FetchResponse:
        """One attempt."""
        async with self._open_session().request(**request) as response:
            if response.status == 429:
                wait = _request.seconds_to_wait(response.headers.get("Retry-After"))
                text = await response.text(errors="replace")
                raise RateLimitError(wait, response.status, "Rate limit exceeded", text)
            parsed = await _parsed(response)
            if response.status >= 400:
                raise HTTPError(response.status, str(parsed), parsed)
            return FetchResponse(response.status, dict(response.headers), parsed)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            import aiohttp

            self._session = aiohttp.ClientSession()
        call = contracts.running()
        if isinstance(call, HandlerCall):
            call.hold(self)
        return self._session


async def _repeatable(request: dict[str, Any]) -> Body:
    """The body of a request in a form that every attempt can send; its own content type becomes a header."""
    from autohive_integrations_sdk._body import repeatable

    body = await repeatable(request["data"])
    if body.content_type is not None:
        request["headers"] = {"Content-Type": body.content_type} | request["headers"]
    return body


def _passing() -> tuple[type[Exception], ...]:
    """The exceptions after which a request is retried."""
    import aiohttp

    return (aiohttp.ClientError, TimeoutError)


@lru_cache
def _limit(total: float | None) -> aiohttp.ClientTimeout:
    import aiohttp

    return aiohttp.ClientTimeout(total=total)


async def _parsed(response: aiohttp.ClientResponse) -> Any:
    """The body for the handler: JSON parsed, other text as it is; nothing is None (or "" beside 200, 201, 204)."""
    if _request.is_json(response.headers.get("Content-Type", "")):
        try:
            return await response.json(content_type=None)
        except (ValueError, RecursionError):  # not JSON, or not in the charset that it claims
            return await response.text(errors="replace")
    text = await response.text(errors="replace")
    return None if not text and response.status in (200, 201, 204) else text


class HandlerCall:
    """A call of a handler, begun by being made, and the contexts whose sessions it has used; these are closed after it.

    A context registers itself when it sends something, so nothing private of a handler's context is needed.
    """

    __slots__ = ("_held", "_token", "contract")

    def __init__(self, contract: contracts.Contract) -> None:
        self.contract = contract
        self._held: tuple[ExecutionContext, ...] | None = ()
        self._token = contracts.begin(self)

    def hold(self, context: ExecutionContext) -> None:
        """Keep the session open until the call has ended; a task that outlives the call holds nothing."""
        if self._held is not None and all(held is not context for held in self._held):
            context._holders += 1
            self._held += (context,)

    def end(self) -> tuple[ExecutionContext, ...]:
        """End the call; :func:`release` takes the contexts that this returns."""
        contracts.end(self._token)
        held, self._held = self._held, None
        return held or ()


async def release(held: tuple[ExecutionContext, ...]) -> None:
    """Close each session that no other call and no ``async with`` holds."""
    for context in held:
        context._holders -= 1
        if context._holders == 0:
            await context.close()
