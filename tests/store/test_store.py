"""The store keeps what there is room for, masks what leaves it, and counts versions."""

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.domain import Kind, Returned, RunState, Status
from workbench.events import (
    ExchangeStarted,
    HandlerReturned,
    LogRecorded,
    OutputWritten,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
    RunFinished,
    RunQueued,
    RunStarted,
)
from workbench.store import Limits, Store, UnknownRun

KEY = "sk-live-0123456789"


def finish(store: Store, run_id: str) -> None:
    store.append(run_id, RunFinished(2.0, Status.SUCCEEDED))


def exchange(store: Store, run_id: str, number: int, *pieces: bytes) -> None:
    store.append(run_id, ExchangeStarted(1.0, number, number, 1, "aiohttp", "GET", "http://127.0.0.1/"))
    store.append(run_id, ResponseStarted(1.0, number, 200, "OK", "1.1", ()))
    for piece in pieces:
        store.append(run_id, ResponseBodyReceived(1.0, number, len(piece), piece))


def test_a_run_is_kept_with_what_happened(make_request) -> None:
    store = Store()
    run = store.create(make_request())
    store.append(run.id, RunQueued(1.0))
    store.append(run.id, RunStarted(1.5, 1, "2.0.1", True))
    assert store.get(run.id).outcome.state is RunState.STARTING
    finish(store, run.id)
    done = store.get(run.id)
    assert (done.outcome.status, done.outcome.finished_at) == (Status.SUCCEEDED, 1.0)
    assert done.created_at == run.created_at


