"""Rules, through each library: what they do to a real server's answers and to recorded ones."""

import _thread
import asyncio
import gc
import gzip
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import aiohttp
import httplib2
import httpx
import pytest
import requests

from tests.worker.capture.clients import LIBRARIES, call
from tests.worker.capture.installed import HTTPX_HAS_PROXIES_OF_TLS, REQUESTS_MISSES_BYTES
from tests.worker.capture.proxy_server import ProxyServer
from tests.worker.capture.test_proxies import ask
from tests.worker.peer.test_libraries import Seen, _one_tls_context, engine, outcome, server
from workbench.answers.rule_answers import own_answer
from workbench.domain import AnswerSource, FailureKind, OnUnmatched, Replacement, Rule, RuleAction, RuleMatch

__all__ = ["_one_tls_context", "server"]

pytestmark = pytest.mark.usefixtures("_one_tls_context")
API = "https://api.example.com/v1/things"


def ruled(captured, *rules: Rule, source: AnswerSource = AnswerSource.LIVE, recorded=()) -> None:
    captured.recorder.answers = engine(recorded, rules=rules, source=source, note=captured.recorder.note)


def rule(action: RuleAction, host: str = "", path: str = "", nth: int | None = None, after: int = 0, **more) -> Rule:
    return Rule(str(action), action, RuleMatch("", host, path, nth=nth, after=after), **more)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_host_is_forwarded_to_a_local_server_with_tls_or_without(captured, server, certificate, library) -> None:
    ruled(captured, rule(RuleAction.FORWARD, "api.example.com", base_url=f"{server.url}/mock"))
    assert call(library, "POST", API, b"body") == b"ok"
    base = server.secure(certificate[0])
    ruled(captured, rule(RuleAction.FORWARD, "api.example.*", base_url=base))
    assert call(library, "GET", API) == b"ok"

    (head, body), (second, _) = server.received
    assert head.startswith(b"POST /mock/v1/things HTTP/1.1\r\n")
    assert (body, second.split()[1]) == (b"body", b"/v1/things")
    assert [one.request.url for one in captured.exchanges] == [API, API]
    assert [one.response.reason for one in captured.exchanges] == ["Fine", "Fine"]
    assert {(one.origin.rule, one.origin.source) for one in captured.exchanges} == {("forward", AnswerSource.LIVE)}


def test_a_local_server_that_keeps_connections_open_gets_each_request_of_a_client(captured, server) -> None:
    """Though it was asked to close them: httplib2 would send the second to a connection that is closed."""
    ruled(captured, rule(RuleAction.FORWARD, "api.example.com", base_url=server.url))
    client = httplib2.Http(timeout=20)
    assert [client.request(API)[1] for _ in range(2)] == [b"ok", b"ok"]
    client.close()


