"""Every request that aiohttp sends is an exchange of its own, as it went over the wire."""

import asyncio
import gzip
import io
import json

import aiohttp
import pytest
from aiohttp import web
from autohive_integrations_sdk import ExecutionContext

from tests.worker.capture.installed import AIOHTTP_NAMES, AIOHTTP_TRIES_AGAIN


async def hello(request: web.Request) -> web.Response:
    return web.json_response({"path": request.path}, headers={"X-Twice": "é"})


async def test_a_plain_get(captured, serve) -> None:
    base = await serve(hello)
    async with aiohttp.ClientSession() as session, session.get(f"{base}/a?b=c", headers={"x-OWN": "1"}) as response:
        raw = response.raw_headers
        assert await response.json() == {"path": "/a"}

    one = captured.one
    assert (one.request.method, one.request.url, one.request.http_version) == ("GET", f"{base}/a?b=c", "1.1")
    assert [name for name, _ in one.request.headers] == ["Host", "x-OWN", "Accept", "Accept-Encoding", "User-Agent"]
    assert one.response is not None
    assert (one.response.status, one.response.reason, one.response.body) == (200, "OK", b'{"path": "/a"}')
    assert [name.encode() for name, _ in one.response.headers] == [name for name, _ in raw]
    assert ("X-Twice", "é") in one.response.headers
    assert (one.body_state, one.error, one.reused, one.library) == ("complete", None, False, "aiohttp")
    assert one.request.size == 0
    assert one.timings.dns is None
    assert one.timings.tls is None
    assert one.timings.connect is not None
    assert one.timings.wait is not None
    assert one.timings.receive is not None
    assert one.timings.total >= one.timings.connect + one.timings.wait + one.timings.receive


async def test_the_line_that_asked(captured, serve) -> None:
    base = await serve(hello)
    async with aiohttp.ClientSession() as session:
        await session.get(base)  # the line
        await asyncio.gather(session.get(base), asyncio.create_task(session.get(base)._coro))

    sites = [exchange.call_site for exchange in captured.exchanges]
    lines = [(site.source, site.function) for site in sites]
    assert lines[0] == ("        await session.get(base)  # the line", "test_the_line_that_asked")
    assert "gather" in lines[1][0]
    assert "gather" in lines[2][0]
    assert {site.file for site in sites} == {__file__}
    assert {exchange.group for exchange in captured.exchanges} == {1, 2, 3}


def form() -> aiohttp.FormData:
    data = aiohttp.FormData({"name": "value"})
    data.add_field("file", io.BytesIO(b"content"), filename="f.txt")
    return data


async def generated():
    yield b"one "
    yield b"two"


class NotSeekable(io.RawIOBase):
    """A file as a pipe is one."""

    def __init__(self) -> None:
        self._left = [b"tail", b"head "]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self._left.pop() if self._left else b""
        buffer[: len(data)] = data
        return len(data)


