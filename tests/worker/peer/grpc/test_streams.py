"""Streams of gRPC whose requests wait for responses are answered from a recording, and never wait for ever."""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Iterator

import grpc
import grpc.aio
import pytest

from tests.worker.capture.grpc.test_calls import lines, method, struct, target
from tests.worker.peer.test_libraries import engine
from workbench.domain import AnswerSource, OnUnmatched, Replacement, Rule, RuleAction, RuleMatch
from workbench.worker.peer.reply import NoRecordedAnswer

__all__ = ["target"]

_LIMIT = 5


def iterated(host: str, step: int) -> list[float]:
    responses: queue.SimpleQueue[float] = queue.SimpleQueue()

    def requests() -> Iterator[object]:
        yield struct(n=0)
        for _ in range(2):
            yield struct(n=responses.get(timeout=_LIMIT) + step)

    found = []
    with grpc.insecure_channel(host) as channel:
        for one in method(channel, "Echo")(requests(), timeout=_LIMIT):
            found.append(one["n"])
            responses.put(one["n"])
    return found


def queued(host: str, step: int) -> list[float]:
    requests: queue.SimpleQueue[object] = queue.SimpleQueue()
    found = []
    with grpc.insecure_channel(host) as channel:
        call = method(channel, "Echo")(iter(lambda: requests.get(timeout=_LIMIT), None), timeout=_LIMIT)
        for number in range(3):
            requests.put(struct(n=number * step))
            found.append(next(call)["n"])
        requests.put(None)
        assert list(call) == []
        assert call.code() is grpc.StatusCode.OK
    return found


async def iterated_async(host: str, step: int) -> list[float]:
    responses: asyncio.Queue[float] = asyncio.Queue()

    async def requests() -> AsyncIterator[object]:
        yield struct(n=0)
        for _ in range(2):
            yield struct(n=await asyncio.wait_for(responses.get(), _LIMIT) + step)

    found = []
    async with grpc.aio.insecure_channel(host) as channel:
        async for one in method(channel, "Echo")(requests(), timeout=_LIMIT):
            found.append(one["n"])
            await responses.put(one["n"])
    return found


async def written(host: str, step: int) -> list[float]:
    found = []
    async with grpc.aio.insecure_channel(host) as channel:
        call = method(channel, "Echo")(timeout=_LIMIT)
        for number in range(3):
            await call.write(struct(n=number * step))
            found.append((await asyncio.wait_for(call.read(), _LIMIT))["n"])
        await call.done_writing()
        assert await call.read() is grpc.aio.EOF
    return found


WAYS = {
    "iterated": iterated,
    "queued": queued,
    "iterated, asynchronous": lambda host, step: asyncio.run(iterated_async(host, step)),
    "written": lambda host, step: asyncio.run(written(host, step)),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_requests_that_wait_for_responses(captured, target, way) -> None:
    assert way(target, 1) == [0, 1, 2]
    (recorded,) = captured.exchanges
    captured.events.clear()

    captured.recorder.answers = engine((recorded,))
    assert way(target, 1) == [0, 1, 2]
    replayed = captured.one
    assert (lines(replayed.request.body), replayed.body_state) == ([{"n": 0}, {"n": 1}, {"n": 2}], "complete")
    assert (replayed.response.body, replayed.origin.recorded) == (recorded.response.body, recorded.id)

    captured.recorder.answers = engine((recorded,))
    with pytest.raises(NoRecordedAnswer, match=f"Exchange {recorded.id} comes closest; it differs in body"):
        way(target, 2)
    departed = captured.exchanges[-1]
    assert lines(departed.request.body)[:2] == [{"n": 0}, {"n": 2}]
    assert (lines(departed.response.body), departed.origin.unmatched.closest) == ([{"n": 0}], recorded.id)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_requests_that_wait_for_responses_of_the_network(captured, target, way) -> None:
    captured.recorder.answers = engine((), on_unmatched=OnUnmatched.LIVE)
    assert way(target, 1) == [0, 1, 2]
    assert captured.one.origin.source is AnswerSource.LIVE
    everywhere = Rule("odd", RuleAction.REPLACE, RuleMatch(), pointer="/n", replacement=Replacement.VALUE, value="7")
    captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(everywhere,))
    assert way(target, 0) == [7, 7, 7]
    respond = Rule("own", RuleAction.RESPOND, RuleMatch(), body=b'{"n": 1}\n{"n": 2}\n{"n": 3}\n')
    captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(respond,))
    assert way(target, 1) == [1, 2, 3]


_GAP = 0.01


def slow(host: str, words: str) -> str:
    def requests() -> Iterator[object]:
        for word in words:
            time.sleep(_GAP)
            yield struct(word=word)

    with grpc.insecure_channel(host) as channel:
        return "".join(one["word"] for one in method(channel, "Gather")(requests(), timeout=_LIMIT))


