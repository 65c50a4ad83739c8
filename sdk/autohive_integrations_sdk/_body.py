"""Bodies that can be sent again: a file is spent by the first attempt, and a retry must send the same bytes."""

import io
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.payload import IOBasePayload, Payload


@dataclass(frozen=True, slots=True)
class Body:
    """``make`` gives the body for one attempt; ``content_type`` is its own, where it has one that must be sent.

    ``once`` marks a stream that cannot be sent again: such a request is not retried.
    """

    make: Callable[[], Any]
    content_type: str | None = None
    once: bool = False


async def repeatable(data: Any) -> Body:
    """A body out of whatever else aiohttp takes as ``data``. Files are read; a stream stays a stream and goes once."""
    if isinstance(data, io.IOBase):
        content = data.read()
        if not isinstance(data, (io.BytesIO, io.StringIO)):
            data.close()  # as aiohttp does with a file that it sends
        return Body(lambda: io.StringIO(content) if isinstance(content, str) else io.BytesIO(content))
    if isinstance(data, AsyncIterable) and not isinstance(data, Payload):
        return Body(lambda: data, once=True)
    if isinstance(data, Payload):
        return await _of_payload(data)
    form = data if isinstance(data, aiohttp.FormData) else aiohttp.FormData(data)
    return await _of_payload(form())


async def _of_payload(payload: Payload) -> Body:
    """A payload can be written again, unless there is a file in it, which is closed after the first time."""
    if isinstance(payload, aiohttp.MultipartWriter):
        if any(isinstance(part, IOBasePayload) for part, _, _ in payload):
            return await _spent(payload)
    elif isinstance(payload, IOBasePayload):
        return await _spent(payload)
    return Body(lambda: payload)


async def _spent(payload: Payload) -> Body:
    """The bytes of a payload, which is closed with the files in it, as it would be after sending."""
    content = await payload.as_bytes()
    await payload.close()
    return Body(lambda: io.BytesIO(content), payload.content_type)
