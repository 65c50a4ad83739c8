"""Large results: what they take in memory is known, the largest go first, and their runs stay and say so."""

import gc
import json
import sys

from workbench.domain import CutReason, Returned, Status
from workbench.events import HandlerFinished, HandlerReturned, RunFinished, RunQueued, RunStarted, decode, encode
from workbench.store import Limits, Store

ROWS = 20_000


def do(store: Store, make_request, value: object) -> str:
    """A run that returned a value, as it comes from a worker."""
    run_id = store.create(make_request()).id
    text = json.dumps(value).encode()
    returned = HandlerReturned(1.2, Returned("list", None, size=len(text)), None, text)
    for event in (
        RunQueued(1.0),
        RunStarted(1.1, 1, "2.0.1", True),
        decode(encode(returned)),
        HandlerFinished(1.3, Status.SUCCEEDED, True),
        RunFinished(1.4, Status.SUCCEEDED),
    ):
        store.append(run_id, event)
    return run_id


def rows(count: int) -> list[dict[str, object]]:
    return [{"id": number, "name": f"item {number}"} for number in range(count)]


def test_one_large_result_does_not_push_ordinary_runs_out(make_request) -> None:
    store = Store(Limits(bytes=6_000_000))
    small = [do(store, make_request, rows(10)) for _ in range(28)]
    large, newest = do(store, make_request, rows(ROWS)), do(store, make_request, rows(ROWS))
    assert [store.get(one).outcome.result for one in small] == [rows(10)] * 28
    outcome = store.get(large).outcome
    assert (outcome.status, outcome.result, outcome.returned.value) == (Status.SUCCEEDED, None, None)
    assert (outcome.returned.cut.reason, outcome.returned.cut.stored) == (CutReason.MADE_ROOM, 0)
    assert outcome.returned.cut.size == len(json.dumps(rows(ROWS)))
    assert store.get(newest).outcome.result == rows(ROWS)


def test_what_a_value_takes_is_counted_about_right() -> None:
    wide = {f"key {number}": f"value {number}" for number in range(ROWS)}
    for value in (rows(ROWS), wide, [[number] for number in range(ROWS)], ["x" * 1000] * 500):
        text = json.dumps(value).encode()
        got = decode(encode(HandlerReturned(1.0, Returned("list", None), None, text))).returned
        assert 0.4 < got.memory / deep_size(json.loads(text)) < 2.5


def deep_size(value: object) -> int:
    seen: dict[int, int] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen[id(one)] = sys.getsizeof(one)
            waiting += gc.get_referents(one) if isinstance(one, dict | list) else ()
            waiting += one.keys() if isinstance(one, dict) else ()
    return sum(seen.values())


def test_twelve_large_results_take_no_more_than_one(make_request) -> None:
    value = rows(ROWS)
    store = Store(Limits(bytes=6_000_000))
    do(store, make_request, rows(10))
    gc.collect()
    rest = sys.getallocatedblocks()
    do(store, make_request, value)
    one = sys.getallocatedblocks() - rest
    for _ in range(11):
        run_id = do(store, make_request, value)
        assert store.get(run_id).outcome.result == value  # a page has looked at it, masked
    gc.collect()
    assert one > ROWS
    assert sys.getallocatedblocks() - rest < 1.2 * one


def test_a_worker_does_not_decide_what_its_value_takes() -> None:
    lie = HandlerReturned(1.0, Returned("list", [1] * 1000, memory=1))
    assert decode(encode(lie)).returned.memory == 0
