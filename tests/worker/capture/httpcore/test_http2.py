"""HTTP/2 of httpx: what is captured is what a server of HTTP/2 got and sent."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from urllib3.exceptions import NewConnectionError

from tests.worker.capture.http2_server import Http2Server
from tests.worker.capture.wire_server import SQUEEZED, TEXT
from tests.worker.peer.test_libraries import engine
from workbench.domain import AnswerSource, FailureKind, Rule, RuleAction, RuleMatch
from workbench.events import fold

HEADERS = (("x-own", "a"), ("x-own", "café"))


@pytest.fixture
def server() -> Iterator[Http2Server]:
    made = Http2Server()
    yield made
    made.close()


async def ask(url: str, *, is_async: bool, **options: Any) -> None:
    """A POST with a body or a GET without one."""
    client = {"http1": False, "http2": True, "trust_env": False, "verify": False}
    method = "POST" if options else "GET"
    if is_async:
        async with httpx.AsyncClient(**client) as connection:
            await connection.request(method, url, **options)
    else:
        with httpx.Client(**client) as connection:
            connection.request(method, url, **options)


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_request_and_its_response(captured, server, is_async) -> None:
    await ask(f"{server.url}/ok?a=b", is_async=is_async, data={"a": "b c"}, headers={"X-OWN": "1"})
    await ask(f"{server.url}/gzip", is_async=is_async)

    form, squeezed = captured.exchanges
    sent, body = server.received[b"/ok?a=b"]
    assert list(form.request.headers) == [(n.decode(), v.decode()) for n, v in sent if not n.startswith(b":")]
    assert ("x-own", "1") in form.request.headers
    assert (form.request.method, form.request.url) == ("POST", f"{server.url}/ok?a=b")
    assert (form.request.http_version, form.request.body, body) == ("2", b"a=b+c", b"a=b+c")
    assert (form.response.status, form.response.reason, form.response.http_version) == (200, "", "2")
    assert (form.response.headers, form.response.body, form.body_state) == (HEADERS, b"ok", "complete")
    assert (squeezed.response.body, squeezed.response.raw_size) == (TEXT, len(SQUEEZED))


def test_http2_of_urllib3_is_named(captured, unused_tcp_port) -> None:
    connection = pytest.importorskip("urllib3.http2.connection")  # since 2.2
    with pytest.raises(NewConnectionError):  # nobody listens
        connection.HTTP2Connection("127.0.0.1", unused_tcp_port).connect()

    (found,) = fold(captured.events).uncaptured
    assert (found.host, found.library, captured.exchanges) == (f"127.0.0.1:{unused_tcp_port}", "urllib3", ())


async def test_requests_at_once_on_one_connection(captured, server) -> None:
    async with httpx.AsyncClient(http1=False, http2=True, verify=False) as client:
        # more than 64 KB at once wait for the server, for which httpcore sometimes waits in vain
        bodies = {f"/{number}": b"%d" % number * 10_000 for number in range(4)}
        await asyncio.gather(*(client.post(server.url + path, content=body) for path, body in bodies.items()))

    assert {one.request.url.removeprefix(server.url): one.request.body for one in captured.exchanges} == bodies
    assert {path.decode(): body for path, (_, body) in server.received.items()} == bodies
    assert {one.response.body for one in captured.exchanges} == {b"ok"}


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_stream_that_the_server_ends(captured, server, is_async) -> None:
    for path in ("/reset", "/goaway", "/cut"):
        with pytest.raises(httpx.RemoteProtocolError):
            await ask(server.url + path, is_async=is_async)

    assert [(one.error.phase, one.error.kind) for one in captured.exchanges] == [
        ("wait", FailureKind.DISCONNECTED),
        ("wait", FailureKind.DISCONNECTED),
        ("receive", FailureKind.CUT),
    ]
    assert captured.exchanges[-1].response.body == b"half"


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_rule_that_does_not_reach_a_server_of_http_2(captured, server, is_async) -> None:
    delay = Rule("slow", RuleAction.DELAY, RuleMatch(host="127.0.0.1"), seconds=0.001)
    captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(delay,), note=captured.recorder.note)
    with pytest.raises(httpx.RemoteProtocolError):
        await ask(f"{server.url}/ok", is_async=is_async)
    host = server.url.removeprefix("http://")
    assert captured.notes == [f"{host} does not speak HTTP/1.1, in which rules change answers: they do not reach it."]


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_recording_answers_a_client_of_http_2(captured, server, is_async) -> None:
    await ask(f"{server.url}/ok", is_async=is_async)
    captured.recorder.answers = engine(captured.exchanges)
    await ask(f"{server.url}/ok", is_async=is_async)
    live, again = captured.exchanges
    assert (again.origin.source, again.origin.recorded) == (AnswerSource.RECORDING, live.id)
    assert (again.response.body, again.request.http_version) == (b"ok", "1.1")
