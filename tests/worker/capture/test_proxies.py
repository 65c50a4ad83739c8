"""Requests through a proxy say so, wherever a library takes it from; and certificates of the person's are trusted."""

import asyncio
from collections.abc import Iterator

import aiohttp
import pytest

from tests.worker.capture.clients import call
from tests.worker.capture.wire_server import WireServer

PLAIN = "http://api.example.com/ok"
OF_ENVIRONMENT = ("urllib.request", "requests", "httpx", "httpx async")


@pytest.fixture
def server() -> Iterator[WireServer]:
    made = WireServer()
    yield made
    made.close()


def with_aiohttp(url: str) -> bytes:
    async def ask() -> bytes:
        async with aiohttp.ClientSession(trust_env=True) as session, session.get(url) as response:
            return await response.read()

    return asyncio.run(ask())


@pytest.mark.parametrize("library", [*OF_ENVIRONMENT, "aiohttp"])
def test_the_proxy_of_the_environment(captured, server, monkeypatch, library) -> None:
    ask = with_aiohttp if library == "aiohttp" else lambda url: call(library, "GET", url)
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("urllib.request._opener", None)  # it keeps the proxies of its first request
    assert ask(PLAIN) == b"ok"
    assert ask(f"{server.url}/ok") == b"ok"

    assert [head.split()[1] for head, _ in server.received] == [PLAIN.encode(), b"/ok"]
    through, direct = captured.exchanges
    assert (through.request.url, through.proxy) == (PLAIN, server.url.removeprefix("http://"))
    assert (direct.request.url, direct.proxy) == (f"{server.url}/ok", "")


@pytest.mark.parametrize(
    ("library", "variable"),
    [("requests", "REQUESTS_CA_BUNDLE"), ("httpx", "SSL_CERT_FILE")],
)
def test_certificates_of_the_person(captured, server, certificate, monkeypatch, library, variable) -> None:
    base = server.secure(certificate[0])
    monkeypatch.setenv(variable, str(certificate[1]))
    assert call(library, "GET", f"{base}/ok") == b"ok"
    assert captured.one.error is None
