"""Each connection that httpx tries is an exchange, and a replay fails and succeeds as often."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx
import pytest

from tests.worker.capture.wire_server import WireServer
from tests.worker.peer.test_libraries import engine
from workbench.domain import FailureKind

pytestmark = pytest.mark.skipif(
    httpcore.__version__.startswith("0.15"), reason="this release of httpcore does not tell of it"
)


@pytest.fixture
def server() -> Iterator[WireServer]:
    made = WireServer()
    yield made
    made.close()


class FailsOnce:
    """A backend of httpcore's that makes its second connection."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.tries = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def connect_tcp(self, *args: Any, **options: Any) -> Any:
        self.tries += 1
        if self.tries == 1:
            raise httpcore.ConnectError("refused") from ConnectionRefusedError(111, "refused")
        return self._backend.connect_tcp(*args, **options)


def blocking(url: str, *, fails: bool) -> bytes:
    transport = httpx.HTTPTransport(retries=1)
    if fails:
        transport._pool._network_backend = FailsOnce(transport._pool._network_backend)
    with httpx.Client(transport=transport) as client:
        return client.post(url, content=b"body").content


def asynchronous(url: str, *, fails: bool) -> bytes:
    async def ask() -> bytes:
        transport = httpx.AsyncHTTPTransport(retries=1)
        if fails:
            transport._pool._network_backend = FailsOnce(transport._pool._network_backend)
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.post(url, content=b"body")).content

    return asyncio.run(ask())


@pytest.mark.parametrize("ask", [blocking, asynchronous])
def test_the_second_connection(captured, server, ask) -> None:
    url = f"{server.url}/ok"
    assert ask(url, fails=True) == b"ok"
    failed, done = captured.exchanges
    assert (failed.error.type, failed.error.phase, failed.error.kind) == (
        "ConnectError",
        "connect",
        FailureKind.REFUSED,
    )
    assert (failed.request.url, failed.request.method, failed.response) == (url, "POST", None)
    assert (done.error, done.body_state, done.request.body, done.response.body) == (None, "complete", b"body", b"ok")
    assert [(one.group, one.attempt, one.call_site) for one in (failed, done)] == [
        (1, 1, failed.call_site), (1, 2, failed.call_site),
    ]  # fmt: skip
    assert failed.call_site is not None and failed.ended_at <= done.started_at

    captured.recorder.answers = engine(captured.exchanges)
    assert ask(url, fails=False) == b"ok"
    assert [one.error and one.error.kind for one in captured.exchanges[2:]] == [FailureKind.REFUSED, None]
    assert [one.origin.recorded for one in captured.exchanges[2:]] == [failed.id, done.id]


@pytest.mark.parametrize("ask", [blocking, asynchronous])
def test_no_connection(captured, ask) -> None:
    with pytest.raises(httpx.ConnectError):
        ask("http://127.0.0.1:1/", fails=False)
    assert [(one.attempt, one.error.kind) for one in captured.exchanges] == [
        (1, FailureKind.REFUSED), (2, FailureKind.REFUSED),
    ]  # fmt: skip
    assert len(captured.recorder.open) == 0
