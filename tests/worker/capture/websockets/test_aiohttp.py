"""WebSockets of aiohttp, against a real server."""

import json

import aiohttp
import pytest
from aiohttp import web

from tests.worker.peer.test_libraries import engine
from workbench.domain import AnswerSource, Rule, RuleAction
from workbench.worker.peer.reply import NoRecordedAnswer


async def test_a_websocket(captured, serve) -> None:
    async def echo(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(message.data)
        return socket

    base = await serve(echo)
    async with aiohttp.ClientSession() as session, session.ws_connect(base) as socket:
        await socket.send_str("hello")
        assert (await socket.receive()).data == "hello"

    assert captured.one.response.status == 101


async def echo(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await (socket.send_str(message.data) if message.type is aiohttp.WSMsgType.TEXT else socket.send_bytes(b"\x00"))
    return socket


async def talk(base: str) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{base}/talk") as socket:
        await socket.send_str('{"a": "é"}')
        await socket.receive()
        await socket.send_bytes(b"\x00\x01")
        await socket.receive()


async def test_a_websocket_is_one_exchange_with_the_messages_of_both_directions(captured, serve) -> None:
    await talk(await serve(echo))
    assert captured.one.response.status == 101
    lines = [json.loads(line) for line in captured.one.response.body.splitlines()]
    assert [line.pop("at_ms") >= 0 for line in lines] == [True] * 5
    assert lines == [
        {"sent": '{"a": "é"}'},
        {"received": '{"a": "é"}'},
        {"sent": {"base64": "AAE="}},
        {"received": {"base64": "AA=="}},
        {"closed": 1000, "reason": "", "by": "handler"},
    ]
    assert (captured.one.body_state, captured.one.error) == ("complete", None)


async def test_a_websocket_is_not_replayed_and_rules_do_not_change_it(captured, serve) -> None:
    base = await serve(echo)
    delay = Rule("slow", RuleAction.DELAY, seconds=9)
    captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(delay,), note=captured.recorder.note)
    await talk(base)
    assert captured.notes == [
        f"The rule 'slow' does not apply to the WebSocket {base}/talk: it changes HTTP answers alone."
    ]
    captured.recorder.answers = engine(())
    with pytest.raises(NoRecordedAnswer, match="WebSockets are not replayed"):
        await talk(base)
