"""What a library's user sees is the same whether a server answers or a recording does, failures too."""

import asyncio
import errno
import functools
import gzip
import http.client
import os
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import boto3
import httpcore
import httplib2
import httpx
import pytest
import requests

from tests.case_tables import each_case
from tests.worker.capture.clients import BODIES, LIBRARIES, call
from tests.worker.capture.installed import URLLIB3_READS_AFTER_RESET
from tests.worker.capture.wire_server import SQUEEZED, TEXT, WireServer
from workbench.domain import (
    Answers,
    AnswerSource,
    Contract,
    ContractVersion,
    Exchange,
    ExchangeError,
    FailureKind,
    Kind,
    Noise,
    Request,
    Response,
    RunRequest,
)
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.http_client import sockets
from workbench.worker.peer.httpcore.streams import PeerStream

PLAIN = ("/ok", "/empty", "/none", "/chunked", "/gzip", "/continue", "/until-close", "/moved", "/latin", "/ok")
BROKEN = ("/dropped", "/reset", "/not-http", "/never", "/cut", "/cut-chunk", "/undecodable")


@pytest.fixture
def server() -> Iterator[WireServer]:
    made = WireServer()
    yield made
    made.close()


def engine(
    exchanges: tuple[Exchange, ...],
    noise: tuple[Noise, ...] = (),
    source: AnswerSource = AnswerSource.RECORDING,
    note: Callable[[str], None] = lambda text: None,
    **more,
) -> AnswerEngine:
    answers = Answers(source, "a run", exchanges, noise, **more)
    asked = RunRequest(
        "lab", Path("/"), "lab.py", Kind.ACTION, "go", Contract(ContractVersion.V0_1), {}, answers=answers
    )
    return AnswerEngine(asked, note)


@dataclass(frozen=True)
class Seen:
    """What a call gave: bytes, or the exception's class and text."""

    body: bytes = b""
    error: str = ""


def outcome(library: str, method: str, url: str, body=None, timeout: float = 20) -> Seen:
    try:
        content = call(library, method, url, body, timeout)
        return Seen(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)
    except Exception as error:
        chain, texts = error, []
        while chain is not None:
            texts.append(type(chain).__qualname__)
            chain = chain.__cause__ or chain.__context__
        return Seen(error=" < ".join(texts[:2]))


def ended(library: str, method: str, url: str, make: Callable[[], object] | None) -> Seen:
    """What a call gave; only what is never answered has little time."""
    return outcome(library, method, url, make and make(), 0.3 if url.endswith("/never") else 20)


def facts(exchange: Exchange) -> tuple:
    response, error = exchange.response, exchange.error
    return (
        replace(exchange.request),
        response and (response.status, response.reason, response.latin, response.body),
        exchange.body_state,
        error and (error.type, re.sub(" at 0x[0-9a-f]+", "", error.message), error.phase, error.kind),
    )


@functools.cache
def system_certificates() -> ssl.SSLContext:
    """A context of TLS with the certificates of the system, which take 20 ms to read."""
    return ssl.create_default_context()


@pytest.fixture
def _one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """httpx reads all certificates of the system for each client."""
    context = system_certificates()
    for module in ("_config", "_transports.default"):
        for library in ("httpx", "httpx2"):
            monkeypatch.setattr(f"{library}.{module}.create_ssl_context", lambda *args, **options: context)


@pytest.mark.usefixtures("_one_tls_context")
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")  # aiohttp
@pytest.mark.parametrize("library", LIBRARIES)
def test_each_library_sees_what_it_saw(captured, server, unused_tcp_port, library) -> None:
    calls = [("GET", server.url + path, None) for path in (*PLAIN, *BROKEN)]
    calls += [("POST", f"{server.url}/ok", make) for make in BODIES.values()]
    calls += [("HEAD", f"{server.url}/ok", None), ("GET", f"http://127.0.0.1:{unused_tcp_port}/", None)]
    calls += [("GET", "http://nowhere.invalid/", None)]
    live = [ended(library, *one) for one in calls]
    recorded = captured.exchanges
    server.close()

    captured.events.clear()
    captured.recorder.answers = engine(recorded)
    received = len(server.received)
    again = [ended(library, *one) for one in calls]

    for asked, before, after in zip(calls, live, again, strict=True):
        assert (asked[1], after) == (asked[1], before)
    assert len(server.received) == received
    (latin,) = (one.response for one in captured.exchanges if one.request.url.endswith("/latin"))
    assert (latin.reason, latin.headers[:2], latin.latin) == ("Où", (("X-A", '"é.txt"'), ("X-B", "é")), ("", "x-a"))
    for before, after in zip(recorded, captured.exchanges, strict=True):
        assert facts(after) == facts(before)
        assert (after.origin.source, after.origin.recorded) == (AnswerSource.RECORDING, before.id)


