"""Several runs at once, runs that wait, and runs that are cancelled."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workbench.domain import RunState, Status
from workbench.explain import headline
from workbench.explain.endings import with_message
from workbench.explain.text import plain
from workbench.runner import Runner, RunnerBusy, RunnerClosed, RunnerLimits
from workbench.store import Store, UnknownRun

WAITS = """
while not os.path.exists(inputs["file"]):
    await asyncio.sleep(0.01)
return "seen"
"""


def test_runs_beyond_the_limit_wait_their_turn(make_request, tmp_path: Path) -> None:
    signal = tmp_path / "go-on"
    with Store() as store, Runner(store, max_running=1) as runner:
        request = make_request(WAITS, inputs={"file": str(signal)})
        first, second = runner.submit(request), runner.submit(request)
        while store.get(first.id).outcome.state is not RunState.RUNNING:
            time.sleep(0.01)
        third = runner.submit(request)
        assert store.get(second.id).outcome.state is RunState.QUEUED
        assert plain(headline.tell(store.get(third.id))) == ("Waiting for a free worker, 1 other run before this one…")
        runner.cancel(second.id)
        assert store.get(third.id).outcome.ahead == 0
        second = third
        signal.touch()
        assert [runner.wait(run.id).outcome.result for run in (first, second)] == ["seen", "seen"]


def test_beyond_the_queue_it_is_busy_and_says_so(make_request, tmp_path: Path) -> None:
    request = make_request(WAITS, inputs={"file": str(tmp_path / "never")})
    with Store() as store, Runner(store, max_running=1, limits=RunnerLimits(queued=2)) as runner:
        for _ in range(3):
            runner.submit(request)
        with pytest.raises(RunnerBusy, match="1 running and 2 queued"):
            runner.submit(request)
        assert len(store.list()) == 3


def test_many_at_once_lose_nothing(make_request) -> None:
    with Store() as store, Runner(store) as runner:
        request = make_request("print('here')\nreturn inputs")
        with ThreadPoolExecutor(8) as pool:
            runs = list(pool.map(lambda _: runner.submit(request), range(16)))
        outcomes = [runner.wait(run.id).outcome for run in runs]
    assert {outcome.status for outcome in outcomes} == {Status.SUCCEEDED}
    assert len({run.id for run in runs}) == 16
    assert all("here" in "".join(item.text for item in outcome.output) for outcome in outcomes)


def test_cancelling_a_run_that_goes_on(make_request, runner: Runner, store: Store) -> None:
    run_id = runner.submit(make_request("print('begun')\nawait asyncio.sleep(600)")).id
    while not store.get(run_id).outcome.output:
        time.sleep(0.01)
    assert runner.cancel(run_id)
    done = runner.wait(run_id, 30)
    assert done.outcome.status is Status.CANCELLED
    assert "Cancelled after" in with_message(done.outcome, done.request).error.message
    assert [Path(frame.file).name for frame in done.outcome.stuck_at].count("one.py") == 1
    assert not runner.cancel(run_id)


def test_cancelling_a_run_that_waits(make_request, tmp_path: Path) -> None:
    request = make_request(WAITS, inputs={"file": str(tmp_path / "never")})
    with Store() as store, Runner(store, max_running=1) as runner:
        first, second = runner.submit(request), runner.submit(request)
        assert runner.cancel(second.id)
        done = runner.wait(second.id, 30)
        outcome = with_message(done.outcome, done.request)
        assert (outcome.status, outcome.handler) == (Status.CANCELLED, None)
        assert "No code of the integration ran" in outcome.error.message
        assert runner.cancel(first.id)


def test_cancelling_what_nobody_knows(runner: Runner) -> None:
    assert not runner.cancel("no-such-run")
    with pytest.raises(UnknownRun):
        runner.wait("no-such-run")


def test_waiting_has_an_end(make_request, runner: Runner) -> None:
    run_id = runner.submit(make_request("await asyncio.sleep(600)")).id
    assert runner.wait(run_id, 0.01).outcome.state is not RunState.FINISHED
    runner.cancel(run_id)
    assert runner.wait(run_id, 30).outcome.state is RunState.FINISHED


def test_a_closed_runner_takes_nothing(make_request) -> None:
    with Store() as store, Runner(store) as runner:
        pass
    with pytest.raises(RunnerClosed):
        runner.submit(make_request("return 1"))
    runner.close()


def test_closing_cancels_what_waits(make_request, tmp_path: Path) -> None:
    request = make_request(WAITS, inputs={"file": str(tmp_path / "never")})
    with Store() as store, Runner(store, max_running=1) as runner:
        ids = [runner.submit(request).id for _ in range(3)]
    assert [store.get(run_id).outcome.status for run_id in ids] == [Status.CANCELLED] * 3