@pytest.mark.parametrize(
    "options",
    [
        {"json": {"a": "ä"}},
        {"data": {"a": "b c"}},
        {"data": form},
        {"data": generated},
        {"data": lambda: io.BytesIO(b"x" * 200_000)},
        {"data": lambda: io.BufferedReader(NotSeekable())},
        {"data": "text"},
        {"data": b"x" * 300_000, "compress": "gzip"},
        {"data": bytearray(b"bytes")},
    ],
    ids=["json", "form", "multipart", "generator", "file", "pipe", "text", "compressed", "bytearray"],
)
async def test_the_request_body_as_the_server_gets_it(captured, serve, options) -> None:
    got = []

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        got.append(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        return web.Response()

    base = await serve(take)
    made = {name: value() if callable(value) else value for name, value in options.items()}
    async with aiohttp.ClientSession() as session, session.post(base, **made):
        pass

    assert captured.one.request.body == got[0]
    assert captured.one.request.size == len(got[0])
    assert got[0]


async def test_redirect_hops_are_attempts_of_one_group(captured, serve) -> None:
    async def hop(request: web.Request) -> web.Response:
        left = int(request.path.strip("/"))
        if left == 0:
            return web.Response(text="there")
        return web.Response(status=302, headers={"Location": f"/{left - 1}"}, text="moved")

    base = await serve(hop)
    async with aiohttp.ClientSession() as session, session.post(f"{base}/2", data=b"body") as response:
        assert await response.text() == "there"

    hops = captured.exchanges
    assert [(hop.request.method, hop.request.url) for hop in hops] == [
        ("POST", f"{base}/2"),
        ("GET", f"{base}/1"),
        ("GET", f"{base}/0"),
    ]
    assert [hop.response.status for hop in hops] == [302, 302, 200]
    assert [(hop.group, hop.attempt) for hop in hops] == [(1, 1), (1, 2), (1, 3)]
    assert [hop.response.body for hop in hops] == [b"moved", b"moved", b"there"]
    assert [hop.body_state for hop in hops] == ["complete"] * 3
    assert hops[0].request.body == b"body"


@pytest.mark.skipif(not AIOHTTP_TRIES_AGAIN, reason="this release of aiohttp does not")
async def test_the_silent_retry_on_a_connection_that_died(captured, serve_raw) -> None:
    connections = 0

    async def once_each(reader, writer) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        if connections == 1:
            await reader.readuntil(b"\r\n\r\n")  # takes the second request and hangs up

    base = await serve_raw(once_each)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.get(base) as response:
                assert await response.text() == "ok"

    first, died, again = captured.exchanges
    assert (first.group, died.group, again.group) == (1, 2, 2)
    assert (died.attempt, again.attempt) == (1, 2)
    assert (died.reused, again.reused) == (True, False)
    assert died.response is None
    assert (died.error.type, died.error.phase, died.body_state) == ("ServerDisconnectedError", "wait", "cut")
    assert again.response.body == b"ok"


async def test_the_retries_of_one_fetch_are_a_group(captured, serve_raw, monkeypatch) -> None:
    attempts = 0

    async def third_time(reader, writer) -> None:
        nonlocal attempts
        attempts += 1
        await reader.readuntil(b"\r\n\r\n")
        if attempts == 3:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    async def at_once(seconds: float) -> None: ...

    base = await serve_raw(third_time)
    async with ExecutionContext() as context:
        monkeypatch.setattr(asyncio, "sleep", at_once)
        response = await context.fetch(base, method="POST", json={})  # the call
        monkeypatch.undo()
        assert response.data == "ok"

    assert [(one.group, one.attempt) for one in captured.exchanges] == [(1, 1), (1, 2), (1, 3)]
    assert {one.call_site.source.strip() for one in captured.exchanges} == {
        'response = await context.fetch(base, method="POST", json={})  # the call'
    }
    assert [one.error and one.error.type for one in captured.exchanges] == ["ServerDisconnectedError"] * 2 + [None]


async def test_a_request_that_is_cancelled(captured, serve) -> None:
    asked = asyncio.Event()

    async def never(request: web.Request) -> web.Response:
        asked.set()
        await asyncio.sleep(20)
        return web.Response()

    base = await serve(never)
    async with aiohttp.ClientSession() as session:
        task = asyncio.create_task(session.get(base)._coro)
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert (captured.one.error.type, captured.one.body_state) == ("CancelledError", "abandoned")
    assert captured.one.timings.wait is not None, "the wait for the response counts up to the cancellation"


async def test_a_request_without_a_session_is_a_group(captured, serve) -> None:
    async def hop(request: web.Request) -> web.Response:
        if request.path == "/there":
            return web.Response(text="there")
        return web.Response(status=302, headers={"Location": "/there"})

    base = await serve(hop)
    async with aiohttp.request("GET", base) as response:  # the line
        assert await response.text() == "there"

    assert [(one.group, one.attempt) for one in captured.exchanges] == [(1, 1), (1, 2)]
    assert {one.call_site.source.strip() for one in captured.exchanges} == {
        'async with aiohttp.request("GET", base) as response:  # the line'
    }


async def test_a_request_below_the_public_functions_of_a_session(captured, serve) -> None:
    base = await serve(hello)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with await session._request("POST", base, json={}) as response:  # the line
                await response.read()

    assert [one.request.method for one in captured.exchanges] == ["POST", "POST"]
    assert all("# the line" in one.call_site.source for one in captured.exchanges)


@pytest.mark.skipif(not hasattr(aiohttp, "ClientHandlerType"), reason="this release of aiohttp has no middleware")
async def test_a_request_that_a_middleware_sends_twice(captured, serve) -> None:
    async def twice(request, handler):
        async with await handler(request) as response:
            await response.read()
        return await handler(request)

    base = await serve(hello)
    async with (
        aiohttp.ClientSession(middlewares=(twice,)) as session,
        session.post(f"{base}/x", json={"a": 1}) as response,
    ):
        assert await response.json() == {"path": "/x"}

    assert [(one.group, one.attempt, one.body_state) for one in captured.exchanges] == [
        (1, 1, "complete"),
        (1, 2, "complete"),
    ]
    assert [one.request.body for one in captured.exchanges] == [b'{"a": 1}'] * 2
    assert [one.reused for one in captured.exchanges] == [False, True]


async def test_a_head_that_cannot_be_written_over_an_open_connection(captured, serve) -> None:
    base = await serve(hello)
    async with aiohttp.ClientSession() as session:
        await (await session.get(base)).read()
        with pytest.raises(ValueError, match="eader"):
            await session.get(base, headers={"X-Bad": "a\nb"})

    _, failed = captured.exchanges
    assert (failed.error.type, failed.error.phase) == ("ValueError", "request")
    assert ("X-Bad", "a\nb") in failed.request.headers


async def test_bodies_of_any_size_over_an_open_connection(captured, serve) -> None:
    got = []

    async def take(request: web.Request) -> web.Response:
        got.append(await request.read())
        return web.Response(body=got[-1])

    bodies = [b"", b"x", b"y" * 1024, b"z" * 1025, b"a" * 20_000, b"b" * 300_000, bytearray(b"c" * 5)]
    base = await serve(take)
    async with aiohttp.ClientSession() as session:
        for body in bodies:
            async with session.post(f"{base}/{len(body)}?q=a%20b", data=body) as response:
                assert await response.read() == body

    assert [one.request.body for one in captured.exchanges] == got == bodies
    assert [one.response.body for one in captured.exchanges] == bodies
    assert [one.request.url for one in captured.exchanges] == [f"{base}/{len(body)}?q=a%20b" for body in bodies]
    assert {one.body_state for one in captured.exchanges} == {"complete"}
    assert [one.reused for one in captured.exchanges] == [False] + [True] * 6


async def test_a_url_that_is_none(captured) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.InvalidURL):
            await session.get("http:///nowhere")

    one = captured.one
    assert (one.error.type, one.error.phase) == (AIOHTTP_NAMES["InvalidUrlClientError"], "request")
    assert one.request.url == "http:///nowhere"
    assert one.call_site.function == "test_a_url_that_is_none"


async def test_expect_100_continue(captured, serve) -> None:
    async def take(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    base = await serve(take)
    async with aiohttp.ClientSession() as session, session.post(base, data=b"waited", expect100=True) as response:
        await response.read()

    assert (captured.one.request.body, captured.one.response.status) == (b"waited", 200)
    assert ("Expect", "100-continue") in captured.one.request.headers


async def test_many_at_once_do_not_mix(captured, serve) -> None:
    base = await serve(hello)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=3)) as session:

        async def get(number: int) -> None:
            async with session.get(f"{base}/{number}") as response:
                assert (await response.json())["path"] == f"/{number}"

        await asyncio.gather(*map(get, range(30)))

    assert len(captured.exchanges) == 30
    for one in captured.exchanges:
        assert json.loads(one.response.body)["path"] == "/" + one.request.url.rpartition("/")[2]
    assert len({one.group for one in captured.exchanges}) == 30