@pytest.mark.parametrize("library", ["requests", "aiohttp", "httpx", "httpx async"])
def test_a_server_that_takes_one_connection_gets_the_request_on_it(captured, library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:

        def serve() -> bytes:
            connection, _ = listener.accept()
            with connection:
                head = connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            return head

        served = pool.submit(serve)
        ruled(captured, rule(RuleAction.FORWARD, base_url=f"http://127.0.0.1:{listener.getsockname()[1]}"))
        assert call(library, "GET", API) == b"ok"
        assert served.result().startswith(b"GET /v1/things HTTP/1.1\r\n")


def test_a_forwarded_request_goes_on_without_what_was_for_its_own_connection(captured, server) -> None:
    ruled(captured, rule(RuleAction.FORWARD, "api.example.com", base_url=server.url))
    headers = {"Content-Encoding": "gzip", "Expect": "100-continue", "X-Own": "1"}
    assert requests.post(API, data=gzip.compress(b"packed"), headers=headers, timeout=20).content == b"ok"
    [(head, body)] = server.received
    assert body == b"packed", "as it is recorded"
    assert b"\r\nContent-Length: 6\r\n" in head
    assert b"\r\nX-Own: 1\r\n" in head
    assert (b"Content-Encoding" in head, b"Expect" in head) == (False, False)


def test_a_connection_behind_a_rule_ends_where_the_server_closes_it(captured, server) -> None:
    """While no request is under way, so that the library finds that out before it sends the next."""
    ruled(captured, rule(RuleAction.DELAY, seconds=0))
    connection = http.client.HTTPConnection(*server.url.removeprefix("http://").split(":"), timeout=20)
    connection.request("GET", "/closes")
    assert connection.getresponse().read() == b"ok"
    assert connection.sock.recv(1) == b""
    connection.close()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_thread_waits_for_a_connection_that_nobody_closes(captured, monkeypatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(
        "workbench.worker.peer.http_client.connections.start_new_thread",
        lambda serve, args: _thread.start_new_thread(lambda: (serve(*args), ended.set()), ()),
    )
    ruled(captured, rule(RuleAction.RESPOND, "api.example.com", body=b"ruled"), source=AnswerSource.RECORDING)
    connection = http.client.HTTPConnection("api.example.com", timeout=20)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ruled"
    assert not ended.is_set()
    del connection
    gc.collect()
    assert ended.wait(15)


@pytest.mark.parametrize("path", ["/never", "/stalled"])
async def test_httpx_waits_for_a_forwarded_server_as_long_as_it_may(server, captured, path) -> None:
    ruled(captured, rule(RuleAction.FORWARD, "api.example.com", base_url=server.url))
    url, limits = f"https://api.example.com{path}", httpx.Timeout(30, read=0.05)
    with httpx.Client(timeout=limits) as client, pytest.raises(httpx.ReadTimeout):
        client.get(url)
    async with httpx.AsyncClient(timeout=limits) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(url)
    assert [one.error.kind for one in captured.exchanges] == [FailureKind.TIMEOUT] * 2


async def test_no_thread_waits_for_a_forwarded_response_that_aiohttp_has_closed(server, captured) -> None:
    ruled(captured, rule(RuleAction.FORWARD, "api.example.com", base_url=server.url))
    async with (
        aiohttp.ClientSession() as session,
        session.get("https://api.example.com/stalled") as response,
    ):
        assert await response.content.readany() == b"half"
        await asyncio.sleep(0.2)  # time for the thread to wait for the next piece
    deadline = time.monotonic() + 15  # the server is silent for longer
    while captured.recorder.answers.in_flight._count and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    assert captured.recorder.answers.in_flight._count == 0


async def test_no_thread_waits_for_a_forwarded_response_that_came_too_late(captured) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ruled(captured, rule(RuleAction.FORWARD, base_url=f"http://127.0.0.1:{listener.getsockname()[1]}"))
        async with aiohttp.ClientSession() as session:
            with pytest.raises(TimeoutError):
                await session.get(API, timeout=aiohttp.ClientTimeout(0.05))
        with listener.accept()[0] as connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            connection.settimeout(15)
            received = await asyncio.to_thread(lambda: b"".join(iter(partial(connection.recv, 65_536), b"")))
            assert received.startswith(b"GET ")


async def test_a_forwarded_response_is_closed_while_its_next_piece_is_awaited(server, captured) -> None:
    ruled(captured, rule(RuleAction.FORWARD, "api.example.com", base_url=server.url))
    url = "https://api.example.com/stalled"
    async with httpx.AsyncClient(timeout=30) as client, client.stream("GET", url) as response:
        pieces = response.aiter_raw()
        assert await anext(pieces) == b"half"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(pieces)
    assert captured.one.body_state == "abandoned"


def test_a_forward_of_one_request_counts_where_its_server_does_not_run(unused_tcp_port) -> None:
    forward = rule(RuleAction.FORWARD, nth=1, base_url=f"http://127.0.0.1:{unused_tcp_port}")
    made = engine((), rules=(forward,), source=AnswerSource.LIVE)
    assert [made.unforwarded("GET", API) is None for _ in range(2)] == [False, True]


def test_a_rule_for_one_request_is_for_one_of_many_threads(monkeypatch) -> None:
    """Each waits for another one while it looks at the rule, so that both see it where they can."""
    both = threading.Barrier(2)

    def slow(found: Rule) -> object:
        with suppress(threading.BrokenBarrierError):
            both.wait(0.2)
        return own_answer(found)

    made = engine((), rules=(rule(RuleAction.FAIL, nth=1, failure=FailureKind.REFUSED),), source=AnswerSource.LIVE)
    monkeypatch.setattr("workbench.worker.peer.engine.own_answer", slow)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: made.unconnected("GET", API), range(2)))
    assert sorted(reply is None for reply in found) == [False, True]


