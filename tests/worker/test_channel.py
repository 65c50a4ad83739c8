"""Events leave in order, soon or at once, and what waits is written when something else is."""

import os
from collections.abc import Iterator

import pytest
from multidict import istr

from workbench.events import (
    CaptureNoted,
    Event,
    ExchangeStarted,
    FrameReader,
    OutputWritten,
    ResponseBodyReceived,
    exchange_parts,
)
from workbench.worker.channel import BURST, DELAY, INTERVAL, Channel


class Pipe:
    """A channel and what comes out of it."""

    def __init__(self) -> None:
        self.out, written = os.pipe()
        self.channel = Channel(written)
        self.written = written
        self._reader = FrameReader()

    def read(self) -> list[Event]:
        """What is written next; waits for it."""
        return list(self._reader.feed(os.read(self.out, 1 << 20)))


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.channel.close()
    os.close(made.out)
    os.close(made.written)


STARTED = (exchange_parts.STARTED, 1.0, 1, 1, 1, "http.client", "GET", "http://a/", None, "")


def test_what_is_sent_soon_is_written_by_itself(pipe) -> None:
    pipe.channel.send_soon(CaptureNoted(1.0, "a"))
    pipe.channel.post(STARTED)
    seen = pipe.read()
    while len(seen) < 2:
        seen += pipe.read()
    assert [type(event) for event in seen] == [CaptureNoted, ExchangeStarted]


def test_what_is_put_is_written_while_an_exchange_is_under_way(pipe) -> None:
    pipe.channel.under_way = {1: "attempt"}
    pipe.channel.post(STARTED)
    assert pipe.read()
    pipe.channel.put((exchange_parts.RESPONSE_BODY, 2.0, 1, 1, b"x"))  # nobody is told of it
    assert pipe.read() == [ResponseBodyReceived(2.0, 1, 1, b"x")]


def test_what_is_sent_at_once_takes_along_what_waits(pipe, monkeypatch) -> None:
    monkeypatch.setattr("workbench.worker.channel.DELAY", 1000 * DELAY)
    pipe.channel.send_soon(CaptureNoted(1.0, "first"))
    pipe.channel.send(CaptureNoted(2.0, "second"))
    assert [event.message for event in pipe.read()] == ["first", "second"]


def test_the_ends_of_exchanges_are_written_at_once_until_there_are_too_many(pipe) -> None:
    channel, at = pipe.channel, 100.0
    for _ in range(round(BURST / INTERVAL)):
        assert at > channel.due
        channel.put(STARTED)
        channel.write_at_once(at)
        assert not channel._queue
    assert channel.due == pytest.approx(at)
    assert at + 2 * INTERVAL > channel.due


def test_a_text_without_utf_8_is_replaced_and_spoils_no_other_part(pipe) -> None:
    pipe.channel.put((*STARTED[:7], "http://a/\ud800", *STARTED[8:]))
    pipe.channel.put((exchange_parts.REQUEST, 1.0, 1, "GET", "1.1", ((istr("A"), "b"),), None))
    pipe.channel.flush()
    started, sent = pipe.read()
    assert started.url == "http://a/\N{REPLACEMENT CHARACTER}"
    assert sent.headers == (("A", "b"),)


def test_an_event_that_cannot_be_encoded_is_a_note(pipe) -> None:
    pipe.channel.send_soon(OutputWritten(1.0, "stdout", object()))
    (event,) = pipe.read()
    assert "An event (OutputWritten) could not be sent" in event.message


def test_a_fork_keeps_and_writes_nothing(pipe) -> None:
    pipe.channel.put(STARTED)
    if (child := os.fork()) == 0:
        pipe.channel.post(STARTED)
        pipe.channel.flush()
        os._exit(len(pipe.channel._queue))
    assert os.waitpid(child, 0)[1] == 0
    pipe.channel.flush()
    assert len(pipe.read()) == 1
