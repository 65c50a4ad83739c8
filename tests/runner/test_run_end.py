"""How a run ended, as facts and in words."""

import pytest

from workbench.domain import EndMeans, ErrorKind, Frame, Outcome, Output, Returned, Status
from workbench.events import EndAnnounced, StopRequested
from workbench.explain import endings
from workbench.explain.text import span
from workbench.runner import run_end
from workbench.runner.observations import Observations
from workbench.runner.run_end import ProcessEnd


@pytest.mark.parametrize(
    ("outcome", "loaded", "words"),
    [
        (Outcome(), False, "while one.py was imported"),
        (Outcome(), True, "before the handler began"),
        (Outcome(handler=Frame("one.py", 1)), True, "while the handler ran"),
        (Outcome(handler=Frame("one.py", 1), returned=Returned("int", 1)), True, "after the handler had returned"),
        (Outcome(left_at=1.0, has_raised=True), True, "after the handler had raised an exception"),
    ],
)
def test_when_a_worker_died(make_request, outcome: Outcome, loaded: bool, words: str) -> None:
    request = make_request("return 1")
    assert words in endings.message(run_end.crash(ProcessEnd(3), outcome, loaded=loaded), request)
    assert words in endings.message(run_end.crash(ProcessEnd(-9), outcome, loaded=loaded), request)


@pytest.mark.parametrize(
    ("code", "words"), [(-11, "signal 11 (SIGSEGV)"), (-64, "signal 64"), (0, "exit code 0"), (3, "exit code 3")]
)
def test_of_what_a_worker_died(make_request, code: int, words: str) -> None:
    error = run_end.crash(ProcessEnd(code), Outcome(), loaded=True)
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
    seen = Observations(loaded=True, stopped=StopRequested(3.0, Status.TIMED_OUT))
    late = run_end.stopped(seen, Outcome(), 1.0, ProcessEnd(-9))
    assert endings.message(late, request) == f"Timed out after {span(request.timeout)}."
    seen.stopped = StopRequested(2.23, Status.CANCELLED)
    cancelled = run_end.stopped(seen, Outcome(), 1.0, ProcessEnd(-9))
    assert endings.message(cancelled, request) == "Cancelled after 1.23 s."
    assert (late.kind, cancelled.kind) == (ErrorKind.TIMEOUT, ErrorKind.CANCELLED)


def test_a_handler_that_returns_once_it_was_stopped_had_not_returned(make_request) -> None:
    request, outcome = make_request("return 1"), Outcome(handler=Frame("one.py", 1), left_at=2.1)
    seen = Observations(loaded=True, left=3.1, stopped=StopRequested(3.0, Status.TIMED_OUT))
    error = run_end.stopped(seen, outcome, 1.0, ProcessEnd(-9))
    assert endings.message(error, request) == f"Timed out after {span(request.timeout)}."
    assert error.end.seconds == 2.0


def test_a_run_cancelled_in_the_queue_says_that_nothing_ran(make_request) -> None:
    error = run_end.cancelled_in_queue()
    assert error.type == "Cancelled"
    assert "No code of the integration ran" in endings.message(error, make_request("return 1"))


KILLED = [
    (ProcessEnd(-9, memory_kills=1), EndMeans.MEMORY_KILLER, "The system killed the worker because memory ran out"),
    (ProcessEnd(-9, memory_kills=0), EndMeans.OTHERS_SIGNAL, "another process sent it"),
    (ProcessEnd(-9), None, "The worker was killed by signal 9 (SIGKILL)"),
    (ProcessEnd(-9, cpu_seconds=2.0, cpu_limit=2, memory_kills=1), EndMeans.CPU_LIMIT, "limit of processor time"),
    (ProcessEnd(-9, cpu_seconds=1.0, cpu_limit=2, memory_kills=0), EndMeans.OTHERS_SIGNAL, "C code or another process"),
    (ProcessEnd(-24), EndMeans.CPU_LIMIT, "The worker used up its limit of processor time"),
    (ProcessEnd(-15, memory_kills=1), None, "killed by signal 15 (SIGTERM)"),
]


@pytest.mark.parametrize(("end", "means", "words"), KILLED)
def test_who_killed_a_worker(make_request, end: ProcessEnd, means: EndMeans | None, words: str) -> None:
    error = run_end.crash(end, Outcome(), loaded=True)
    assert error.end.means is means
    assert words in endings.message(error, make_request("return 1"))


def test_a_signal_that_the_integration_announced(make_request) -> None:
    announced = [EndAnnounced(1.0, EndMeans.OWN_SIGNAL, number=15)]
    assert run_end.crash(ProcessEnd(-15, announced), Outcome(), loaded=True).end.means is EndMeans.OWN_SIGNAL
    other = run_end.crash(ProcessEnd(-9, announced, memory_kills=0), Outcome(), loaded=True)
    assert other.end.means is EndMeans.OTHERS_SIGNAL
