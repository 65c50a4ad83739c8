"""WebSockets of the old interface of websockets: one exchange each, with the messages of both directions."""

import json
import socket
import warnings

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidHandshake

from tests.worker.capture.conftest import broken_capture
from tests.worker.capture.websockets.test_websockets import TALK, messages, url
from tests.worker.peer.test_libraries import engine
from workbench.domain import FailureKind
from workbench.events import fold
from workbench.worker.peer.reply import NoRecordedAnswer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from websockets.legacy.client import connect

__all__ = ["url"]


async def test_a_websocket_is_one_exchange(captured, url) -> None:
    async with connect(f"{url}/talk?a=b", extra_headers={"X-Own": "1"}) as connection:  # the line
        await connection.send("hé")
        assert await connection.recv() == "hé"
        await connection.send(b"\x00\x01")
        await connection.recv()

    one = captured.one
    assert (one.library, one.request.method, one.request.url) == ("websockets", "GET", f"{url}/talk?a=b")
    assert ("X-Own", "1") in one.request.headers
    assert (one.response.status, one.response.reason) == (101, "Switching Protocols")
    assert [name for name, _ in one.response.headers][1:3] == ["Upgrade", "Connection"]
    assert messages(one) == TALK
    assert (one.body_state, one.error, one.timings.connect is not None) == ("complete", None, True)
    assert one.call_site.source.strip().endswith("# the line")
    assert not fold(captured.events).uncaptured


async def test_each_failure_is_one_exchange(captured, url, unused_tcp_port) -> None:
    with pytest.raises(InvalidHandshake):
        await connect(f"{url}/no")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cases = {
            f"ws://127.0.0.1:{unused_tcp_port}/a": ("connect", FailureKind.REFUSED),
            "ws://nowhere.invalid/b": ("dns", FailureKind.NAME_NOT_FOUND),
            f"ws://127.0.0.1:{silent.getsockname()[1]}/c": ("wait", FailureKind.TIMEOUT),
        }
        for each, (phase, _) in cases.items():
            with pytest.raises(OSError):
                await connect(each, open_timeout=1 if phase == "wait" else None, close_timeout=0.1)
    with pytest.raises(ConnectionClosedError):
        async with connect(url) as connection:
            await connection.send("drop")
            await connection.recv()

    rejected, *failed, dropped = captured.exchanges
    assert (rejected.response.status, rejected.body_state, rejected.error) == (403, "complete", None)
    assert {one.request.url: (one.error.phase, one.error.kind) for one in failed} == cases
    assert json.loads(dropped.response.body)["sent"] == "drop"
    assert (dropped.error.phase, dropped.error.kind) == ("receive", FailureKind.CUT)
    assert not fold(captured.events).uncaptured


async def test_a_websocket_is_not_replayed(captured, url) -> None:
    captured.recorder.answers = engine(())
    with pytest.raises(NoRecordedAnswer, match="WebSockets are not replayed"):
        await connect(url)
    assert len(captured.exchanges) == 1


@pytest.mark.parametrize("broken", ["websockets.frames.messages.sent", "recorder.Recorder.begin"])
async def test_a_capture_that_fails_is_noted_and_the_messages_go_on(url, broken) -> None:
    with broken_capture(broken):
        async with connect(url) as connection:
            await connection.send("hello")
            assert await connection.recv() == "hello"