@pytest.mark.parametrize("library", LIBRARIES)
def test_answers_that_a_rule_gives(captured, library) -> None:
    ruled(
        captured,
        rule(
            RuleAction.RESPOND, "api.example.com", "/v1/*", nth=1, status=201, body=b'{"a": 1}', headers=(("X-A", "b"),)
        ),
        rule(RuleAction.RATE_LIMIT, after=1, seconds=7),
        rule(RuleAction.RESPOND, path="/none", status=204),
    )
    assert call(library, "GET", API) == b'{"a": 1}'
    outcome(library, "GET", API)
    first, second = captured.exchanges
    assert (first.response.status, first.response.reason) == (201, "Created")
    assert {("X-A", "b"), ("Content-Type", "application/json")} <= set(first.response.headers)
    assert (second.response.status, dict(second.response.headers)["Retry-After"]) == (429, "7")
    assert [one.origin.rule for one in captured.exchanges] == ["respond", "rate-limit"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_failure_looks_like_a_real_one(captured, server, certificate, unused_tcp_port, library) -> None:
    real = {
        FailureKind.NAME_NOT_FOUND: "http://nowhere.invalid/",
        FailureKind.REFUSED: f"http://127.0.0.1:{unused_tcp_port}/",
        FailureKind.DISCONNECTED: f"{server.url}/reset",
        FailureKind.TIMEOUT: f"{server.url}/never",
        FailureKind.CUT: f"{server.url}/cut",
    }
    limits = {FailureKind.TIMEOUT: 0.3}  # all others have time
    live = {kind: outcome(library, "GET", url, timeout=limits.get(kind, 20)) for kind, url in real.items()}
    live[FailureKind.CERTIFICATE] = outcome(library, "GET", server.secure(certificate[0]))
    told = {one.error.kind: (one.error.type, one.error.phase) for one in captured.exchanges}
    captured.events.clear()

    for kind, expected in live.items():
        ruled(captured, rule(RuleAction.FAIL, failure=kind))
        url = API if kind is FailureKind.CERTIFICATE else API.replace("https", "http")
        found = outcome(library, "GET", url, timeout=limits.get(kind, 20))
        assert (kind, found.error) == (kind, expected.error)
    assert {one.error.kind: (one.error.type, one.error.phase) for one in captured.exchanges} == told
    assert {one.origin.rule for one in captured.exchanges} == {"fail"}

    for kind in (FailureKind.NAME_NOT_FOUND, FailureKind.REFUSED):  # of a server that does not run
        captured.events.clear()
        ruled(captured, rule(RuleAction.FORWARD, base_url=real[kind]))
        found = outcome(library, "GET", API.replace("https", "http"))
        assert (kind, found.error) == (kind, live[kind].error)
        forwarded = captured.exchanges[-1]
        assert (forwarded.error.type, forwarded.error.phase, forwarded.origin.rule) == (*told[kind], "forward")
        assert all("forwards to" in note for note in captured.notes)
        assert captured.notes
    captured.events.clear()


def test_early_releases_of_httpcore_let_an_error_of_tls_pass_as_it_is(captured, monkeypatch) -> None:
    monkeypatch.setattr("httpcore.__version__", "1.0.5")
    ruled(captured, rule(RuleAction.FAIL, failure=FailureKind.CERTIFICATE))
    assert outcome("httpx async", "GET", API) == Seen(error="SSLCertVerificationError")


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("source", list(AnswerSource))
def test_answers_that_a_rule_changes(captured, server, library, source) -> None:
    url = f"{server.url}/ok"
    assert call(library, "GET", url) == b"ok"
    recorded = captured.exchanges * 2
    ruled(captured, rule(RuleAction.TRUNCATE, length=1, nth=1), source=source, recorded=recorded)
    cut = outcome(library, "GET", url)
    assert cut != Seen(b"ok")
    assert call(library, "GET", url) == b"ok", "the second is another"
    assert (captured.exchanges[1].response.body, captured.exchanges[1].error.kind) == (b"o", FailureKind.CUT)

    # for the clock of the event loop, which is not that of a worker here
    waits = source is AnswerSource.LIVE or library == "aiohttp" or library.endswith(" async")
    seconds = 0.15 if waits else 15
    ruled(captured, rule(RuleAction.DELAY, seconds=seconds), source=source, recorded=recorded)
    before = time.monotonic()
    assert call(library, "GET", url, timeout=20) == b"ok"
    assert (time.monotonic() - before >= seconds) is waits


def test_a_head_in_utf_8_stays_as_it_is_where_a_value_is_replaced(captured, server) -> None:
    replaced = rule(RuleAction.REPLACE, pointer="/a", replacement=Replacement.NULL)
    captured.recorder.answers = engine((), rules=(replaced,), on_unmatched=OnUnmatched.LIVE)
    assert call("requests", "GET", f"{server.url}/utf-8") == b'{"a": null}'
    assert (captured.one.response.reason, dict(captured.one.response.headers)["X-A"]) == ("Où", "é")


def test_a_value_is_replaced_in_the_answer(captured, server) -> None:
    body = json.dumps({"items": [{"id": 1}]}).encode()
    ruled(
        captured,
        rule(RuleAction.REPLACE, pointer="/x", replacement=Replacement.NULL),
    )
    assert call("requests", "GET", f"{server.url}/ok") == b"ok", "no JSON, left alone"
    assert captured.notes[-1].endswith("/ok: its body is not JSON, or has no value at /x.")
    ruled(captured, rule(RuleAction.RESPOND, body=body))
    call("requests", "GET", API)
    recorded = captured.exchanges[-1:]
    ruled(
        captured,
        rule(RuleAction.REPLACE, pointer="/items/0/id", replacement=Replacement.OTHER_TYPE),
        source=AnswerSource.RECORDING,
        recorded=recorded,
    )
    assert json.loads(call("aiohttp", "GET", API)) == {"items": [{"id": "text"}]}
    assert captured.exchanges[-1].origin.recorded == recorded[0].id


def unchecked(library: str, url: str, proxy: str) -> bytes:
    """The body, whatever the certificates of the server and of its proxy are."""
    if library == "requests":
        return requests.get(url, proxies={"https": proxy}, verify=False, timeout=20).content
    if library == "httpx":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with pytest.MonkeyPatch.context() as patch:  # of what the fixture has put there
            patch.setattr("httpx._transports.default.create_ssl_context", lambda *args, **options: context)
            through = httpx.Proxy(proxy, ssl_context=context if proxy.startswith("https") else None)
            with httpx.Client(verify=False, proxy=through) as client:
                return client.get(url).content

    async def ask_aiohttp() -> bytes:
        async with aiohttp.ClientSession() as session, session.get(url, proxy=proxy, ssl=False) as response:
            body = await response.read()
        for transport in list(asyncio.get_running_loop()._transports.values()):
            transport.abort()  # aiohttp does not wait until TLS has ended
        await asyncio.sleep(0)
        return body

    return asyncio.run(ask_aiohttp())


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("library", ["requests", "httpx", "aiohttp"])
@pytest.mark.parametrize("of_tls", [True, False])
def test_a_rule_leaves_the_connection_to_the_library(captured, server, certificate, library, of_tls) -> None:
    """Its proxy, with TLS or without, and its choice to accept any certificate."""
    if library == "httpx" and not HTTPX_HAS_PROXIES_OF_TLS:
        pytest.skip("this release of httpx takes its proxies in another way")
    if library == "requests" and of_tls and not REQUESTS_MISSES_BYTES:
        pytest.skip("urllib3 1 itself fails there")
    server.secure(certificate[0])
    proxy = ProxyServer(server.url, certificate[0] if of_tls else None)
    ruled(captured, rule(RuleAction.DELAY, seconds=0.001), rule(RuleAction.RESPOND, path="/never"))
    url = f"{'https' if of_tls else 'http'}://ada:p%40ss@{proxy.address}"
    assert unchecked(library, API, url) == b"ok"
    proxy.close()
    assert proxy.asked == ["CONNECT api.example.com:443"]
    assert b"Proxy-Authorization: Basic YWRhOnBAc3M=" in proxy.heads[0]
    found = next(each for each in captured.exchanges if each.request.method == "GET")
    assert (found.proxy, found.origin.rule, found.error) == (proxy.address, "delay", None)


@pytest.mark.parametrize("library", ["urllib.request", "requests", "httpx", "aiohttp"])
def test_a_rule_for_a_host_holds_behind_the_proxy_of_the_environment(captured, server, monkeypatch, library) -> None:
    """Which without TLS is one connection for all hosts."""
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setattr("urllib.request._opener", None)
    ruled(captured, rule(RuleAction.RESPOND, "api.example.com", status=200, body=b"ruled"))
    with requests.Session() as session:
        for host, body in (("other.example.com", b"ok"), ("api.example.com", b"ruled"), ("other.example.com", b"ok")):
            url = f"http://{host}/ok"
            assert (session.get(url).content if library == "requests" else ask(library, url)) == body
    assert [head.split()[1] for head, _ in server.received] == [b"http://other.example.com/ok"] * 2
    assert [one.origin.rule for one in captured.exchanges] == ["", "respond", ""]


def test_a_delayed_answer_of_a_certificate_that_is_not_trusted_fails_as_without_the_rule(
    captured, server, certificate
) -> None:
    ruled(captured, rule(RuleAction.DELAY, seconds=0))
    with pytest.raises(requests.exceptions.SSLError, match="self-signed certificate"):
        call("requests", "GET", f"{server.secure(certificate[0])}/ok", timeout=20)
    error = captured.one.error
    assert error is not None and error.kind is FailureKind.CERTIFICATE


def streamed(library: str, url: str, got: Callable[[], None]) -> bytes:
    """The body, piece by piece; ``got`` is called after the first."""
    if library == "requests":
        pieces = []
        for piece in requests.get(url, stream=True, timeout=20).iter_content(5):
            pieces.append(piece)
            got()
        return b"".join(pieces)
    if library == "httpx":
        pieces = []
        with httpx.stream("GET", url, timeout=20) as response:
            for piece in response.iter_bytes():
                pieces.append(piece)
                got()
        return b"".join(pieces)

    async def ask() -> bytes:
        pieces = []
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            async for piece in response.content.iter_any():
                pieces.append(piece)
                got()
        return b"".join(pieces)

    return asyncio.run(ask())


@pytest.mark.parametrize("library", ["requests", "httpx", "aiohttp"])
@pytest.mark.parametrize("chunked", [True, False])
def test_the_answer_of_a_live_server_streams_through_a_rule(captured, library, chunked) -> None:
    """The server sends its second piece only once the first has arrived."""
    arrived = threading.Event()
    size = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 10"
    first, second = (b"5\r\nfirst\r\n", b"5\r\nother\r\n0\r\n\r\n") if chunked else (b"first", b"other")

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n%b\r\n\r\n%b" % (size, first))
            if arrived.wait(10):
                connection.sendall(second)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        ruled(captured, rule(RuleAction.DELAY, seconds=0))
        assert streamed(library, f"http://127.0.0.1:{listener.getsockname()[1]}/", arrived.set) == b"firstother"
    assert captured.one.response.body == b"firstother"


def test_the_answer_of_a_rule_that_began_from_a_masked_one_has_values(captured) -> None:
    body = '{"token": "‹access_token›"}'.encode()
    ruled(captured, rule(RuleAction.RESPOND, body=body, headers=(("X-Key", "‹api_key›"),)))
    assert json.loads(call("requests", "GET", API)) == {"token": "made-up-access_token"}
    assert dict(captured.exchanges[0].response.headers)["X-Key"] == "made-up-api_key"
