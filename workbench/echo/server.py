"""The echo application on 127.0.0.1: until a signal, for a block of async code, or in a thread."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

from aiohttp import web

from workbench.echo.app import create_app

HOST = "127.0.0.1"


class EchoError(OSError):
    """The server could not start; the message has the reason and the fix."""


def serve(port: int = 0, files: Path | None = None) -> AbstractAsyncContextManager[int]:
    """Serve while the block runs; gives the port (0 takes a free one). Raises :class:`EchoError`."""
    return serve_app(create_app(files), port, "echo server")


@asynccontextmanager
async def serve_app(app: web.Application, port: int, what: str) -> AsyncIterator[int]:
    """Serve another application, called ``what``, in the same way."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            raise EchoError(
                f"The {what} cannot listen on {HOST}:{port} ({_why(error)}). Choose another --port."
            ) from error
        yield int(site.port)
    finally:
        await runner.cleanup()


def _why(error: OSError | OverflowError) -> str:
    """The system's message; asyncio wraps it in a sentence that repeats the address."""
    errno = error.errno if isinstance(error, OSError) else None
    return os.strerror(errno).lower() if errno else str(error)


def run(port: int, ready: Callable[[int], None], files: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called with the port once the server listens."""
    asyncio.run(_until_signal(serve(port, files), ready))


def run_app(app: web.Application, port: int, ready: Callable[[int], None], what: str = "mock server") -> None:
    """Serve another application in the same way."""
    asyncio.run(_until_signal(serve_app(app, port, what), ready))


async def _until_signal(server: AbstractAsyncContextManager[int], ready: Callable[[int], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with server as actual:
        ready(actual)
        await stop.wait()


@contextmanager
def in_thread(port: int = 0, files: Path | None = None) -> Iterator[str]:
    """Serve in a thread while the block runs; yields the URL without a slash at its end."""
    started: list[int] = []
    failed: list[BaseException] = []
    up, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def work() -> None:
        async with serve(port, files) as actual:
            started.append(actual)
            up.set()
            await stop.wait()

    def main() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(work())
        except BaseException as error:
            failed.append(error)
        finally:
            up.set()

    thread = threading.Thread(target=main, name="echo", daemon=True)
    thread.start()
    up.wait()
    if failed:
        raise failed[0]
    try:
        yield f"http://{HOST}:{started[0]}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
