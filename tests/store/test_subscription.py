"""Subscribers wake, miss nothing, and are bounded."""

import threading

import pytest

from workbench.domain import Status
from workbench.events import OutputWritten, RunFinished, RunQueued
from workbench.store import Limits, Store, TooManySubscribers


@pytest.fixture
def store() -> Store:
    return Store(Limits(runs=2, subscribers=3))


@pytest.fixture
def run_id(store: Store, make_request) -> str:
    return store.create(make_request()).id


def write(store: Store, run_id: str) -> None:
    store.append(run_id, OutputWritten(1.0, "stdout", "x"))


def test_at_first_everything_is_new(store: Store, run_id: str) -> None:
    with store.subscribe(run_id) as subscription:
        assert subscription.wait(0)
        assert not subscription.wait(0)
        assert not subscription.closed


def test_many_events_are_one_piece_of_news(store: Store, run_id: str) -> None:
    with store.subscribe(run_id) as subscription:
        subscription.wait(0)
        for _ in range(5):
            write(store, run_id)
        assert subscription.wait(0)
        assert subscription.version == 5
        assert not subscription.wait(0)


def test_an_append_wakes_who_waits(store: Store, run_id: str) -> None:
    news: list[bool] = []
    with store.subscribe(run_id) as subscription:
        subscription.wait(0)
        thread = threading.Thread(target=lambda: news.append(subscription.wait(60)))
        thread.start()
        write(store, run_id)
        thread.join(60)
    assert news == [True]


def test_closed_once_the_end_was_told(store: Store, run_id: str) -> None:
    with store.subscribe(run_id) as subscription:
        subscription.wait(0)
        store.append(run_id, RunFinished(1.0, Status.SUCCEEDED))
        assert not subscription.closed
        assert subscription.wait(60)
        assert subscription.closed
        assert not subscription.wait(60)


def test_replay_begins_behind_what_was_seen(store: Store, run_id: str) -> None:
    store.append(run_id, RunQueued(1.0))
    with store.subscribe(run_id, after=1) as subscription:
        assert not subscription.wait(0)
        write(store, run_id)
        assert subscription.wait(0)


def test_a_finished_run_that_was_seen_is_closed_at_once(store: Store, run_id: str) -> None:
    store.append(run_id, RunFinished(1.0, Status.SUCCEEDED))
    with store.subscribe(run_id, after=store.version(run_id)) as subscription:
        assert subscription.closed


def test_places_are_bounded_and_given_back(store: Store, run_id: str) -> None:
    subscriptions = [store.subscribe(run_id) for _ in range(3)]
    with pytest.raises(TooManySubscribers, match="3 pages"):
        store.subscribe(run_id)
    subscriptions[0].close()
    subscriptions[0].close()
    store.subscribe(run_id)
    with pytest.raises(TooManySubscribers):
        store.subscribe(run_id)


def test_a_subscriber_of_a_dropped_run_is_let_go(store: Store, run_id: str, make_request) -> None:
    store.append(run_id, RunFinished(1.0, Status.SUCCEEDED))
    with store.subscribe(run_id, after=1) as subscription:
        for _ in range(3):
            store.append(store.create(make_request()).id, RunFinished(1.0, Status.SUCCEEDED))
        assert store.get(run_id) is None
        assert subscription.closed
        assert not subscription.wait(60)


def test_closing_the_store_lets_everyone_go(store: Store, run_id: str) -> None:
    ended = threading.Event()
    with store.subscribe(run_id) as subscription:
        subscription.wait(0)

        def follow() -> None:
            while not subscription.closed:
                subscription.wait(60)
            ended.set()

        threading.Thread(target=follow, daemon=True).start()
        store.close()
        assert ended.wait(60)


def test_waiting_for_the_end(store: Store, run_id: str) -> None:
    assert not store.wait_finished(run_id, 0)
    threading.Timer(0.05, store.append, (run_id, RunFinished(1.0, Status.FAILED))).start()
    assert store.wait_finished(run_id, 60)
