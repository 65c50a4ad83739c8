"""What is sent through http.client is captured as the server got it and as it answered, whichever library sent it."""

import asyncio
import http.client
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.error import HTTPError

import boto3
import feedparser
import greenlet
import httpcore
import httpcore2
import httpx
import pytest
import requests
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointResolutionError, ParamValidationError
from botocore.stub import Stubber

from tests.worker.capture.clients import BLOCKING, BODIES, LIBRARIES, call, head_lines
from tests.worker.capture.installed import (
    AIOHTTP_REJECTS_SCHEMES,
    AIOHTTP_TRIES_AGAIN,
    REQUESTS_MISSES_BYTES,
    URLLIB3_WRITES_JSON,
)
from tests.worker.capture.wire_server import LONG, SQUEEZED, TEXT, WireServer
from workbench.domain import FailureKind
from workbench.events import fold
from workbench.worker.capture.bodies.counted_body import BODY_LIMIT


@pytest.fixture
def server() -> Iterator[WireServer]:
    made = WireServer()
    yield made
    made.close()


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")  # aiohttp
def test_each_request_is_as_the_server_got_it(captured, server) -> None:
    asked = []
    for library in BLOCKING:
        asked += [(library, call(library, "GET", f"{server.url}/ok", None))]
        asked += [(library, call(library, "POST", f"{server.url}/ok", make())) for make in BODIES.values()]

    assert all(body == b"ok" for _, body in asked)
    assert len(captured.exchanges) == len(server.received) == len(asked)
    for (library, _), one, (head, body) in zip(asked, captured.exchanges, server.received, strict=True):
        line, headers = head_lines(head)
        assert one.library == library.removesuffix(" async")
        assert f"{one.request.method} /ok HTTP/{one.request.http_version}" == line
        assert one.request.url == f"{server.url}/ok"
        assert list(one.request.headers) == headers
        assert (one.request.body, one.request.size) == (body[:BODY_LIMIT], len(body))
        assert (one.response.status, one.response.reason) == (200, "Fine")
        assert one.response.headers == (("X-Own", "a"), ("x-own", "café"), ("Content-Length", "2"))
        assert (one.response.body, one.body_state, one.error) == (b"ok", "complete", None)
        assert one.call_site.file.endswith("clients.py")


def test_the_bodies_that_requests_makes(captured, server) -> None:
    with requests.Session() as session:
        session.post(server.url, json={"a": "ä"})
        session.post(server.url, data={"a": "b c"})
        session.post(server.url, data={"a": "b"}, files={"file": ("f.txt", b"content")})

    assert [one.request.body for one in captured.exchanges] == [body for _, body in server.received]
    assert [one.reused for one in captured.exchanges] == [False, True, True]


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_response_is_as_the_server_sent_it(captured, server, library) -> None:
    plain = {"/empty": b"", "/none": b"", "/chunked": b"abcde", "/until-close": b"all of it", "/continue": b"ok"}
    for path, body in plain.items():
        assert call(library, "GET", server.url + path) == body
    assert call(library, "HEAD", f"{server.url}/ok") == b""
    squeezed = call(library, "GET", f"{server.url}/gzip")
    assert squeezed == (SQUEEZED if library in ("http.client", "urllib.request") else TEXT)

    *seen, head, gzip = captured.exchanges
    assert [one.response.body for one in seen] == list(plain.values())
    assert {one.body_state for one in captured.exchanges} == {"complete"}
    assert [one.response.status for one in captured.exchanges] == [200, 204, 200, 200, 200, 200, 200]
    assert seen[-1].response.headers[0] == ("X-Own", "a"), "the headers after 100 Continue"
    assert (head.response.body, head.response.headers[-1]) == (b"", ("Content-Length", "2"))
    assert (gzip.response.body, gzip.response.size, gzip.response.raw_size) == (TEXT, len(TEXT), len(SQUEEZED))


@pytest.mark.parametrize("library", [name for name in BLOCKING if name != "http.client"])
def test_redirects_are_attempts_of_one_group(captured, server, library) -> None:
    assert call(library, "GET", f"{server.url}/moved") == b"ok"

    assert [(one.group, one.attempt, one.response.status) for one in captured.exchanges] == [(1, 1, 302), (1, 2, 200)]
    assert [one.request.url for one in captured.exchanges] == [f"{server.url}/moved", f"{server.url}/ok"]