def raw_of_requests(url: str) -> bytes:
    with requests.get(url, timeout=20, stream=True) as response:
        return response.raw.read()


def raw_of_httpx(url: str) -> bytes:
    with httpx.stream("GET", url, verify=False) as response:
        return b"".join(response.iter_raw())


@pytest.mark.parametrize("read", [raw_of_requests, raw_of_httpx])
def test_who_unpacks_a_body_by_itself_gets_it_packed(captured, server, read) -> None:
    assert read(f"{server.url}/gzip") == SQUEEZED
    captured.recorder.answers = engine(captured.exchanges)
    assert gzip.decompress(read(f"{server.url}/gzip")) == TEXT


def with_trusting_aiohttp(url: str) -> bytes:
    async def ask() -> bytes:
        async with aiohttp.ClientSession(trust_env=True) as session, session.get(url) as response:
            return await response.read()

    return asyncio.run(ask())


@pytest.mark.usefixtures("_one_tls_context")
@pytest.mark.parametrize("library", ["urllib.request", "requests", "httpx", "httpx async", "aiohttp"])
def test_a_replay_needs_no_proxy(captured, monkeypatch, library) -> None:
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", "http://127.0.0.1:1")
    monkeypatch.setattr("urllib.request._opener", None)
    url = "://api.example.com/a"
    made = [Request("GET", scheme + url) for scheme in ("http", "https")]
    answers = [Exchange(1, 1, 1, "", one, 0.0, 1.0, Response(200, "OK", body=b"hello")) for one in made]
    captured.recorder.answers = engine(tuple(answers))
    for one in made:
        ask = with_trusting_aiohttp if library == "aiohttp" else lambda url: call(library, "GET", url)
        assert ask(one.url) == b"hello"
    assert {one.request.url for one in captured.exchanges if one.request.method == "GET"} == {one.url for one in made}


SOCKS = (
    (b"\x05\x01\x02", b"\x05\x02"),
    (b"\x01\x01a\x01b", b"\x01\x00"),
    (b"\x05\x01\x00\x03\x01a\x00\x50", b"\x05\x00\x00\x01" + bytes(6)),
)
"""What httpcore says to a SOCKS proxy with a login, and what that answers."""


def test_a_proxy_of_socks_lets_a_replay_through(captured) -> None:
    stream = PeerStream(captured.recorder, engine(()), httpcore, None)
    for sent, expected in SOCKS:
        stream.write(sent)
        assert stream.read(4096) == expected


@pytest.mark.skipif(not hasattr(httpcore, "MockStream"), reason="this release of httpcore has none")
def test_what_a_proxy_of_socks_says_is_passed_on(captured) -> None:
    network = httpcore.MockStream([answer for _, answer in SOCKS])
    stream = PeerStream(captured.recorder, engine(()), httpcore, None, network)
    for sent, expected in SOCKS:
        stream.write(sent)
        assert stream.read(4096) == expected


def test_sockets_of_gevent_take_the_place_of_pythons(captured, monkeypatch) -> None:
    class Green(socket.socket):
        def __init__(self, *args, **options) -> None:
            super().__init__(*args, **options)
            self.setblocking(False)

        def recv(self, *args) -> bytes:
            raise RuntimeError("it serves the thread that made it")

    request = Request("GET", "http://a.example/")
    captured.recorder.answers = engine((Exchange(1, 1, 1, "", request, 0.0, 1.0, Response(200, "OK", body=b"hello")),))
    monkeypatch.setattr(sockets.socket, "socket", Green)
    with closing(http.client.HTTPConnection("a.example")) as connection:
        connection.connect()
        time.sleep(0.02)  # the other end waits for the request by then
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"hello"