async def slow_async(host: str, words: str) -> str:
    async def requests() -> AsyncIterator[object]:
        for word in words:
            await asyncio.sleep(_GAP)
            yield struct(word=word)

    async with grpc.aio.insecure_channel(host) as channel:
        return "".join([one["word"] async for one in method(channel, "Gather")(requests(), timeout=_LIMIT)])


@pytest.mark.parametrize("way", [slow, lambda host, words: asyncio.run(slow_async(host, words))])
def test_requests_that_come_slowly_are_matched_by_all_that_came_before_the_first_response(
    captured, target, monkeypatch, way
) -> None:
    for module in ("streams", "async_streams"):
        monkeypatch.setattr(f"workbench.worker.peer.grpc.{module}.QUIET", _GAP / 10)
    assert [way(target, words) for words in ("abx", "aby")] == ["abx", "aby"]
    recorded = captured.exchanges
    assert [one.response.sent_before for one in recorded] == [(3, 3, 3)] * 2
    captured.recorder.answers = engine(recorded)
    assert [way(target, words) for words in ("aby", "abx")] == ["aby", "abx"]
    captured.recorder.answers = engine(recorded)
    with pytest.raises(NoRecordedAnswer, match="differs in body /2/word"):
        way(target, "abz")


def test_requests_that_never_end(captured, target) -> None:
    stopped = threading.Event()

    def requests() -> Iterator[object]:
        try:
            while True:
                yield struct(n=1)
        finally:
            stopped.set()

    captured.recorder.answers = engine(())
    with pytest.MonkeyPatch.context() as patch, grpc.insecure_channel(target) as channel:
        patch.setattr("workbench.worker.peer.grpc.streams.LONGEST", 0.01)
        with pytest.raises(NoRecordedAnswer):
            list(method(channel, "Echo")(requests()))
    assert stopped.wait(_LIMIT)


def joined_later(host: str, timeout: float | None = None) -> object:
    """What a call gets whose requests come when it was made already."""
    requests: queue.SimpleQueue[object] = queue.SimpleQueue()
    with grpc.insecure_channel(host) as channel:
        call = method(channel, "Join").future(iter(lambda: requests.get(timeout=0.5), None), timeout=timeout)
        seen: list[object] = []
        call.add_done_callback(seen.append)
        with pytest.raises(grpc.FutureTimeoutError):
            call.result(timeout=0.01)
        assert (call.done(), call.cancelled(), seen) == (False, False, [])
        for part in ("a", "b", None):
            requests.put(part and struct(part=part))
        found = call.result(timeout=_LIMIT)["all"]
        assert call.done()
        assert call.code() is grpc.StatusCode.OK
    return found


def test_requests_that_come_when_the_call_is_made_already(captured, target) -> None:
    assert joined_later(target) == "ab"
    recorded = captured.exchanges
    captured.events.clear()
    captured.recorder.answers = engine(recorded)
    assert joined_later(target) == "ab"
    assert (captured.one.request, captured.one.origin.recorded) == (recorded[0].request, recorded[0].id)
    with pytest.raises(NoRecordedAnswer):
        joined_later(target)
    captured.recorder.answers = engine((), on_unmatched=OnUnmatched.LIVE)
    assert joined_later(target) == "ab"


@pytest.mark.parametrize("ends", ["CANCELLED", "DEADLINE_EXCEEDED"])
def test_a_call_whose_requests_do_not_come(captured, ends) -> None:
    captured.recorder.answers = engine(())
    requests: queue.SimpleQueue[object] = queue.SimpleQueue()
    with grpc.insecure_channel("127.0.0.1:1") as channel:
        timeout = 0.02 if ends == "DEADLINE_EXCEEDED" else None
        call = method(channel, "Join").future(iter(requests.get, None), timeout=timeout)
        if ends == "CANCELLED":
            assert call.cancel()
        assert call.exception().code().name == ends
        assert (call.done(), call.cancelled()) == (True, ends == "CANCELLED")
    requests.put(None)
    assert captured.one.error.type == ends


async def cancelled(host: str, *, waits: bool) -> list[object]:
    async with grpc.aio.insecure_channel(host) as channel:
        call = method(channel, "Echo")(timeout=_LIMIT)
        await call.write(struct(n=1))
        found = [(await call.read())["n"]]
        reading = asyncio.ensure_future(call.read())
        if waits:
            for _ in range(10):
                await asyncio.sleep(0)
        found.append(call.cancel())
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(reading, _LIMIT)
        with pytest.raises(asyncio.InvalidStateError):
            await call.write(struct(n=2))
        return [*found, call.cancelled(), call.done()]


@pytest.mark.parametrize("waits", [True, False])
def test_a_call_that_is_cancelled(captured, target, waits) -> None:
    live = asyncio.run(cancelled(target, waits=waits))
    (recorded,) = captured.exchanges
    captured.events.clear()
    captured.recorder.answers = engine((recorded,))
    assert asyncio.run(cancelled(target, waits=waits)) == live == [1, True, True, True]
    assert (captured.one.error, captured.one.body_state) == (recorded.error, recorded.body_state)
