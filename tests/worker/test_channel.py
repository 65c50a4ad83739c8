"""Events leave in order, soon or at once, and what waits is written when something else is."""

import os
from collections.abc import Iterator

import pytest

from workbench.events import CaptureNoted, Event, FrameReader
from workbench.worker.channel import DELAY, Channel


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


def test_what_is_sent_soon_is_written_by_itself(pipe) -> None:
    pipe.channel.send_soon(CaptureNoted(1.0, "a"))
    pipe.channel.send_soon(lambda: CaptureNoted(2.0, "b"))
    seen = pipe.read()
    while len(seen) < 2:
        seen += pipe.read()
    assert [event.message for event in seen] == ["a", "b"]


def test_what_is_sent_at_once_takes_along_what_waits(pipe, monkeypatch) -> None:
    monkeypatch.setattr("workbench.worker.channel.DELAY", 1000 * DELAY)
    pipe.channel.send_soon(lambda: CaptureNoted(1.0, "first"))
    pipe.channel.send(CaptureNoted(2.0, "second"))
    assert [event.message for event in pipe.read()] == ["first", "second"]


def test_an_event_that_cannot_be_made_is_a_note(pipe) -> None:
    pipe.channel.send_soon(lambda: 1 / 0)
    (event,) = pipe.read()
    assert "could not be sent: ZeroDivisionError" in event.message
