"""A request that a recording has no answer to goes out as its library would send it."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path

import aiohttp
import httpx
import pytest
import requests

from tests.worker.capture.proxy_server import ProxyServer
from tests.worker.capture.wire_server import WireServer
from tests.worker.peer.test_libraries import engine
from workbench.domain import AnswerSource, FailureKind, OnUnmatched

URL = "https://api.example.com/ok"


@pytest.fixture
def server(certificate) -> Iterator[WireServer]:
    """One that takes clients with the right certificate only."""
    _, pem = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, pem.with_name("key.pem"))
    context.load_verify_locations(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    made = WireServer()
    made.secure(context)
    yield made
    made.close()


def context_of(pem: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(pem))
    context.load_cert_chain(pem, pem.with_name("key.pem"))
    return context


def with_requests(pem: Path, proxy: str) -> bytes:
    files = str(pem), str(pem.with_name("key.pem"))
    return requests.get(URL, proxies={"https": proxy}, verify=str(pem), cert=files, timeout=30).content


def with_httpx(pem: Path, proxy: str) -> bytes:
    context = context_of(pem)
    through = httpx.Proxy(proxy, ssl_context=context if proxy.startswith("https") else None)
    with httpx.Client(verify=context, proxy=through, timeout=30) as client:
        return client.get(URL).content


def with_async_httpx(pem: Path, proxy: str) -> bytes:
    async def ask() -> bytes:
        context = context_of(pem)
        through = httpx.Proxy(proxy, ssl_context=context if proxy.startswith("https") else None)
        async with httpx.AsyncClient(verify=context, proxy=through, timeout=30) as client:
            return (await client.get(URL)).content

    return asyncio.run(ask())


def with_aiohttp(pem: Path, proxy: str) -> bytes:
    async def ask() -> bytes:
        connector = aiohttp.TCPConnector(ssl=context_of(pem))
        async with aiohttp.ClientSession(connector=connector) as session, session.get(URL, proxy=proxy) as response:
            return await response.read()

    return asyncio.run(ask())


HTTPX = (with_httpx, with_async_httpx) if "ssl_context" in signature(httpx.Proxy).parameters else ()
"""Early releases have no certificates of a proxy's own."""


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("ask", [with_requests, *HTTPX, with_aiohttp])
def test_its_proxy_its_authorities_and_its_own_certificate(
    captured, server, certificate, ask: Callable[[Path, str], bytes], scheme: str
) -> None:
    proxy = ProxyServer(server.url, certificate[0] if scheme == "https" else None)
    captured.recorder.answers = engine((), on_unmatched=OnUnmatched.LIVE)
    assert ask(certificate[1], f"{scheme}://ada:p%40ss@{proxy.address}") == b"ok"
    proxy.close()
    assert proxy.asked == ["CONNECT api.example.com:443"]
    assert proxy.heads[0].count(b"Proxy-Authorization: Basic YWRhOnBAc3M=") == 1
    assert b"roxy" not in server.received[0][0]
    found = next(each for each in captured.exchanges if each.request.method == "GET")
    assert (found.proxy, found.origin.source, found.error) == (proxy.address, AnswerSource.LIVE, None)
    assert found.origin.unmatched is not None


def test_a_proxy_of_tls_with_a_certificate_that_is_not_trusted(captured, server, certificate) -> None:
    proxy = ProxyServer(server.url, certificate[0])
    captured.recorder.answers = engine((), on_unmatched=OnUnmatched.LIVE)
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(URL, proxies={"https": f"https://{proxy.address}"}, timeout=30)
    proxy.close()
    assert captured.exchanges[-1].error.kind is FailureKind.CERTIFICATE
    assert proxy.asked == []