FAILURES = {
    "/dropped": ("wait", FailureKind.DISCONNECTED),
    "/not-http": ("wait", FailureKind.NOT_HTTP),
    "/never": ("wait", FailureKind.TIMEOUT),
    "/cut": ("receive", FailureKind.CUT),
    "/cut-chunk": ("receive", FailureKind.CUT),
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_failure_is_one_exchange(captured, server, certificate, unused_tcp_port, library) -> None:
    cases = {server.url + path: expected for path, expected in FAILURES.items()}
    cases[f"http://127.0.0.1:{unused_tcp_port}/"] = ("connect", FailureKind.REFUSED)
    cases["http://nowhere.invalid/"] = ("dns", FailureKind.NAME_NOT_FOUND)
    if library not in ("http.client", "urllib.request"):
        cases[f"{server.url}/undecodable"] = ("receive", FailureKind.UNDECODABLE)
    for url in cases:
        if url.endswith("/cut") and library == "requests" and not REQUESTS_MISSES_BYTES:
            assert call(library, "GET", url, None, 0.2) == b"half"
            continue
        with pytest.raises(Exception):  # noqa: B017 - each library has its own
            call(library, "GET", url, None, 0.2)

    seen = {one.request.url: one for one in captured.exchanges}
    assert {url: (one.error.phase, one.error.kind) for url, one in seen.items()} == cases
    if not library.endswith(" async"):  # which looks names up in a thread of its own
        assert seen["http://nowhere.invalid/"].timings.dns is not None
    unread = seen[f"{server.url}/not-http"]
    assert (unread.body_state, unread.response.status) == ("unparsed", 0)
    assert unread.response.body.startswith(b"220 ready\r\n")  # http.client reads no further
    # which try again by themselves where no proper status line came
    silent = {"httplib2": 2, "aiohttp": int(AIOHTTP_TRIES_AGAIN)}
    assert len(captured.exchanges) == len(cases) + silent.get(library, 0)


def test_a_request_that_a_library_rejects_is_an_exchange(captured) -> None:
    silent = {"http.client"} if AIOHTTP_REJECTS_SCHEMES else {"http.client", "aiohttp"}
    urls = {library: f"nope://127.0.0.1/{library[-5:]}" for library in BLOCKING if library not in silent}
    for library, url in urls.items():
        with pytest.raises(Exception):  # noqa: B017 - each library has its own
            call(library, "GET", url)

    assert [one.request.url for one in captured.exchanges] == list(urls.values())
    for one in captured.exchanges:
        assert (one.error.phase, one.error.kind, one.request.method) == ("request", FailureKind.INVALID_REQUEST, "GET")
        assert one.call_site.file.endswith("clients.py")


def test_what_a_library_rejects_before_a_connection_is_an_exchange_once(captured) -> None:
    plain = {"url": "/a b"}, {"url": "/h", "headers": {"X-Own": "a\nb"}}, {"url": "/t", "body": "\N{SNOWMAN}"}
    host = "127.0.0.1:9"
    rejected = [partial(http.client.HTTPConnection(host).request, "POST", **each) for each in plain]
    if URLLIB3_WRITES_JSON:
        pool = urllib3.HTTPConnectionPool("127.0.0.1", 9)
        rejected += [partial(urllib3.request, "POST", f"http://{host}/m", json=object())]
        rejected += [partial(pool.request, "POST", "/p", json=object())]
    rejected += [
        partial(urllib.request.urlopen, f"http://{host}/u v", b""),
        partial(requests.post, f"http://{host}/r", headers={"X-Own": "a\nb"}),
    ]
    for each in rejected:
        with pytest.raises(Exception):  # noqa: B017 - each library has its own
            each()
    with pytest.raises(OSError):
        http.client.HTTPConnection(host).request("GET", "/connects")

    names = ["http.client"] * 3 + ["urllib3"] * 2 * URLLIB3_WRITES_JSON + ["urllib.request", "requests", "http.client"]
    paths = ["/a b", "/h", "/t", *["/m", "/p"] * URLLIB3_WRITES_JSON, "/u v", "/r", "/connects"]
    assert [(one.library, one.request.url) for one in captured.exchanges] == [
        (name, f"http://{host}{path}") for name, path in zip(names, paths, strict=True)
    ]
    for one in captured.exchanges[:-1]:
        assert (one.error.phase, one.error.kind, one.request.method) == ("request", FailureKind.INVALID_REQUEST, "POST")
        assert one.call_site.function == "test_what_a_library_rejects_before_a_connection_is_an_exchange_once"
    assert captured.exchanges[-1].error.kind is FailureKind.REFUSED


def test_a_pool_without_a_free_connection(captured, server) -> None:
    pool = urllib3.HTTPConnectionPool(*server.url.removeprefix("http://").split(":"), maxsize=1, block=True)
    response = pool.request("GET", "/ok", preload_content=False)
    with pytest.raises(urllib3.exceptions.EmptyPoolError):
        pool.request("GET", "/none", pool_timeout=0.01)
    response.close()

    first, second = captured.exchanges
    assert first.error is None
    assert (second.error.phase, second.error.kind) == ("connect", FailureKind.TIMEOUT)
    assert second.request.url == f"{server.url}/none"


def test_a_body_that_the_integration_fails_to_make(captured, server) -> None:
    with pytest.raises(ZeroDivisionError):
        requests.post(f"{server.url}/ok", data=(1 // 0 for _ in range(1)), timeout=5)

    assert (captured.one.error.phase, captured.one.error.kind) == ("send", FailureKind.OTHER)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_certificate_that_nobody_vouches_for(captured, server, certificate, library) -> None:
    base = server.secure(certificate[0])
    with pytest.raises(Exception):  # noqa: B017
        call(library, "GET", f"{base}/ok")

    assert (captured.one.error.phase, captured.one.error.kind) == ("tls", FailureKind.CERTIFICATE)
    assert captured.one.request.url == f"{base}/ok"
    assert captured.one.timings.connect is not None


def test_tls_and_its_time(captured, server, certificate) -> None:
    base = server.secure(certificate[0])
    assert requests.get(f"{base}/ok", verify=certificate[1], timeout=5).content == b"ok"

    assert captured.one.request.url == f"{base}/ok"
    assert captured.one.timings.tls is not None


def test_retries_are_attempts_of_one_group(captured, server) -> None:
    with (
        urllib3.PoolManager(retries=urllib3.Retry(2, backoff_factor=0)) as pool,
        pytest.raises(urllib3.exceptions.HTTPError),
    ):
        pool.request("GET", f"{server.url}/dropped")

    assert [(one.group, one.attempt, one.error.phase) for one in captured.exchanges] == [
        (1, 1, "wait"),
        (1, 2, "wait"),
        (1, 3, "wait"),
    ]


def test_boto3_sends_and_tries_again(captured, server, monkeypatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    options = Config(retries={"max_attempts": 2, "mode": "standard"})
    client = boto3.client("s3", endpoint_url=server.url, config=options, **keys)
    client.put_object(Bucket="b", Key="k", Body=b"hello")  # with Expect: 100-continue
    with pytest.raises(Exception):  # noqa: B017
        client.get_object(Bucket="b", Key="dropped")

    put, *tries = captured.exchanges
    assert (put.library, put.request.body, put.request.url) == ("boto3", b"hello", f"{server.url}/b/k")
    assert list(put.request.headers) == head_lines(server.received[0][0])[1]
    assert {one.group for one in tries} == {2}
    assert put.call_site.function == "test_boto3_sends_and_tries_again"


def test_asynchronous_httpx_rejects_a_body(captured, server) -> None:
    async def ask() -> None:
        async with httpx.AsyncClient() as client:
            await client.post(f"{server.url}/ok", content=iter([b"not asynchronous"]))

    with pytest.raises(RuntimeError):
        asyncio.run(ask())
    assert (captured.one.library, captured.one.request.url) == ("httpx", f"{server.url}/ok")
    assert (captured.one.error.type, captured.one.error.phase) == ("RuntimeError", "request")
    assert captured.one.call_site.function.endswith("<locals>.ask")


def test_boto3_rejects_parameters(captured, server) -> None:
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    client = boto3.client("sqs", endpoint_url=server.url, **keys)
    storage = boto3.client("s3", endpoint_url=server.url, **keys)
    stub = Stubber(client)
    stub.add_client_error("list_queues", "AccessDenied")
    with pytest.raises((ParamValidationError, EndpointResolutionError)):  # the second before 1.36
        storage.put_object(Bucket="b", Key=5)
    with pytest.raises(ParamValidationError):
        storage.get_object(Bucket="b")
    with stub, pytest.raises(ClientError):
        client.list_queues()  # a response without a request is not one that is rejected

    assert server.received == []
    of_type, missing = captured.exchanges
    assert (of_type.library, of_type.request.method, of_type.request.url) == ("boto3", "PUT", f"{server.url}/b/5")
    assert (missing.request.method, missing.request.url) == ("GET", f"{server.url}/b/{{Key}}")
    error = missing.error
    assert (error.type, error.phase, error.kind) == ("ParamValidationError", "request", FailureKind.INVALID_REQUEST)
    assert missing.call_site.function == "test_boto3_rejects_parameters"


@pytest.mark.parametrize("edition", [httpcore, httpcore2])
def test_httpcore_without_httpx(captured, server, edition) -> None:
    async def ask() -> bytes:
        async with edition.AsyncConnectionPool() as pool:
            return (await pool.request("POST", f"{server.url}/gzip", content=b"body", headers={"x-OWN": "1"})).content

    with edition.ConnectionPool() as pool:
        pool.request("POST", f"{server.url}/gzip", content=b"body", headers={"x-OWN": "1"})
    asyncio.run(ask())
    for one, (head, body) in zip(captured.exchanges, server.received, strict=True):
        assert (one.library, list(one.request.headers)) == (edition.__name__, head_lines(head)[1])
        assert (one.request.body, body) == (b"body", b"body")
        assert (one.response.body, one.response.raw_size) == (TEXT, len(SQUEEZED))
        assert one.call_site.file == __file__


def test_feedparser_is_named(captured, server) -> None:
    feedparser.api.parse(f"{server.url}/ok")
    assert captured.one.library == "feedparser"


def test_work_in_other_threads_belongs_to_the_line_that_gave_it(captured, server) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(requests.get, [f"{server.url}/ok", f"{server.url}/chunked"]))  # the pool
    thread = threading.Thread(target=requests.get, args=(f"{server.url}/ok",))
    thread.start()  # the thread
    thread.join()

    lines = [one.call_site.source.strip() for one in captured.exchanges]
    assert all(line.endswith("# the pool") for line in lines[:2])
    assert lines[2] == "thread.start()  # the thread"
    assert {one.group for one in captured.exchanges} == {1, 2, 3}


def test_greenlets_that_take_turns_within_their_calls(captured, server) -> None:
    class Waits(requests.adapters.HTTPAdapter):
        def send(self, *args: object, **options: object) -> requests.Response:
            main.switch()
            return super().send(*args, **options)

    def ask() -> None:
        with requests.Session() as session:
            session.mount("http://", Waits())
            session.get(f"{server.url}/ok")

    main = greenlet.getcurrent()
    both = greenlet.greenlet(ask), greenlet.greenlet(ask)
    for one in both * 2:
        one.switch()

    assert [(one.group, one.attempt, one.library) for one in captured.exchanges] == [
        (1, 1, "requests"),
        (2, 1, "requests"),
    ]


def test_a_body_that_is_streamed_arrives_in_pieces_and_costs_little(captured, server) -> None:
    size, most = 0, 0
    with requests.get(f"{server.url}/long", stream=True, timeout=5) as response:
        for piece in response.iter_content(1 << 20):
            size += len(piece)
            most = max(most, len(captured.exchanges[0].response.body))

    assert size == captured.one.response.size == LONG
    assert most == BODY_LIMIT
    assert captured.one.body_state == "complete"


def test_a_body_that_is_closed_early(captured, server) -> None:
    with requests.get(f"{server.url}/chunked", stream=True, timeout=5) as response:
        assert next(response.iter_content(2)) == b"ab"

    assert (captured.one.body_state, captured.one.response.body, captured.one.error) == ("abandoned", b"ab", None)


def test_an_error_that_is_the_response(captured, server) -> None:
    with pytest.raises(HTTPError) as raised:
        urllib.request.urlopen(f"{server.url}/gone", timeout=5)
    assert raised.value.read() == b"gone"

    assert (captured.one.body_state, captured.one.response.body, captured.one.error) == ("complete", b"gone", None)


def test_a_line_of_a_body_that_does_not_come(captured, server) -> None:
    with urllib.request.urlopen(f"{server.url}/stalled-chunk", timeout=0.1) as response, pytest.raises(TimeoutError):
        response.readline()  # which looks ahead

    assert (captured.one.response.body, captured.one.error.kind) == (b"he", FailureKind.TIMEOUT)


def test_a_connection_is_reused_by_hand(captured, server) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
    connection.connect()
    for path in ("/ok", "/chunked"):
        connection.request("GET", path)
        connection.getresponse().read()
    connection.close()

    assert [(one.reused, one.request.url) for one in captured.exchanges] == [
        (False, f"{server.url}/ok"),
        (True, f"{server.url}/chunked"),
    ]


def test_a_body_that_comes_long_after_its_head(captured, server, monkeypatch) -> None:
    monkeypatch.setattr("workbench.worker.capture.recorder._LATE", 0.0)
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
    for _ in range(4):
        connection.putrequest("POST", "/ok")
        connection.putheader("Content-Length", "3")
        connection.endheaders()
        captured.when_looking()
        connection.send(b"abc")
        connection.getresponse().read()
    connection.close()

    assert [(one.request.body, one.response.body) for one in captured.exchanges] == [(b"abc", b"ok")] * 4


def test_the_first_request_of_a_connection_fails_without_a_cause_of_ours(captured, unused_tcp_port) -> None:
    with pytest.raises(ConnectionRefusedError) as raised:
        http.client.HTTPConnection("127.0.0.1", unused_tcp_port).request("GET", "/")
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert captured.one.error.kind is FailureKind.REFUSED


def test_a_class_that_connects_by_itself(captured, server, unused_tcp_port) -> None:
    class Own(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = socket.create_connection((self.host, self.port))

    connection = Own(server.url.removeprefix("http://"))
    connection.request("GET", "/ok")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        Own("127.0.0.1", unused_tcp_port).request("GET", "/")

    assert fold(captured.events).uncaptured == ()
    answered, refused = captured.exchanges
    assert (answered.response.body, answered.error) == (b"ok", None)
    assert answered.timings.connect is not None
    assert (refused.error.phase, refused.error.kind) == ("connect", FailureKind.REFUSED)


def test_a_proxy_is_asked_for_a_tunnel_first(captured, server) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
    connection.set_tunnel("api.example.com", 443)
    connection.request("GET", "/ok")
    assert connection.getresponse().read() == b"ok"
    connection.close()

    tunnel, request = captured.exchanges
    assert (tunnel.request.method, tunnel.request.url) == ("CONNECT", "https://api.example.com/")
    assert (tunnel.response.status, tunnel.body_state) == (200, "complete")
    assert (request.request.url, request.response.body) == ("https://api.example.com/ok", b"ok")


@pytest.mark.parametrize("library", [name for name in BLOCKING if name != "aiohttp"])
def test_a_capture_that_fails_is_noted_and_the_request_goes_on(captured, server, monkeypatch, library) -> None:
    def broken(*args: object, **options: object) -> None:
        raise ZeroDivisionError("no capture today")

    monkeypatch.setattr("workbench.worker.capture.http_client.requests.url_of", broken)
    monkeypatch.setattr("workbench.worker.capture.http_client.connections.url_of", broken)
    monkeypatch.setattr("workbench.events.http_heads.request_head", broken)
    monkeypatch.setattr("workbench.events.http_heads.response_head", broken)
    monkeypatch.setattr("workbench.worker.capture.httpcore.plain_requests.Passage", broken)
    monkeypatch.setattr("workbench.worker.capture.httpcore.plain_requests.end_of_head", broken)
    assert call(library, "POST", f"{server.url}/ok", b"body") == b"ok"

    assert captured.notes
    assert all("no capture today" in note for note in captured.notes)
    captured.events.clear()  # the fixture wants no failures left


IMPORTS = """
import sys
before = set(sys.modules)
from workbench.worker.capture import Capture, Recorder
from workbench.worker.channel import Channel
from workbench.worker.source import OwnCode
Capture(Recorder(Channel(1), OwnCode())).install(strict=True)
assert not {"requests", "urllib3", "httplib2", "botocore", "httpx", "httpcore", "grpc"} & set(sys.modules)
import httplib2, requests
assert "workbench" in requests.Session.send.__code__.co_filename
assert "workbench" in httplib2.Http.request.__code__.co_filename
print(requests.sessions.__loader__.__class__.__name__)
"""


def test_libraries_are_hooked_when_they_are_imported(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("SourceFileLoader\n", "")


def test_a_body_in_pieces_on_a_connection_that_is_used_again(captured, server) -> None:
    """The head leaves with the first piece there."""
    with httpx.Client(verify=False) as client:  # which reads no certificates
        client.get(f"{server.url}/ok")
        client.post(f"{server.url}/ok", content=iter([b"one ", b"two ", b"three"]))
    last = captured.exchanges[-1]
    assert (last.request.method, last.request.body, last.reused) == ("POST", b"one two three", True)
