"""A connection that no adapter records is named, once, and one that an adapter records is not."""

import importlib
import socket
import sys

import aiohttp
import pytest
from aiohttp import web

from tests.worker.capture.connections.named import connected_by_c_code, connections
from workbench.domain import AuthShape, Contract, ContractVersion, Kind, Outcome, Run, RunRequest
from workbench.events import fold
from workbench.explain.http import uncaptured
from workbench.explain.text import plain


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


def test_the_fork_of_urllib3_is_named(captured, tmp_path, monkeypatch) -> None:
    (tmp_path / "backend.py").touch()
    monkeypatch.setattr("urllib3.__path__", [str(tmp_path)])
    importlib.import_module("urllib3.backend")

    assert [note.partition(" in this run")[0] for note in captured.notes] == ["urllib3 is urllib3-future"]
    sys.modules.pop("urllib3.backend")


def test_a_socket_of_c_code_that_is_open_at_the_end(captured, listener) -> None:
    with connected_by_c_code(listener):
        captured.recorder.finish()

    assert (f"127.0.0.1:{listener.getsockname()[1]}", "") in [one[:2] for one in connections(captured)]


async def test_what_is_captured_and_what_reaches_nothing_is_not_named(captured, tmp_path, serve) -> None:
    base = (await serve(hello)).replace("127.0.0.1", "localhost")
    async with aiohttp.ClientSession() as session, session.get(base):
        pass
    with pytest.raises(aiohttp.ClientConnectorError):
        async with aiohttp.ClientSession() as session, session.get("http://nowhere.invalid/"):
            pass
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.listen()
    with listener, socket.socket(socket.AF_UNIX) as unix, socket.socket(type=socket.SOCK_DGRAM) as datagram:
        unix.connect(str(tmp_path / "s"))
        datagram.connect(("127.0.0.1", 9))

    assert connections(captured) == []


def test_the_sentences(captured, listener, tmp_path) -> None:
    for _ in range(2):
        socket.create_connection(listener.getsockname()).close()
    outcome: Outcome = fold(captured.events)
    contract = Contract(ContractVersion.V0_1)
    request = RunRequest("one", tmp_path, "one.py", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT)
    run = Run("1", request, 0.0, outcome)

    (told,) = map(plain, uncaptured.sentences(run))
    port, line = listener.getsockname()[1], outcome.uncaptured[0].place.line
    place = f"test_audit.py:{line}"
    assert told == f"2 connections to 127.0.0.1:{port} opened by socket at {place} were not captured."
    assert uncaptured.fact(run) == "2 connections not captured"