def test_a_socket_has_a_certificate_where_the_recorded_one_had(captured) -> None:
    captured.recorder.answers = engine(())
    plain, secure = http.client.HTTPConnection("a.example"), http.client.HTTPSConnection("a.example")
    for connection in (plain, secure):
        connection.connect()
    assert not hasattr(plain.sock, "getpeercert")  # by which requests-ntlm knows that there is no TLS
    text = ssl.DER_cert_to_PEM_cert(secure.sock.getpeercert(True))
    assert ssl.create_default_context(cadata=text).get_ca_certs()[0]["serialNumber"]
    plain.sock.close()
    secure.sock.close()


def assert_replayed(captured, ask: Callable[[], bytes]) -> None:
    """What it asks of the server it asks of what was recorded of that, with the same end."""
    captured.events.clear()
    captured.recorder.answers = None
    assert ask() == b"ok"
    recorded = captured.exchanges
    captured.events.clear()
    captured.recorder.answers = engine(recorded)
    assert ask() == b"ok"
    assert [facts(one) for one in captured.exchanges] == [facts(one) for one in recorded]
    assert [one.origin.recorded for one in captured.exchanges] == [one.id for one in recorded]


def test_a_request_on_a_connection_that_has_ended(captured, server) -> None:
    """httplib2 keeps a connection whose body was cut, and sends again where it meets the end."""

    def ask() -> bytes:
        with closing(httplib2.Http(timeout=5)) as client:
            with pytest.raises(http.client.IncompleteRead):
                client.request(f"{server.url}/cut-unsaid")
            return client.request(f"{server.url}/ok")[1]

    assert_replayed(captured, ask)


@each_case("method, body", [("GET", None), ("POST", "body")])
def test_a_request_that_cannot_be_sent_on_a_connection_that_was_reset(captured, server, method, body) -> None:
    """httplib2 keeps that connection, too."""

    def ask() -> bytes:
        with closing(httplib2.Http(timeout=5)) as client:
            for error in (ConnectionResetError, BrokenPipeError):
                with pytest.raises(error):
                    client.request(f"{server.url}/cut-reset", method, body)
            return client.request(f"{server.url}/ok")[1]

    assert_replayed(captured, ask)


@each_case(
    "library, number, raised",
    [
        ("http.client", errno.EPIPE, "BrokenPipeError"),
        ("http.client", errno.ECONNRESET, "ConnectionResetError"),
        ("urllib.request", errno.EPIPE, "URLError < BrokenPipeError"),
        ("urllib3", errno.EPIPE, "ProtocolError < RemoteDisconnected"),  # it reads a response all the same
        *[("urllib3", errno.ECONNRESET, "ProtocolError < RemoteDisconnected")][: int(URLLIB3_READS_AFTER_RESET)],
    ],
)
def test_a_first_request_that_cannot_be_sent(captured, library: str, number: int, raised: str) -> None:
    headers = (("Content-Type", "application/x-www-form-urlencoded"),) if library == "urllib.request" else ()
    post = Request("POST", "http://a.example/", headers=headers, body="password=‹password›".encode())
    error = OSError(number, os.strerror(number))
    failed = ExchangeError(type(error).__name__, str(error), "send", FailureKind.DISCONNECTED)
    recorded = Exchange(1, 1, 1, library, post, 0.0, 1.0, error=failed, body_state="cut")
    answered = Exchange(2, 2, 1, library, replace(post, body=b"more"), 0.0, 1.0, Response(200, "OK", body=b"hello"))
    captured.recorder.answers = engine((recorded, answered))
    assert outcome(library, "POST", post.url, b"more").body == b"hello"
    assert outcome(library, "POST", post.url, b"password=first-secret").error == raised
    sent = captured.exchanges[-1]
    assert (sent.origin.recorded, sent.error.type) == (1, raised.rpartition(" ")[2])


