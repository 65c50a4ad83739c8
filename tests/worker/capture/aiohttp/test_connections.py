"""Connections of aiohttp: made, used again, waited for, and those that fail."""

import asyncio
import ssl

import aiohttp
import pytest
from aiohttp import web

from tests.worker.capture.aiohttp.test_sent_requests import hello
from tests.worker.capture.installed import AIOHTTP_NAMES


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
