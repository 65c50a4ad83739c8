"""WebSockets of the library websockets: one exchange each, with the messages of both directions."""

import asyncio
import json
import socket
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync import client as threads

from tests.worker.capture.conftest import broken_capture
from tests.worker.peer.test_libraries import engine
from workbench.domain import AnswerSource, FailureKind, Rule, RuleAction
from workbench.events import fold
from workbench.worker.peer.reply import NoRecordedAnswer

TALK = [
    {"sent": "hé"},
    {"received": "hé"},
    {"sent": {"base64": "AAE="}},
    {"received": {"base64": "AAE="}},
    {"closed": 1000, "reason": "", "by": "handler"},
]
"""The messages of a connection that sends both kinds, gets them back and closes."""


@pytest.fixture
async def url():
    async def talk(connection) -> None:
        with suppress(ConnectionClosedError):
            async for message in connection:
                if message == "drop":
                    connection.transport.abort()
                await connection.send(message if isinstance(message, bytes) else [message[:2], message[2:]])

    def answer(connection, request):
        return connection.respond(403, "Not for you.\n") if request.path == "/no" else None

    async with serve(talk, "127.0.0.1", 0, process_request=answer) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def messages(exchange) -> list[dict]:
    lines = [json.loads(line) for line in exchange.response.body.splitlines()]
    times = [line.pop("at_ms") for line in lines]
    assert times == sorted(times)
    return lines


async def test_a_websocket_is_one_exchange(captured, url) -> None:
    async with connect(f"{url}/talk?a=b") as connection:  # the line
        await connection.send("hé")
        assert await connection.recv() == "hé"
        await connection.send(b"\x00\x01")
        await connection.recv()

    one = captured.one
    assert (one.library, one.request.method, one.request.url) == ("websockets", "GET", f"{url}/talk?a=b")
    assert ("Upgrade", "websocket") in one.request.headers
    assert (one.response.status, one.response.reason) == (101, "Switching Protocols")
    assert [name for name, _ in one.response.headers][1:3] == ["Upgrade", "Connection"]
    assert messages(one) == TALK
    assert (one.body_state, one.error) == ("complete", None)
    assert one.call_site.source.strip().endswith("# the line")
    assert one.timings.connect is not None
    assert not fold(captured.events).uncaptured


async def test_a_websocket_of_a_thread(captured, url) -> None:
    def talk() -> None:
        with threads.connect(uri=f"{url}/talk") as connection:
            connection.send("hello")
            assert connection.recv() == "hello"

    await asyncio.to_thread(talk)
    assert messages(captured.one)[:2] == [{"sent": "hello"}, {"received": "hello"}]
    assert (captured.one.body_state, captured.one.request.url) == ("complete", f"{url}/talk")
    assert not fold(captured.events).uncaptured


async def test_a_handshake_that_the_server_rejects(captured, url) -> None:
    with pytest.raises(InvalidStatus):
        await connect(f"{url}/no")

    one = captured.one
    assert (one.response.status, one.response.body, one.body_state) == (403, b"Not for you.\n", "complete")
    assert one.error is None


async def test_a_connection_that_is_dropped(captured, url) -> None:
    with pytest.raises(ConnectionClosedError):
        async with connect(url) as connection:
            await connection.send("drop")
            await connection.recv()

    assert messages(captured.one) == [{"sent": "drop"}]
    assert (captured.one.error.phase, captured.one.error.kind) == ("receive", FailureKind.CUT)


async def test_each_failure_is_one_exchange(captured, unused_tcp_port) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cases = {
            f"ws://127.0.0.1:{unused_tcp_port}/a": ("connect", FailureKind.REFUSED),
            "ws://nowhere.invalid/b": ("dns", FailureKind.NAME_NOT_FOUND),
            f"ws://127.0.0.1:{silent.getsockname()[1]}/c": ("wait", FailureKind.TIMEOUT),
        }
        for url, (phase, _) in cases.items():
            limit = 1 if phase == "wait" else None
            with pytest.raises(OSError):
                await connect(url, open_timeout=limit)
            with pytest.raises(OSError):
                await asyncio.to_thread(threads.connect, url, open_timeout=limit)

    seen = [(one.request.url, (one.error.phase, one.error.kind)) for one in captured.exchanges]
    assert seen == [case for case in cases.items() for _ in range(2)]
    assert not fold(captured.events).uncaptured


async def test_a_websocket_is_not_replayed_and_rules_fail_it_or_say_that_they_do_not_apply(captured, url) -> None:
    delay = Rule("slow", RuleAction.DELAY, seconds=9)
    captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(delay,), note=captured.recorder.note)
    async with connect(url):
        pass
    assert captured.notes == [f"The rule 'slow' does not apply to the WebSocket {url}: it changes HTTP answers alone."]
    captured.recorder.answers = engine(())
    for opens in (connect(url), asyncio.to_thread(threads.connect, url)):
        with pytest.raises(NoRecordedAnswer, match="WebSockets are not replayed"):
            await opens

    assert [one.origin.source for one in captured.exchanges] == [AnswerSource.LIVE, *[AnswerSource.RECORDING] * 2]


@pytest.mark.parametrize(
    "broken",
    ["websockets.websockets.Frames", "websockets.websockets._end", "websockets.frames.messages.sent",
     "recorder.Recorder.begin"],
)  # fmt: skip
async def test_a_capture_that_fails_is_noted_and_the_messages_go_on(url, broken) -> None:
    with broken_capture(broken):
        async with connect(url) as connection:
            await connection.send("hello")
            assert await connection.recv() == "hello"
