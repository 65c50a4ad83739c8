"""The words on how a run ended."""

import pytest

from workbench.domain import Frame, Outcome, Output, Returned, Status
from workbench.runner import ending

TRACE = (
    'Traceback (most recent call last):\n  File "/x/workbench/worker/__main__.py", line 8, in <module>\nTypeError: no\n'
)


@pytest.mark.parametrize(
    ("outcome", "loaded", "words"),
    [
        (Outcome(), False, "while one.py was imported"),
        (Outcome(), True, "before the handler began"),
        (Outcome(handler=Frame("one.py", 1)), True, "while the handler ran"),
        (Outcome(handler=Frame("one.py", 1), returned=Returned("int", 1)), True, "after the handler had returned"),
    ],
)
def test_when_a_worker_died(make_request, outcome: Outcome, loaded: bool, words: str) -> None:
    request = make_request("return 1")
    assert words in ending.crash(3, outcome, request, loaded=loaded).message
    assert words in ending.crash(-9, outcome, request, loaded=loaded).message


@pytest.mark.parametrize(
    ("code", "words"), [(-11, "signal 11 (SIGSEGV)"), (-64, "signal 64"), (0, "exit code 0"), (3, "exit code 3")]
)
def test_of_what_a_worker_died(make_request, code: int, words: str) -> None:
    error = ending.crash(code, Outcome(), make_request("return 1"), loaded=True)
    assert words in error.message
    assert error.type == ("WorkerKilled" if code < 0 else "WorkerExited")


def test_our_own_failure_is_not_blamed_on_the_integration(make_request) -> None:
    outcome = Outcome(output=(Output(0.1, "stderr", TRACE),))
    error = ending.crash(1, outcome, make_request("return 1"), loaded=False)
    assert (error.type, "TypeError: no" in error.message) == ("WorkbenchFailed", True)


def test_a_worker_that_never_started() -> None:
    error = ending.never_started(1, Outcome(output=(Output(0.1, "stderr", "ModuleNotFoundError: aiohttp\n"),)))
    assert error.type == "WorkerFailedToStart"
    assert "ModuleNotFoundError: aiohttp" in error.message


def test_where_a_stopped_run_stood() -> None:
    outcome = Outcome(stuck_at=(Frame("helpers.py", 12, "wait_for"),))
    assert "It stood at helpers.py:12 in wait_for." in ending.stopped(Status.TIMED_OUT, outcome, 2.0, 2.0).message
    assert "cancelled after 1.2 s" in ending.stopped(Status.CANCELLED, Outcome(), 1.23, 60).message
