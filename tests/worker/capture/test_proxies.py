"""Requests through a proxy say so, wherever a library takes it from; and certificates of the person's are trusted."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import aiohttp
import httplib2
import pytest

from tests.worker.capture.clients import call
from tests.worker.capture.proxy_server import ProxyServer
from tests.worker.capture.wire_server import WireServer
from tests.worker.peer.test_libraries import engine
from workbench.domain import FailureKind
from workbench.explain.http import network

PLAIN = "http://api.example.com/ok"
OF_ENVIRONMENT = ("urllib.request", "requests", "httpx", "httpx async", "httpx2")


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
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("urllib.request._opener", None)  # it keeps the proxies of its first request
    assert ask(library, PLAIN) == b"ok"
    assert ask(library, f"{server.url}/ok") == b"ok"

    assert [head.split()[1] for head, _ in server.received] == [PLAIN.encode(), b"/ok"]
    through, direct = captured.exchanges
    assert (through.request.url, through.proxy) == (PLAIN, server.url.removeprefix("http://"))
    assert (direct.request.url, direct.proxy) == (f"{server.url}/ok", "")


def test_a_proxy_of_the_environment_that_aiohttp_did_not_ask(captured, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "excepted.invalid")

    async def ask(**options: bool) -> None:
        async with aiohttp.ClientSession(**options) as session:
            for host in ("api.invalid", "excepted.invalid", "127.0.0.1:1"):
                with suppress(aiohttp.ClientError):
                    await session.get(f"http://{host}/")

    asyncio.run(ask())
    assert [each.ignored_proxy for each in captured.exchanges] == ["HTTP_PROXY", "", ""]
    told = network.ended_by(captured.exchanges[0], None)
    assert (
        told == "The host api.invalid was not found. HTTP_PROXY is set, but aiohttp uses it only with trust_env=True."
    )
    assert "trust_env" not in network.ended_by(captured.exchanges[1], None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,excepted.invalid")
    asyncio.run(ask(trust_env=True))
    assert [each.ignored_proxy for each in captured.exchanges[3:]] == ["", "", ""]


def with_boto3(url: str) -> bytes:
    import boto3
    from botocore.config import Config

    keys = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up-too", "region_name": "us-east-1"}
    once = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    client = boto3.client("s3", endpoint_url=url.removesuffix("/ok"), config=once, **keys)
    return client.get_object(Bucket="b", Key="k")["Body"].read()


def ask(library: str, url: str) -> bytes:
    own = {"aiohttp": with_aiohttp, "boto3": with_boto3}.get(library)
    return own(url) if own else call(library, "GET", url)


SECURE = "https://api.example.com/ok"


@pytest.mark.parametrize("library", [*OF_ENVIRONMENT, "httplib2", "boto3", "aiohttp"])
def test_a_tunnel_and_the_certificate_behind_it(captured, server, certificate, monkeypatch, library) -> None:
    """The CONNECT is complete, and the request behind it fails by the certificate, with its reason."""
    server.secure(certificate[0])
    proxy = ProxyServer(server.url)
    monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
    monkeypatch.setattr("urllib.request._opener", None)
    with suppress(Exception):
        ask(library, SECURE)
    proxy.close()
    assert proxy.asked == ["CONNECT api.example.com:443"]
    found = {each.request.method: each for each in captured.exchanges}
    asked = found.pop("GET")
    assert asked.error is not None
    assert asked.response is None
    assert (asked.proxy, asked.error.phase, asked.error.kind) == (proxy.address, "tls", FailureKind.CERTIFICATE)
    assert "self-signed certificate" in asked.error.message
    tunnel = found["CONNECT"]
    assert (tunnel.request.url, tunnel.proxy, tunnel.error) == ("https://api.example.com/", proxy.address, None)
    assert tunnel.response is not None and tunnel.response.status == 200


def test_httplib2_asks_its_proxy_for_a_tunnel_in_any_case(captured, server, monkeypatch) -> None:
    proxy = ProxyServer(server.url)
    monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert ask("httplib2", PLAIN) == ask("httplib2", f"{server.url}/ok") == b"ok"
    proxy.close()
    assert proxy.asked == ["CONNECT api.example.com:80"]
    assert [(each.request.method, each.proxy) for each in captured.exchanges] == [
        ("GET", proxy.address), ("CONNECT", proxy.address), ("GET", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("library", [*OF_ENVIRONMENT, "httplib2", "aiohttp"])
def test_a_proxy_that_refuses(captured, server, monkeypatch, library) -> None:
    """Its answer to the CONNECT is an exchange; the request behind it fails by the proxy, not by its host."""
    proxy = ProxyServer(server.url, refuses=True)
    monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
    monkeypatch.setattr("urllib.request._opener", None)
    of_httplib2 = "tuple index"  # of an early one, amid its words
    with pytest.raises(Exception, match=rf"407|proxy|{of_httplib2}") as raised:
        ask(library, SECURE)
    proxy.close()
    found = {each.request.method: each for each in captured.exchanges}
    assert (found["CONNECT"].response.status, found["CONNECT"].proxy) == (407, proxy.address)
    error = found["GET"].error
    assert (error.phase, error.kind, found["GET"].response) == ("connect", FailureKind.PROXY, None)
    if library == "httplib2":  # its error is PySocks's own
        return
    captured.recorder.answers = engine(captured.exchanges)
    with pytest.raises(type(raised.value)):
        ask(library, SECURE)
    again = captured.exchanges[-1].error
    assert (again.type, again.phase, again.kind) == (error.type, error.phase, error.kind)


@pytest.mark.parametrize(
    ("library", "variable"),
    [
        ("requests", "REQUESTS_CA_BUNDLE"),
        ("httpx", "SSL_CERT_FILE"),
        ("httpx2", "SSL_CERT_FILE"),
        ("urllib.request", "SSL_CERT_FILE"),
        ("httplib2", "HTTPLIB2_CA_CERTS"),
        ("boto3", "AWS_CA_BUNDLE"),
    ],
)
def test_certificates_of_the_person(captured, server, certificate, monkeypatch, library, variable) -> None:
    base = server.secure(certificate[0])
    monkeypatch.setenv(variable, str(certificate[1]))
    monkeypatch.setattr("urllib.request._opener", None)
    monkeypatch.setattr(httplib2, "CA_CERTS", httplib2.certs.where())  # which it reads when it is imported
    ask(library, f"{base}/ok")
    assert captured.one.error is None
