"""Retries of ``fetch`` as they are told: how often, how long it waits before the next, and the settings of a run."""

import time
from typing import Any

from autohive_integrations_sdk import ExecutionContext

from workbench.domain import FETCH_RETRIES, FETCH_TIMEOUT, Run, RunState, Status
from workbench.explain import headline
from workbench.explain.documents.report import report
from workbench.explain.text import plain
from workbench.runner import Runner
from workbench.store import Store

CAUGHT = """
try:
    await context.fetch("http://127.0.0.1:9/items")
except Exception:
    pass
return {"items": []}
"""


def told(run: Run) -> str:
    return plain(headline.tell(run))


def test_the_wait_before_each_attempt_is_recorded(do_run: Any) -> None:
    run = do_run(CAUGHT, max_retries=1)
    first, second = run.outcome.exchanges
    assert (first.retry.seconds, first.retry.attempt, first.retry.attempts, second.retry) == (1.0, 2, 2, None)
    assert second.started_at - first.retry.at >= 1.0
    assert told(run).startswith("All 2 attempts of GET /items failed: nothing listens at 127.0.0.1:9.")
    assert report(run)["exchanges"][0]["retry"] == {"seconds": 1.0, "attempt": 2, "attempts": 2}


def test_a_run_without_retries_tries_once(do_run: Any) -> None:
    run = do_run(CAUGHT, max_retries=0)
    assert [exchange.retry for exchange in run.outcome.exchanges] == [None]
    assert told(run).startswith("GET /items failed: nothing listens at 127.0.0.1:9.")


def test_the_timeout_of_an_attempt_is_that_of_the_run(do_run: Any) -> None:
    body = """
    async def silent(reader, writer):
        await asyncio.sleep(60)
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    return await context.fetch(f"http://127.0.0.1:{port}/")
    """
    began = time.monotonic()
    run = do_run(body, max_retries=0, fetch_timeout=0.3)
    assert run.outcome.status is Status.FAILED
    assert "did not respond within the request’s timeout" in told(run)
    assert time.monotonic() - began < 10


def test_the_handler_sees_the_settings_of_the_run(do_run: Any) -> None:
    assert do_run("return context.config", fetch_timeout=5.0).outcome.result == {"max_retries": 3, "timeout": 5.0}
    assert do_run("return context.config").outcome.result == {"max_retries": FETCH_RETRIES, "timeout": FETCH_TIMEOUT}
    assert ExecutionContext().config == {"max_retries": FETCH_RETRIES, "timeout": FETCH_TIMEOUT}


def test_sleeps_of_the_handler_are_no_retries(do_run: Any) -> None:
    body = """
    try:
        await context.fetch("http://127.0.0.1:9/items")
    except Exception:
        await asyncio.sleep(0.01)
    return await asyncio.gather(asyncio.sleep(0.01, "slept"), asyncio.sleep(delay=0, result=1))
    """
    run = do_run(body, max_retries=0)
    assert (run.outcome.result, run.outcome.exchanges[0].retry) == (["slept", 1], None)


def test_a_wait_is_told_while_it_lasts_and_when_it_was_cut_short(
    make_request: Any, runner: Runner, store: Store
) -> None:
    run_id = runner.submit(make_request("return await context.fetch('http://127.0.0.1:9/items')", max_retries=9)).id
    deadline = time.monotonic() + 30
    while not (run := runner.wait(run_id, 0.02)).outcome.exchanges or run.outcome.exchanges[-1].retry is None:
        assert time.monotonic() < deadline
    assert run.outcome.state is RunState.RUNNING
    assert told(run) == ("Waiting 1 s before attempt 2 of 10 of GET /items: nothing listens at 127.0.0.1:9…")
    runner.cancel(run_id)
    ended = runner.wait(run_id, 30)
    assert ended.outcome.status is Status.CANCELLED
    assert ", waiting 1 s before attempt 2 of 10 of GET /items: nothing listens at 127.0.0.1:9." in told(ended)
