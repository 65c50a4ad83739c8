"""Waits that a replay does not wait for."""

import os
import selectors
from collections.abc import Iterator

import pytest

from workbench.worker.peer.waits import SkippingSelector


@pytest.fixture
def waking() -> Iterator[tuple[int, int]]:
    """The pipe by which threads wake a loop."""
    read, write = os.pipe()
    yield read, write
    os.close(read)
    os.close(write)


def test_a_thread_that_wakes_the_loop_while_it_is_looked_at_is_heard(waking: tuple[int, int]) -> None:
    read, write = waking
    skipped: list[float] = []

    def is_idle() -> bool:
        os.write(write, b"!")
        return True

    with selectors.DefaultSelector() as real:
        real.register(read, selectors.EVENT_READ)
        selector = SkippingSelector(real, skipped.append, is_idle)
        assert [key.fd for key, _ in selector.select(60)] == [read]
        assert skipped == []
        os.read(read, 1)
        assert [key.fd for key, _ in selector.select(60)] == [read]