def test_ids_are_short_and_safe_in_urls(make_request) -> None:
    store = Store()
    ids = [store.create(make_request()).id for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(run_id.isalnum() and len(run_id) < 12 for run_id in ids)


def test_what_nobody_knows(make_request) -> None:
    store = Store()
    assert store.get("7") is None
    for ask in (store.version, store.subscribe, store.wait_finished):
        with pytest.raises(UnknownRun, match="no run '7'"):
            ask("7")
    with pytest.raises(UnknownRun):
        store.append("7", RunQueued(1.0))


def test_an_event_that_cannot_follow_is_refused(make_request) -> None:
    store = Store()
    run_id = store.create(make_request()).id
    finish(store, run_id)
    with pytest.raises(ValueError, match="finished cannot become starting"):
        store.append(run_id, RunStarted(3.0, 1, "2.0.1", True))


def test_lists_are_newest_first_and_filtered(make_request) -> None:
    store = Store()
    first = store.create(make_request()).id
    second = store.create(make_request(name="stop")).id
    third = store.create(make_request(integration_id="two", kind=Kind.TRIGGER)).id
    assert [run.id for run in store.list()] == [third, second, first]
    assert [run.id for run in store.list(limit=1)] == [third]
    assert [run.id for run in store.list(integration_id="one")] == [second, first]
    assert [run.id for run in store.list(kind=Kind.TRIGGER)] == [third]
    assert [run.id for run in store.list(integration_id="one", name="go")] == [first]


def test_events_that_come_together_wake_once(make_request) -> None:
    store = Store()
    run_id = store.create(make_request()).id
    started = ExchangeStarted(1.0, 1, 1, 1, "aiohttp", "GET", "http://a/")
    with store.subscribe(run_id, after=store.version(run_id)) as subscription:
        store.extend(
            run_id, [started, ResponseStarted(1.0, 1, 200, "OK", "1.1", ()), ResponseBodyReceived(1.0, 1, 2, b"ok")]
        )
        assert subscription.wait(0)
        assert not subscription.wait(0)
    (seen,) = store.get(run_id).outcome.exchanges
    assert seen.response.body == b"ok"
    assert seen is store.get(run_id).outcome.exchanges[0]


def test_secrets_are_masked_unless_revealed(make_request) -> None:
    store = Store()
    created = store.create(make_request(auth={"api_key": KEY, "region": "eu"}, inputs={"header": f"Bearer {KEY}"}))
    store.append(created.id, OutputWritten(1.0, "stdout", f"key={KEY}\n"))
    exchange(store, created.id, 1, b"<", KEY.encode()[:5], KEY.encode()[5:], b">")
    store.append(created.id, RequestSent(1.0, 1, "GET", "1.1", (("Authorization", f"Bearer {KEY}"),)))
    store.append(created.id, HandlerReturned(1.0, Returned("dict", {KEY: [KEY, 1]})))
    for run in (created, store.get(created.id), store.list()[0]):
        assert KEY not in repr(run)
        assert run.request.auth == {"api_key": "‹api_key›", "region": "eu"}
    masked = store.get(created.id).outcome
    assert masked.output[0].text == "key=‹api_key›\n"
    assert masked.exchanges[0].response.body == "<‹api_key›>".encode()
    assert masked.exchanges[0].request.headers == (("Authorization", "Bearer ‹api_key›"),)
    assert masked.returned.value == {"‹api_key›": ["‹api_key›", 1]}
    revealed = store.get(created.id, reveal=True)
    assert revealed.request.auth == {"api_key": KEY, "region": "eu"}
    assert revealed.outcome.exchanges[0].response.body == f"<{KEY}>".encode()


def test_a_view_is_made_once_for_each_version(make_request) -> None:
    store = Store()
    run_id = store.create(make_request(auth={"api_key": KEY})).id
    exchange(store, run_id, 1, b"body")
    first = store.get(run_id)
    assert store.get(run_id) is first
    store.append(run_id, OutputWritten(1.0, "stdout", "more"))
    second = store.get(run_id)
    assert second is not first
    assert second.outcome.exchanges[0] is first.outcome.exchanges[0]


def test_versions_grow_with_every_event(make_request) -> None:
    store = Store()
    run_id = store.create(make_request()).id
    assert store.version(run_id) == 0
    store.append(run_id, RunQueued(1.0))
    store.append(run_id, OutputWritten(1.0, "stdout", "x"))
    assert store.version(run_id) == 2


def test_the_oldest_finished_make_room(make_request) -> None:
    store = Store(Limits(runs=3))
    ids = [store.create(make_request()).id for _ in range(3)]
    for run_id in ids[1:]:
        finish(store, run_id)
    newest = store.create(make_request()).id
    assert [run.id for run in store.list()] == [newest, ids[2], ids[0]]
    for _ in range(4):
        store.create(make_request())
    assert store.get(ids[0]) is not None
    assert store.get(ids[2]) is not None


def test_bytes_are_bounded_over_all_runs(make_request) -> None:
    store = Store(Limits(bytes=1_000_000))
    for _ in range(20):
        run_id = store.create(make_request()).id
        exchange(store, run_id, 1, b"x" * 100_000)
        finish(store, run_id)
    kept = store.list()
    assert 5 <= len(kept) < 10
    assert kept[0].id == run_id


def test_a_run_that_grows_too_large_keeps_its_course(make_request) -> None:
    store = Store(Limits(bytes_of_a_run=200_000))
    run_id = store.create(make_request()).id
    for number in range(10):
        exchange(store, run_id, number, b"x" * 50_000)
        store.append(run_id, OutputWritten(1.0, "stdout", "y" * 50_000))
        store.append(run_id, LogRecorded(1.0, "INFO", "log", "z" * 50_000))
    finish(store, run_id)
    outcome = store.get(run_id).outcome
    assert outcome.status is Status.SUCCEEDED
    notes = [item.text for item in outcome.output if item.source == "note"]
    assert len(notes) == 1
    assert "memory limit" in notes[0]
    assert [one.response.size for one in outcome.exchanges] == [50_000] * 10, "each request is shown"
    bodies = sum(len(one.response.body) for one in outcome.exchanges)
    assert bodies + sum(len(item.text) for item in outcome.output) < 250_000


def test_a_run_with_too_many_requests_says_so(make_request) -> None:
    store = Store(Limits(bytes_of_a_run=50_000))
    run_id = store.create(make_request()).id
    for number in range(1000):
        exchange(store, run_id, number, b"")
    outcome = store.get(run_id).outcome
    assert 10 < len(outcome.exchanges) < 1000
    assert any("more requests than can be shown" in one.text for one in outcome.output)


def test_a_body_that_no_longer_fits_is_still_counted(make_request) -> None:
    store = Store(Limits(bytes_of_a_run=100_000))
    run_id = store.create(make_request()).id
    exchange(store, run_id, 1, b"x" * 90_000, b"x" * 90_000)
    response = store.get(run_id).outcome.exchanges[0].response
    assert (len(response.body), response.size) == (90_000, 180_000)


def test_many_threads_lose_nothing(make_request) -> None:
    store = Store()
    run_id = store.create(make_request(auth={"api_key": KEY})).id

    def write(thread: int) -> None:
        for number in range(50):
            store.append(run_id, OutputWritten(1.0, "stdout", f"{thread}-{number}\n"))
            store.get(run_id)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert len(store.get(run_id).outcome.output) == 300
    assert store.version(run_id) == 300


def test_a_run_that_was_dropped_is_freed(make_request) -> None:
    store = Store(Limits(runs=1))
    for number in range(3):
        run = store.create(make_request())
        store.append(run.id, RunQueued(1.0))
        store.append(run.id, RunStarted(1.5, 1, "2.0.1", True))
        exchange(store, run.id, 1, b"body")
        store.append(run.id, HandlerReturned(1.8, Returned("dict", {"marker": f"freed {number}"}), None))
        store.get(run.id)
        store.get(run.id, reveal=True)
        finish(store, run.id)
    gc.collect()
    values = [one.value for one in gc.get_objects() if type(one) is Returned and isinstance(one.value, dict)]
    left = [value["marker"] for value in values if "marker" in value]
    assert set(left) == {"freed 2"}
