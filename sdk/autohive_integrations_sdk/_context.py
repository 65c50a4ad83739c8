"""The context that a handler is given: auth, settings, a logger, and ``fetch``."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import aiohttp

from autohive_integrations_sdk import _request, contracts
from autohive_integrations_sdk._body import Body, repeatable
from autohive_integrations_sdk._errors import HTTPError, RateLimitError
from autohive_integrations_sdk._types import FetchResponse

_MAX_RETRIES = 3
_TIMEOUT = 30


class ExecutionContext:
    """What a handler works with. An asynchronous context manager, which holds one HTTP session.

    ``auth`` is flat or an envelope ``{"auth_type", "credentials"}``; ``config`` holds ``max_retries`` and ``timeout``
    (seconds). Outside ``async with`` a session is made at the first ``fetch``; inside a handler it is closed after it.
    """

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
        self._session: aiohttp.ClientSession | None = None
        self._holders = 0

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
        limit = aiohttp.ClientTimeout(total=self.config.get("timeout", _TIMEOUT) if timeout is None else timeout)
        body = await repeatable(request.body)
        while True:
            try:
                response = await self._send(request, body, limit)
            except (aiohttp.ClientError, TimeoutError):
                if body.once or retry_count >= self.config.get("max_retries", _MAX_RETRIES):
                    raise
            else:
                return response if contracts.current().answers_fetch_response else response.data
            await asyncio.sleep(2**retry_count)
            retry_count += 1

    async def _send(self, request: _request.PreparedRequest, body: Body, limit: aiohttp.ClientTimeout) -> FetchResponse:
        """One attempt."""
        headers = request.headers
        if body.content_type is not None:
            headers = {"Content-Type": body.content_type} | headers
        session = self._open_session()
        sending = session.request(request.method, request.url, data=body.make(), headers=headers, timeout=limit)
        async with sending as response:
            text = await response.text(errors="replace")
            if response.status == 429:
                wait = _request.seconds_to_wait(response.headers.get("Retry-After"))
                raise RateLimitError(wait, response.status, "Rate limit exceeded", text)
            parsed = _request.parse_body(text, response.content_type, response.status)
            if response.status >= 400:
                raise HTTPError(response.status, str(parsed), parsed)
            return FetchResponse(response.status, dict(response.headers), parsed)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session


@asynccontextmanager
async def held(context: object) -> AsyncIterator[None]:
    """Keep a context's session while handlers use it; one that was made on demand is closed after the last of them."""
    if not isinstance(context, ExecutionContext):
        yield
        return
    context._holders += 1
    try:
        yield
    finally:
        context._holders -= 1
        if context._holders == 0:
            await context.close()
