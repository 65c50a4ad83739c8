"""How a run ended, as facts and in words."""

import pytest

from workbench.domain import ErrorKind, Frame, Outcome, Output, Returned, Status
from workbench.explain import endings
from workbench.explain.text import span
from workbench.runner import run_end


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
    assert words in endings.message(run_end.crash(3, outcome, loaded=loaded), request)
    assert words in endings.message(run_end.crash(-9, outcome, loaded=loaded), request)


@pytest.mark.parametrize(
    ("code", "words"), [(-11, "signal 11 (SIGSEGV)"), (-64, "signal 64"), (0, "exit code 0"), (3, "exit code 3")]
)
def test_of_what_a_worker_died(make_request, code: int, words: str) -> None:
    error = run_end.crash(code, Outcome(), loaded=True)
    assert words in endings.message(error, make_request("return 1"))
    assert error.kind is ErrorKind.CRASH
    assert error.type == ("WorkerKilled" if code < 0 else "WorkerExited")


def test_our_own_failure_is_not_blamed_on_the_integration(make_request) -> None:
    error = run_end.workbench_failed("TypeError: no")
    assert (error.type, error.kind) == ("WorkbenchFailed", ErrorKind.WORKBENCH)
    assert "TypeError: no" in endings.message(error, make_request("return 1"))


def test_a_worker_that_never_started(make_request) -> None:
    error = run_end.never_started(1, Outcome(output=(Output(0.1, "stderr", "ModuleNotFoundError: aiohttp\n"),)))
    assert error.type == "WorkerFailedToStart"
    assert "ModuleNotFoundError: aiohttp" in endings.message(error, make_request("return 1"))


def test_when_a_stopped_run_was_stopped(make_request) -> None:
    request = make_request("return 1")
    late = run_end.stopped(Status.TIMED_OUT, Outcome(), 2.0, loaded=True)
    assert endings.message(late, request) == f"Timed out after {span(request.timeout)}."
    cancelled = run_end.stopped(Status.CANCELLED, Outcome(), 1.23, loaded=True)
    assert endings.message(cancelled, request) == "Cancelled after 1.23 s."
    assert (late.kind, cancelled.kind) == (ErrorKind.TIMEOUT, ErrorKind.CANCELLED)


def test_a_run_cancelled_in_the_queue_says_that_nothing_ran(make_request) -> None:
    error = run_end.cancelled_in_queue()
    assert error.type == "Cancelled"
    assert "No code of the integration ran" in endings.message(error, make_request("return 1"))
