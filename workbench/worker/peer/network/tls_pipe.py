"""TLS around a connection that has TLS within: Python's :mod:`ssl` wraps no socket twice."""

import asyncio
import socket
import ssl
from _thread import start_new_thread
from concurrent.futures import Future
from contextlib import closing, suppress

_CHUNK = 256 * 1024


def through_tls(host: str, port: int, context: ssl.SSLContext, seconds: float) -> socket.socket:
    """A socket whose bytes go to that server within TLS, by a thread that is none of threading's.

    Raises :class:`OSError` where there is no such connection, :class:`TimeoutError` after ``seconds`` for each step.
    """
    there = socket.create_connection((host, port), seconds)  # here, where names may be looked up
    own, other = socket.socketpair()
    begun: Future[None] = Future()
    start_new_thread(_run, (other, there, host, context, begun))
    try:
        begun.result(seconds)
    except BaseException:
        own.close()  # so the thread ends, too
        raise
    own.settimeout(seconds)
    return own


def _run(other: socket.socket, there: socket.socket, host: str, context: ssl.SSLContext, begun: "Future[None]") -> None:
    loop = asyncio.SelectorEventLoop()
    with closing(there), closing(other), closing(loop):
        for each in (there, other):
            each.setblocking(False)
        loop.run_until_complete(_begin(other, there, host, context, begun))


async def _begin(
    other: socket.socket, there: socket.socket, host: str, context: ssl.SSLContext, begun: "Future[None]"
) -> None:
    try:
        server = await asyncio.open_connection(sock=there, ssl=context, server_hostname=host)
    except BaseException as error:
        begun.set_exception(error)
        return
    begun.set_result(None)
    await pass_on(await asyncio.open_connection(sock=other), server)


type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def pass_on(one: Streams, other: Streams) -> None:
    """Pass the bytes of two connections on to each other until one of them ends; then both are closed."""
    ways = [asyncio.create_task(_copy(one[0], other[1])), asyncio.create_task(_copy(other[0], one[1]))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for _, writer in (one, other):
            writer.close()
        for _, writer in (one, other):
            with suppress(OSError):
                await writer.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