@pytest.mark.parametrize("sent", [b"body", b""])
def test_a_request_that_cannot_be_sent_on_a_kept_connection(captured, sent: bytes) -> None:
    """Its head already, or its body."""
    request, error = Request("POST", "http://a.example/", body=b"body"), OSError(errno.EPIPE, "Broken pipe")
    failed = ExchangeError(type(error).__name__, str(error), "send", FailureKind.DISCONNECTED)
    response = Response(200, "OK", headers=(("Content-Length", "2"),), body=b"ok")
    answered = Exchange(1, 1, 1, "http.client", request, 0.0, 1.0, response)
    unsent = replace(answered, id=2, request=replace(request, body=sent), response=None, error=failed)
    captured.recorder.answers = engine((answered, unsent))
    with closing(http.client.HTTPConnection("a.example")) as connection:
        connection.request("POST", "/", b"body")
        assert connection.getresponse().read() == b"ok"
        with pytest.raises(BrokenPipeError):
            connection.request("POST", "/", b"body")
    assert [one.origin.recorded for one in captured.exchanges] == [1, 2]


def test_a_kept_connection_ends_where_the_next_one_was_not_made(captured) -> None:
    request = Request("GET", "http://a.example/")
    refused = ExchangeError("NewConnectionError", "", "connect", FailureKind.REFUSED)
    response = Response(200, "OK", headers=(("Content-Length", "2"),), body=b"ok")
    answered = Exchange(1, 1, 1, "requests", request, 0.0, 1.0, response)
    captured.recorder.answers = engine((answered, replace(answered, id=2, response=None, error=refused)))
    with requests.Session() as session:
        assert session.get(request.url).text == "ok"
        with pytest.raises(requests.ConnectionError, match="Failed to establish a new connection"):
            session.get(request.url)


def test_boto3_waits_for_100_continue(captured, monkeypatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    put = Request("PUT", "http://s3.example.com/b/k", body=b"hello")
    captured.recorder.answers = engine((Exchange(1, 1, 1, "boto3", put, 0.0, 1.0, Response(200, "OK")),))
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url="http://s3.example.com", **keys)
    client.put_object(Bucket="b", Key="k", Body=b"hello")
    assert captured.one.origin.recorded == 1


def test_secrets_whose_names_differ_in_letter_case_alone(captured) -> None:
    bodies = ("user=ada&password=‹password›", "<Login><Password>‹Password›</Password></Login>")
    posts = [Request("POST", "https://api.example.com/login", body=body.encode()) for body in bodies]
    recorded = [Exchange(number, number, 1, "", one, 0.0, 1.0, Response(200)) for number, one in enumerate(posts, 1)]
    captured.recorder.answers = engine(tuple(recorded))
    for body, value in zip(bodies, ("first-secret", "other-secret"), strict=True):
        requests.post(posts[0].url, data=re.sub("‹.*›", value, body))
    assert [one.origin.recorded for one in captured.exchanges] == [1, 2]


def test_what_a_run_sends_and_gets_of_secrets(captured) -> None:
    token = Request(
        "POST",
        "https://api.example.com/token",
        body=b"grant_type=x&client_secret=\xe2\x80\xb9client_secret\xe2\x80\xba",
    )
    given = Response(200, "OK", body='{"access_token": "‹access_token›"}'.encode())
    used = Request("GET", "https://api.example.com/me/‹access_token›?api_key=‹api_key 2›")
    quoted = Response(200, "OK", body='{"authorization": "Bearer ‹Authorization›"}'.encode())
    recorded = [Exchange(1, 1, 1, "", token, 0.0, 1.0, given), Exchange(2, 2, 1, "", used, 0.0, 1.0, quoted)]
    captured.recorder.answers = engine(tuple(recorded))

    got = requests.post(token.url, data=b"grant_type=x&client_secret=of-another-run").json()["access_token"]
    assert got == "made-up-access_token"
    url = f"https://api.example.com/me/{got}?api_key=some-other-key"
    found = requests.get(url, headers={"Authorization": "Bearer abcdefgh12345"}).json()
    assert found == {"authorization": "Bearer abcdefgh12345"}
