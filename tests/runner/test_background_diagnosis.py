"""The diagnosis beside the supervision: whatever it takes, limits hold and runs end."""

import threading
import time

from workbench.domain import ErrorCode, Side, Status, ValidationError
from workbench.events import CaptureNoted, ErrorsFound, Event, WarningsFound
from workbench.runner.background_diagnosis import BackgroundDiagnosis

ERROR = ValidationError(Side.INPUT, "/a", "/properties/a/type", "type", "Bad.", code=ErrorCode.OTHER)


def test_errors_come_in_the_order_in_which_they_were_asked_for() -> None:
    seen: list[Event] = []
    diagnosis = BackgroundDiagnosis(seen.append)
    diagnosis.begin([(ErrorsFound, lambda: [ERROR]), (WarningsFound, list)])
    diagnosis.begin([(WarningsFound, lambda: (time.sleep(0.01), [ERROR])[1])])
    assert diagnosis.wait(30)
    assert [type(event) for event in seen] == [ErrorsFound, WarningsFound]


def test_a_diagnosis_that_fails_is_a_note_and_the_next_one_goes_on() -> None:
    def fail() -> list[ValidationError]:
        raise RuntimeError("no idea")

    seen: list[Event] = []
    diagnosis = BackgroundDiagnosis(seen.append)
    diagnosis.begin([(ErrorsFound, fail), (ErrorsFound, lambda: [ERROR])])
    assert diagnosis.wait(30)
    assert [type(event) for event in seen] == [CaptureNoted, ErrorsFound]
    assert "could not diagnose this run: RuntimeError: no idea" in str(seen[0])


def test_nothing_is_appended_after_the_end() -> None:
    ended, seen = threading.Event(), list[Event]()
    diagnosis = BackgroundDiagnosis(seen.append)
    diagnosis.begin([(ErrorsFound, lambda: (ended.wait(30), [ERROR])[1])])
    assert not diagnosis.wait(0.01)
    diagnosis.abandon()
    ended.set()
    assert diagnosis.wait(30)
    assert seen == []


def test_a_run_keeps_its_time_limit_while_it_is_diagnosed(make_request, runner, monkeypatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr("workbench.runner.supervision.diagnose_request", lambda request: (ended.wait(60), ())[1])
    try:
        run = runner.wait(runner.submit(make_request("time.sleep(60)", timeout=0.5)).id, 30)
        assert run.outcome.status is Status.TIMED_OUT
    finally:
        ended.set()


def test_a_run_can_be_cancelled_while_its_output_is_diagnosed(make_request, runner, monkeypatch) -> None:
    began, ended = threading.Event(), threading.Event()
    monkeypatch.setattr("workbench.runner.conclusion.diagnose_output", lambda *_: (began.set(), ended.wait(60), ())[2])
    try:
        run_id = runner.submit(make_request("return 1")).id
        assert began.wait(30)
        assert runner.cancel(run_id)
        outcome = runner.wait(run_id, 30).outcome
        assert outcome.status is Status.SUCCEEDED
        assert "stopped before its diagnosis had ended" in outcome.output[-1].text
    finally:
        ended.set()
