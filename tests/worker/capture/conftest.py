"""The capture in this very process, and servers for it to talk to."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sized
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from workbench.domain import Exchange
from workbench.events import CaptureNoted, Event, fold
from workbench.events.exchange_parts import Part, encode_parts, events_of_parts
from workbench.worker.capture import Capture, Recorder
from workbench.worker.source import OwnCode


class Captured:
    """What a capture has told so far."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        own = OwnCode()
        own.set_root(Path(__file__).parent)
        self.under_way: Sized = ()
        self.sleeps = False
        self.due = float("inf")
        self.when_looking = lambda: None
        self.send_soon = self.events.append
        self.put = self.post = self._add
        self.recorder = Recorder(self, own)

    def _add(self, part: Part) -> None:
        self.events += events_of_parts(encode_parts([part]))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return fold(self.events).exchanges

    @property
    def one(self) -> Exchange:
        (exchange,) = self.exchanges
        return exchange

    @property
    def notes(self) -> list[str]:
        return [event.message for event in self.events if isinstance(event, CaptureNoted)]


@pytest.fixture
def captured() -> Iterator[Captured]:
    seen = Captured()
    capture = Capture(seen.recorder)
    capture.install(strict=True)
    try:
        yield seen
    finally:
        capture.uninstall()
    assert not [note for note in seen.notes if "failed" in note]


@contextmanager
def broken_capture(*names: str) -> Iterator[Captured]:
    """A capture in which those functions of its package raise; it must be noted, and nothing else."""

    def fail(*_: object, **__: object) -> None:
        raise LookupError("broken on purpose")

    seen = Captured()
    capture = Capture(seen.recorder)
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(f"workbench.worker.capture.{name}", fail)
        capture.install()
        try:
            yield seen
        finally:
            capture.uninstall()
    assert any("broken on purpose" in note for note in seen.notes)


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Serve a handler on every path of a free port; the answer is the base URL."""
    async with AsyncExitStack() as stack:

        async def start(handler: Callable[[web.Request], Awaitable[web.StreamResponse]], **options: object) -> str:
            app = web.Application(client_max_size=1 << 30)
            app.router.add_route("*", "/{path:.*}", handler)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0, **options)
            await site.start()
            return f"{'https' if options.get('ssl_context') else 'http'}://127.0.0.1:{runner.addresses[0][1]}"

        yield start


@pytest.fixture
async def serve_raw() -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Serve bytes: for answers that no proper server gives."""
    async with AsyncExitStack() as stack:

        async def start(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> str:
            async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                try:
                    await answer(reader, writer)
                finally:
                    writer.close()

            server = await asyncio.start_server(guarded, "127.0.0.1", 0)
            stack.callback(server.close)
            return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

        yield start


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for 127.0.0.1 and the certificate to trust."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1,DNS:api.example.com"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert
