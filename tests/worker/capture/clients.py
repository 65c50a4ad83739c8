"""The libraries whose requests are captured, each as one function: its request, the body of the response."""

import asyncio
import http.client
import io
import urllib.request
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httplib2
import httpx
import httpx2
import pytest
import requests
import urllib3

from workbench.worker.capture.bodies.counted_body import BODY_LIMIT

_LONG = 60
"""Seconds for all but the wait for the next bytes: an event loop of a busy machine may take long to connect."""

BODIES: dict[str, Callable[[], Any]] = {
    "bytes": lambda: b"some bytes",
    "large": lambda: b"x" * (BODY_LIMIT + 50_000),
    "file": lambda: io.BytesIO(b"y" * 100_000),
    "generator": lambda: iter([b"one ", b"two"]),
}


def with_http_client(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request(method, parts.path, body, {"x-OWN": "1"})
        return connection.getresponse().read()
    finally:
        connection.close()


def with_urllib(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    request = urllib.request.Request(url, body, {"X-own": "1"}, method=method)
    with urllib.request.urlopen(request, timeout=timeout) as response:
        return response.read()


def with_urllib3(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    with urllib3.PoolManager() as pool:
        options = {"body": body, "timeout": timeout, "retries": urllib3.Retry(None, connect=0, read=0, other=0)}
        return pool.request(method, url, headers={"x-OWN": "1"}, **options).data


def with_requests(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    return requests.request(method, url, data=body, headers={"x-OWN": "1"}, timeout=timeout).content


def with_httplib2(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    client = httplib2.Http(timeout=timeout)
    try:
        return client.request(url, method, body, headers={"x-OWN": "1"})[1]
    finally:
        for connection in client.connections.values():  # early releases have no close() of their own
            connection.close()


def with_httpx(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    with httpx.Client(timeout=httpx.Timeout(_LONG, read=timeout), follow_redirects=True) as client:
        return client.request(method, url, content=body, headers={"x-OWN": "1"}).content


def with_async_httpx(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    async def ask() -> bytes:
        async with httpx.AsyncClient(timeout=httpx.Timeout(_LONG, read=timeout), follow_redirects=True) as client:
            content = _asynchronous(body) if hasattr(body, "__next__") else body
            return (await client.request(method, url, content=content, headers={"x-OWN": "1"})).content

    return asyncio.run(ask())


def with_aiohttp(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    async def ask() -> bytes:
        data = _asynchronous(body) if hasattr(body, "__next__") else body
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_LONG, sock_read=timeout), headers={"x-OWN": "1"})
        async with session, session.request(method, url, data=data) as response:
            return await response.read()

    return asyncio.run(ask())


def with_httpx2(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    with httpx2.Client(timeout=httpx2.Timeout(_LONG, read=timeout), follow_redirects=True) as client:
        return client.request(method, url, content=body, headers={"x-OWN": "1"}).content


def with_async_httpx2(method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    async def ask() -> bytes:
        async with httpx2.AsyncClient(timeout=httpx2.Timeout(_LONG, read=timeout), follow_redirects=True) as client:
            content = _asynchronous(body) if hasattr(body, "__next__") else body
            return (await client.request(method, url, content=content, headers={"x-OWN": "1"})).content

    return asyncio.run(ask())


async def _asynchronous(body: Any) -> AsyncIterator[bytes]:
    for piece in body:
        yield piece


BLOCKING = {
    "http.client": with_http_client,
    "urllib.request": with_urllib,
    "urllib3": with_urllib3,
    "requests": with_requests,
    "httplib2": with_httplib2,
    "aiohttp": with_aiohttp,
    "httpx": with_httpx,
    "httpx async": with_async_httpx,
    "httpx2": with_httpx2,
    "httpx2 async": with_async_httpx2,
}

LIBRARIES = [pytest.param(name, marks=pytest.mark.exhaustive) if name == "httpx2" else name for name in BLOCKING]
"""The same for tests that take one at a time; of httpx2 ``make test`` tries its asynchronous half."""


def call(library: str, method: str, url: str, body: Any = None, timeout: float = 20) -> bytes:
    """One request with a library of the tables."""
    return BLOCKING[library](method, url, body, timeout)


def head_lines(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The first line and the headers of a head as the server got it."""
    first, *rest = head.decode("latin-1").strip().split("\r\n")
    return first, [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
