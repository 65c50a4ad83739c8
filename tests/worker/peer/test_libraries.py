"""What a library's user sees is the same whether a server answers or a recording does, failures too."""

import gzip
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.worker.capture.clients import BLOCKING, BODIES, call
from tests.worker.capture.wire_server import WireServer
from workbench.domain import Answers, AnswerSource, Contract, ContractVersion, Exchange, Kind, Noise, RunRequest
from workbench.worker.peer.engine import AnswerEngine

PLAIN = ("/ok", "/empty", "/none", "/chunked", "/gzip", "/continue", "/until-close", "/moved", "/ok")
BROKEN = ("/dropped", "/reset", "/not-http", "/never", "/cut", "/cut-chunk", "/undecodable")


@pytest.fixture
def server() -> Iterator[WireServer]:
    made = WireServer()
    yield made
    made.close()


def engine(
    exchanges: tuple[Exchange, ...],
    noise: tuple[Noise, ...] = (),
    source: AnswerSource = AnswerSource.RECORDING,
    **more,
) -> AnswerEngine:
    answers = Answers(source, "a run", exchanges, noise, **more)
    asked = RunRequest(
        "lab", Path("/"), "lab.py", Kind.ACTION, "go", Contract(ContractVersion.V0_1), {}, answers=answers
    )
    return AnswerEngine(asked, lambda note: None)


@dataclass(frozen=True)
class Seen:
    """What a call gave: bytes, or the exception's class and text."""

    body: bytes = b""
    error: str = ""


def outcome(library: str, method: str, url: str, body=None) -> Seen:
    try:
        content = call(library, method, url, body, 0.3)
        return Seen(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)
    except Exception as error:
        chain, texts = error, []
        while chain is not None:
            texts.append(type(chain).__qualname__)
            chain = chain.__cause__ or chain.__context__
        return Seen(error=" < ".join(texts[:2]))


def facts(exchange: Exchange) -> tuple:
    response, error = exchange.response, exchange.error
    return (
        replace(exchange.request),
        response and (response.status, response.reason, response.body),
        exchange.body_state,
        error and (error.type, error.phase, error.kind),
    )


@pytest.fixture
def _one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """httpx reads all certificates of the system for each client."""
    context = ssl.create_default_context()
    monkeypatch.setattr("httpx._config.create_ssl_context", lambda *args, **options: context)
    monkeypatch.setattr("httpx._transports.default.create_ssl_context", lambda *args, **options: context)


@pytest.mark.usefixtures("_one_tls_context")
@pytest.mark.parametrize("library", BLOCKING)
def test_each_library_sees_what_it_saw(captured, server, unused_tcp_port, library) -> None:
    calls = [("GET", server.url + path, None) for path in (*PLAIN, *BROKEN)]
    calls += [("POST", f"{server.url}/ok", make) for make in BODIES.values()]
    calls += [("HEAD", f"{server.url}/ok", None), ("GET", f"http://127.0.0.1:{unused_tcp_port}/", None)]
    calls += [("GET", "http://nowhere.invalid/", None)]
    live = [outcome(library, method, url, make and make()) for method, url, make in calls]
    recorded = captured.exchanges
    server.close()

    captured.events.clear()
    captured.recorder.answers = engine(recorded)
    received = len(server.received)
    again = [outcome(library, method, url, make and make()) for method, url, make in calls]

    for asked, before, after in zip(calls, live, again, strict=True):
        assert (asked[1], after) == (asked[1], before)
    assert len(server.received) == received
    for before, after in zip(recorded, captured.exchanges, strict=True):
        assert facts(after) == facts(before)
        assert (after.origin.source, after.origin.recorded) == (AnswerSource.RECORDING, before.id)
