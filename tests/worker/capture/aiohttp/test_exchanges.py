"""Every attempt that aiohttp makes is an exchange of its own, as it went over the wire."""

import asyncio
import gzip
import io
import json
import ssl

import aiohttp
import pytest
from aiohttp import web
from autohive_integrations_sdk import ExecutionContext

from tests.worker.capture.installed import (
    AIOHTTP_DECODES_ZSTD,
    AIOHTTP_NAMES,
    AIOHTTP_PARSES_IN_C,
    AIOHTTP_TRIES_AGAIN,
)
from workbench.events.http_heads import unparsed_response
from workbench.explain.http import network
from workbench.explain.text import plain, sentence
from workbench.worker.capture.bodies.counted_body import BODY_LIMIT


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


async def test_a_name_is_looked_up_once(captured, serve) -> None:
    class OneName(aiohttp.abc.AbstractResolver):
        async def resolve(self, host, port=0, family=0):
            found = {"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}
            return [found] if host == "lab.example" else []

        async def close(self) -> None: ...

    base = (await serve(hello)).replace("127.0.0.1", "lab.example")
    connector = aiohttp.TCPConnector(resolver=OneName(), force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        for _ in range(2):
            async with session.get(base) as response:
                await response.read()

    first, second = captured.exchanges
    assert first.timings.dns is not None
    assert second.timings.dns is None
    assert (first.reused, second.reused) == (False, False)


async def test_a_kept_connection_is_used_again(captured, serve) -> None:
    base = await serve(hello)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.get(base) as response:
                await response.read()

    first, second = captured.exchanges
    assert (first.reused, second.reused) == (False, True)
    assert second.timings.connect is None
    assert second.response.body == first.response.body


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


async def test_the_response_as_the_handler_gets_it(captured, serve) -> None:
    text = b"squeeze me " * 1000

    async def squeeze(request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(text), headers={"Content-Encoding": "gzip"})

    base = await serve(squeeze)
    async with aiohttp.ClientSession() as session, session.get(base) as response:
        assert await response.read() == text

    assert captured.one.response.body == text
    assert captured.one.response.size == len(text)
    assert ("Content-Encoding", "gzip") in captured.one.response.headers


async def test_a_long_body_is_counted_and_its_beginning_kept(captured, serve) -> None:
    size = 3 * BODY_LIMIT + 17

    async def long(request: web.Request) -> web.Response:
        return web.Response(body=b"y" * len(await request.read()))

    base = await serve(long)
    async with aiohttp.ClientSession() as session, session.put(base, data=io.BytesIO(b"x" * size)) as response:
        assert len(await response.read()) == size

    one = captured.one
    assert (one.request.size, one.response.size) == (size, size)
    assert (one.request.body, one.response.body) == (b"x" * BODY_LIMIT, b"y" * BODY_LIMIT)


async def test_chunks_that_are_streamed(captured, serve) -> None:
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for number in range(5):
            await response.write(b"%d;" % number)
            await asyncio.sleep(0)
        return response

    base = await serve(stream)
    async with aiohttp.ClientSession() as session, session.get(base) as response:
        assert b"".join([chunk async for chunk in response.content.iter_any()]) == b"0;1;2;3;4;"

    assert captured.one.response.body == b"0;1;2;3;4;"
    assert captured.one.body_state == "complete"


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


async def test_a_body_that_is_cut(captured, serve_raw) -> None:
    async def half(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    base = await serve_raw(half)
    async with aiohttp.ClientSession() as session, session.get(base) as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()

    one = captured.one
    assert (one.body_state, one.error.type, one.error.phase) == ("cut", "ClientPayloadError", "receive")
    assert network.unreadable(one.error) is None
    assert (one.response.body, one.response.size) == (b"half", 4)


UNREADABLE = {
    b"Content-Encoding: br\r\nContent-Length: 5\r\n\r\nabcde": "Can not decode content-encoding: brotli (br). Please",
    b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde": "Can not decode content-encoding: gzip",
    b"Bad Header\r\nContent-Length: 5\r\n\r\nabcde": "Invalid header" if AIOHTTP_PARSES_IN_C else "Invalid HTTP header",
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc": "Invalid character in chunk size" if AIOHTTP_PARSES_IN_C else "zz",
}
if AIOHTTP_DECODES_ZSTD:
    ZSTD = b"Content-Encoding: zstd\r\nContent-Length: 5\r\n\r\nabcde"
    UNREADABLE[ZSTD] = "Can not decode content-encoding: z"


@pytest.mark.parametrize("rest", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_a_response_that_cannot_be_read_is_no_closed_connection(captured, serve_raw, rest: bytes) -> None:
    async def answer(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + rest)
        await writer.drain()

    base = await serve_raw(answer)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await (await session.get(base)).read()
    assert network.ended_by(captured.one, None).startswith(f"The response cannot be read: {UNREADABLE[rest]}")
    response = captured.one.response
    assert (response.status, response.reason, response.http_version) == (200, "OK", "1.1")
    head, _, body = rest.partition(b"\r\n\r\n")
    pairs = (line.partition(":") for line in head.decode().split("\r\n"))
    assert response.headers == tuple((name, value.strip()) for name, _, value in pairs)
    if captured.one.body_state == "unparsed":  # else the head was read, and then what came of the body
        assert (response.body, response.size) == (body, len(body))
    assert "sent a response that cannot be read" in plain(sentence(*network.reason(captured.one)))


@pytest.mark.skipif(not AIOHTTP_PARSES_IN_C, reason="the parser in Python takes it for the next response")
async def test_a_body_behind_a_status_that_allows_none(captured, serve_raw) -> None:
    async def answer(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 204 No Content\r\nContent-Length: 8\r\n\r\n{"a": 1}')
        await writer.drain()

    base = await serve_raw(answer)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(base)
    one = captured.one
    assert (one.response.status, one.response.headers) == (204, (("Content-Length", "8"),))
    assert (one.response.body, one.body_state) == (b'{"a": 1}', "unparsed")
    assert network.unreadable(one.error)


async def test_a_connection_that_closed_is_no_unreadable_response(captured, serve_raw) -> None:
    async def nothing(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")

    base = await serve_raw(nothing)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.get(base)
    tries = 2 if AIOHTTP_TRIES_AGAIN else 1
    assert [network.unreadable(one.error) for one in captured.exchanges] == [None] * tries


async def slow_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000000"})
    await response.prepare(request)
    await response.write(b"beginning")
    await asyncio.sleep(20)
    return response


async def test_a_body_that_nobody_wants(captured, serve) -> None:
    base = await serve(slow_body)
    async with aiohttp.ClientSession() as session, session.get(base) as response:
        assert response.status == 200

    assert captured.one.body_state == "abandoned"
    assert captured.one.error is None


async def test_a_response_that_is_never_closed(captured, serve) -> None:
    base = await serve(slow_body)
    session = aiohttp.ClientSession()
    response = await session.get(base)
    captured.recorder.finish()

    assert captured.one.body_state == "unread"
    response.close()
    await session.close()
    assert captured.one.body_state == "unread"


async def test_a_time_limit_amid_the_body(captured, serve) -> None:
    base = await serve(slow_body)
    limit = aiohttp.ClientTimeout(total=0.2)
    async with aiohttp.ClientSession(timeout=limit) as session:
        with pytest.raises(TimeoutError):
            async with session.get(base) as response:
                await response.read()

    one = captured.one
    assert (one.error.type, one.error.phase, one.body_state) == ("TimeoutError", "receive", "cut")
    assert one.error.message
    assert one.response.body == b"beginning"


async def test_a_server_that_never_answers(captured, serve) -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.sleep(20)
        return web.Response()

    base = await serve(never)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.2)) as session:
        with pytest.raises(TimeoutError):
            await session.get(base)

    assert (captured.one.error.type, captured.one.error.phase) == ("TimeoutError", "wait")


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


async def test_a_port_where_nobody_listens(captured, unused_tcp_port) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://127.0.0.1:{unused_tcp_port}/")

    assert (captured.one.error.type, captured.one.error.phase) == ("ClientConnectorError", "connect")
    assert captured.one.response is None


async def test_a_name_that_is_unknown(captured) -> None:
    class NoSuchName(aiohttp.abc.AbstractResolver):
        async def resolve(self, host, port=0, family=0):
            raise OSError(None, "no such name")

        async def close(self) -> None: ...

    connector = aiohttp.TCPConnector(resolver=NoSuchName())
    name = AIOHTTP_NAMES["ClientConnectorDNSError"]
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(getattr(aiohttp, name)):
            await session.get("http://nowhere.invalid/")

    assert (captured.one.error.type, captured.one.error.phase) == (name, "dns")


async def test_a_wait_for_a_place_in_the_pool_is_part_of_the_attempt(captured, serve) -> None:
    held = asyncio.Event()

    async def hold(request: web.Request) -> web.Response:
        await held.wait()
        return web.Response(text="done")

    async def ask() -> str:
        async with session.get(base) as response:
            return await response.text()

    base = await serve(hold)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        first = asyncio.create_task(ask())
        while not any(session.connector._acquired):
            await asyncio.sleep(0)
        second, third = asyncio.create_task(ask()), asyncio.create_task(ask())
        while sum(map(len, session.connector._waiters.values())) < 2:
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        third.cancel()
        held.set()
        assert (await first, await second) == ("done", "done")
        with pytest.raises(asyncio.CancelledError):
            await third

    cancelled = next(one for one in captured.exchanges if one.error)
    waited = next(one for one in captured.exchanges if one.reused)
    assert (cancelled.error.type, cancelled.error.phase, cancelled.request.url) == ("CancelledError", "connect", base)
    assert cancelled.timings.total >= 50
    assert waited.timings.total >= 50
    assert waited.timings.wait <= waited.timings.total - 50, "it is no part of the wait for the response"
    assert len(captured.exchanges) == 3


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


async def test_a_connection_that_closes_before_it_is_written_to(captured, serve) -> None:
    async def close(session, context, params) -> None:
        for protocol in session.connector._acquired if params.method == "POST" else ():
            protocol.transport.close()

    base = await serve(hello)
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(close)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        await (await session.get(base)).read()
        with pytest.raises(aiohttp.ClientError) as raised:
            await session.post(base, json={"a": 1})

    _, failed = captured.exchanges
    assert (failed.error.type, failed.error.phase, failed.reused) == (type(raised.value).__name__, "send", True)


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


async def test_an_answer_that_is_not_http(captured, serve_raw) -> None:
    async def garbage(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 ready\r\n\r\n")

    base = await serve_raw(garbage)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(base)

    one = captured.one
    assert (one.error.phase, one.body_state) == ("wait", "unparsed")
    assert (one.response.status, one.response.headers, one.response.body) == (0, (), b"220 ready\r\n\r\n")


@pytest.mark.parametrize(
    ("received", "status", "body"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 \r\nA b: c\r\n\r\nrest", 204, b"rest"),
        (b"HTTP/1.1 999999999999999999999999 Far\r\n\r\n", None, b""),
        (b"HTTP/9.9", 0, b""),
        (b"", 0, b""),
    ],
)
def test_what_can_be_read_of_bytes_that_are_no_response(received: bytes, status: int | None, body: bytes) -> None:
    head, rest = unparsed_response(received)
    assert (status in (None, head.status), rest) == (True, body)


async def test_headers_that_are_not_ascii(captured, serve_raw) -> None:
    async def odd(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 299 Gut gem\xc3\xa4cht\r\nX-Latin: caf\xe9\r\nX-latin: \xc3\xa9\r\nContent-Length: 0\r\n\r\n"
        )

    base = await serve_raw(odd)
    async with aiohttp.ClientSession() as session, session.get(base):
        pass

    response = captured.one.response
    assert (response.status, response.reason) == (299, "Gut gemächt")
    assert response.headers[:2] == (("X-Latin", "café"), ("X-latin", "é"))


async def test_expect_100_continue(captured, serve) -> None:
    async def take(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    base = await serve(take)
    async with aiohttp.ClientSession() as session, session.post(base, data=b"waited", expect100=True) as response:
        await response.read()

    assert (captured.one.request.body, captured.one.response.status) == (b"waited", 200)
    assert ("Expect", "100-continue") in captured.one.request.headers


@pytest.mark.parametrize("status", [204, 304])
async def test_answers_without_a_body(captured, serve, status) -> None:
    async def empty(request: web.Request) -> web.Response:
        return web.Response(status=status)

    base = await serve(empty)
    async with aiohttp.ClientSession() as session, session.head(base), session.get(base):
        pass

    assert [(one.body_state, one.response.size) for one in captured.exchanges] == [("complete", 0)] * 2


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


async def test_tls(captured, serve, certificate) -> None:
    server, trusted = certificate
    base = await serve(hello, ssl_context=server)
    context = ssl.create_default_context(cafile=str(trusted))
    async with aiohttp.ClientSession() as session, session.get(base, ssl=context) as response:
        await response.read()

    one = captured.one
    assert one.response.body == b'{"path": "/"}'
    assert one.timings.tls is not None
    assert one.timings.connect is not None


async def test_a_certificate_that_nobody_vouches_for(captured, serve, certificate) -> None:
    base = await serve(hello, ssl_context=certificate[0])
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(base)

    assert (captured.one.error.type, captured.one.error.phase) == ("ClientConnectorCertificateError", "tls")
