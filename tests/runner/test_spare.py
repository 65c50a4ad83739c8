"""The spare workers: there, replaced when used, replaced when dead."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.runner import Runner, RunnerLimits
from workbench.store import Store

from_here = RunnerLimits(locate=0.3, cancel=0.3)


@pytest.fixture
def own_runner():
    with Store() as store, Runner(store, limits=from_here) as runner:
        yield runner


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_spare_does_the_run_and_is_replaced(own_runner: Runner, make_request) -> None:
    until(lambda: own_runner.warm_spares)
    first = own_runner.spare_pids[0]
    run = own_runner.wait(own_runner.submit(make_request("return os.getpid()")).id)
    assert run.outcome.result == first
    until(lambda: own_runner.spare_pids and first not in own_runner.spare_pids)
    assert gone(first)


def test_two_runs_at_once_find_a_spare_each_and_both_are_replaced(own_runner: Runner, make_request) -> None:
    until(lambda: own_runner.warm_spares == 2)
    spares = own_runner.spare_pids
    runs = [own_runner.submit(make_request("await asyncio.sleep(0.1)\nreturn os.getpid()")) for _ in range(2)]
    assert {own_runner.wait(run.id).outcome.result for run in runs} == set(spares)
    until(lambda: own_runner.warm_spares == 2)
    assert not set(spares) & set(own_runner.spare_pids)


def test_the_second_spare_is_replaced_when_it_dies(own_runner: Runner) -> None:
    until(lambda: own_runner.warm_spares == 2)
    first, second = own_runner.spare_pids
    os.kill(second, signal.SIGKILL)
    until(lambda: own_runner.warm_spares == 2 and second not in own_runner.spare_pids)
    assert own_runner.spare_pids[0] == first


def test_a_dead_spare_is_noticed_and_replaced(own_runner: Runner, make_request) -> None:
    until(lambda: own_runner.warm_spares)
    first = own_runner.spare_pids[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: own_runner.spare_pids and first not in own_runner.spare_pids)
    run = own_runner.wait(own_runner.submit(make_request("return 1")).id)
    assert run.outcome.result == 1


def test_a_run_at_once_after_the_spares_death(own_runner: Runner, make_request) -> None:
    until(lambda: own_runner.warm_spares)
    os.kill(own_runner.spare_pids[0], signal.SIGKILL)
    run = own_runner.wait(own_runner.submit(make_request("return 1")).id)
    assert run.outcome.result == 1


def test_a_run_before_any_spare_is_there(make_request) -> None:
    with Store() as store, Runner(store) as runner:
        assert runner.wait(runner.submit(make_request("return 1")).id).outcome.result == 1


def test_code_that_was_edited_is_seen_by_the_next_run(own_runner: Runner, make_request) -> None:
    assert own_runner.wait(own_runner.submit(make_request("return 'before'")).id).outcome.result == "before"
    assert own_runner.wait(own_runner.submit(make_request("return 'after'")).id).outcome.result == "after"


def test_closing_ends_the_spare_and_what_runs(make_request) -> None:
    with Store() as store, Runner(store, limits=from_here) as runner:
        run_id = runner.submit(make_request("print(os.getpid())\nawait asyncio.sleep(600)")).id
        until(lambda: store.get(run_id).outcome.output)
        pid = int(store.get(run_id).outcome.output[0].text)
        until(lambda: runner.spare_pids)
        spares = runner.spare_pids
    assert store.get(run_id).outcome.status == "cancelled"
    assert all(map(gone, (pid, *spares)))


def test_no_descriptor_and_no_thread_is_left(make_request) -> None:
    def count() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    before = count()
    with Store() as store, Runner(store, max_running=2) as runner:
        ids = [runner.submit(make_request("return 1")).id for _ in range(6)]
        runner.cancel(ids[-1])
        for run_id in ids:
            runner.wait(run_id)
    until = time.monotonic() + 10  # where a thread waits for the end of each worker, it goes a moment later
    while count() != before and time.monotonic() < until:
        time.sleep(0.01)
    assert count() == before
