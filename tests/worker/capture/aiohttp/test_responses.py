"""Responses of aiohttp as they came, also those that are cut or cannot be read."""

import asyncio
import gzip
import io

import aiohttp
import pytest
from aiohttp import web

from tests.worker.capture.installed import AIOHTTP_DECODES_ZSTD, AIOHTTP_PARSES_IN_C, AIOHTTP_TRIES_AGAIN
from workbench.events.http_heads import unparsed_response
from workbench.explain.http import network
from workbench.explain.text import plain, sentence
from workbench.worker.capture.bodies.counted_body import BODY_LIMIT


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


@pytest.mark.parametrize("status", [204, 304])
async def test_answers_without_a_body(captured, serve, status) -> None:
    async def empty(request: web.Request) -> web.Response:
        return web.Response(status=status)

    base = await serve(empty)
    async with aiohttp.ClientSession() as session, session.head(base), session.get(base):
        pass

    assert [(one.body_state, one.response.size) for one in captured.exchanges] == [("complete", 0)] * 2
