"""Events in, the picture out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import (
    ErrorInfo,
    ExchangeError,
    Frame,
    Outcome,
    Returned,
    RunState,
    Side,
    Status,
    Timings,
    ValidationError,
)
from workbench.events import (
    CaptureNoted,
    ErrorsFound,
    ExchangeEnded,
    ExchangeStarted,
    HandlerFinished,
    HandlerReturned,
    HandlerStarted,
    HangLocated,
    IntegrationLoaded,
    LogRecorded,
    OutcomeFold,
    OutputWritten,
    RequestBodySent,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
    RunFinished,
    RunQueued,
    RunStarted,
    StopRequested,
    WarningsFound,
    WorkerReady,
    fold,
)

from .conftest import KINDS, values_of

BEGUN = [RunQueued(100.0), RunStarted(100.1, 7, "2.0.1", True)]
HANDLER = Frame("probe.py", 3, "Go.execute", "async def execute(): ...", 3)


def test_a_run_from_its_acceptance_to_its_end() -> None:
    error = ErrorInfo("ValidationError", "no")
    problem = ValidationError(Side.OUTPUT, "/n", "/properties/n/type", "type", "not a number")
    warning = ValidationError(Side.INPUT, "/u", "/properties/u/format", "format", "no uri")
    outcome = fold(
        [
            *BEGUN,
            WorkerReady(99.0, 7, "2.0.1"),
            IntegrationLoaded(100.2, ("go",), (), False),
            HandlerStarted(100.3, HANDLER),
            HandlerReturned(100.4, Returned("ActionResult", {"n": "x"}, 0.5, (("/n", "obj"),)), 9),
            HandlerFinished(100.5, Status.INVALID_OUTPUT, False, 0.5, error),
            ErrorsFound(100.6, (problem,)),
            WarningsFound(100.7, (warning,)),
            RunFinished(101.0, Status.INVALID_OUTPUT),
        ]
    )
    assert outcome.warnings == (warning,)
    assert (outcome.state, outcome.status, outcome.sdk_version) == (RunState.FINISHED, Status.INVALID_OUTPUT, "2.0.1")
    assert (outcome.result, outcome.returned.value, outcome.cost_usd) == (None, {"n": "x"}, 0.5)
    assert (outcome.error, outcome.errors, outcome.handler, outcome.return_line) == (error, (problem,), HANDLER, 9)
    assert outcome.started_at == pytest.approx(0.3)
    assert outcome.duration == pytest.approx(1.0)


def test_the_result_is_the_value_of_the_last_return() -> None:
    events = [
        *BEGUN,
        HandlerReturned(1.0, Returned("dict", {"a": 1})),
        HandlerReturned(1.0, Returned("dict", {"a": 2})),
    ]
    assert fold([*events, HandlerFinished(2.0, Status.SUCCEEDED, True)]).result == {"a": 2}
    assert fold([*events, HandlerFinished(2.0, Status.INVALID_OUTPUT)]).result is None
    assert fold([*BEGUN, HandlerFinished(2.0, Status.SUCCEEDED, True)]).result is None


def test_an_exchange_is_put_together() -> None:
    site = Frame("probe.py", 5, "Go.execute", "await fetch()")
    error = ExchangeError("ClientPayloadError", "cut", "receive")
    outcome = fold(
        [
            *BEGUN,
            ExchangeStarted(101.0, 4, 2, 1, "aiohttp", "GET", "http://x/", site),
            RequestSent(101.1, 4, "POST", "1.1", (("A", "b"),), True),
            RequestBodySent(101.1, 4, 2, b"ab"),
            RequestBodySent(101.1, 4, 3, b""),
            ResponseStarted(101.2, 4, 200, "OK", "1.0", (("C", "d"),)),
            ResponseBodyReceived(101.3, 4, 1, b"e"),
            ResponseBodyReceived(101.3, 4, 9, b"f"),
            ExchangeEnded(101.5, 4, Timings(wait=1.0), "cut", error),
        ]
    )
    (one,) = outcome.exchanges
    assert (one.id, one.group, one.attempt, one.library, one.reused, one.call_site) == (4, 2, 1, "aiohttp", True, site)
    assert (one.request.method, one.request.headers, one.request.body, one.request.size) == (
        "POST",
        (("A", "b"),),
        b"ab",
        5,
    )
    assert (one.response.status, one.response.http_version, one.response.body, one.response.size) == (
        200,
        "1.0",
        b"ef",
        10,
    )
    assert (one.body_state, one.error, one.timings.wait) == ("cut", error, 1.0)
    assert (one.started_at, one.ended_at) == (pytest.approx(1.0), pytest.approx(1.5))


def test_a_second_response_of_an_exchange_takes_the_place_of_the_first() -> None:
    first, second = (
        (ResponseStarted(101.2, 4, status, "", "1.1", ()), ResponseBodyReceived(101.3, 4, 1, body))
        for status, body in ((401, b"a"), (200, b"b"))
    )
    (one,) = fold([*BEGUN, ExchangeStarted(101.0, 4, 2, 1, "aiohttp", "GET", "http://x/"), *first, *second]).exchanges
    assert (one.response.status, one.response.body, one.response.size) == (200, b"b", 1)


def test_events_of_an_unknown_exchange_change_nothing() -> None:
    stray = [RequestSent(1.0, 9, "GET", "1.1", ()), ResponseStarted(1.0, 9, 200, "", "1.1", ())]
    assert fold([*stray, RequestBodySent(1.0, 9, 1, b"x"), ExchangeEnded(1.0, 9, Timings(), "cut")]) == Outcome()


def test_output_keeps_its_order_and_lines_their_pieces() -> None:
    place = Frame("probe.py", 1)
    outcome = fold(
        [
            RunQueued(10.0),
            OutputWritten(11.0, "stdout", "a"),
            OutputWritten(11.1, "stdout", "b\n"),
            OutputWritten(11.2, "stdout", "c"),
            OutputWritten(11.3, "stderr", "d"),
            LogRecorded(11.4, "INFO", "log", "e", place),
            OutputWritten(11.5, "stderr", "f"),
            CaptureNoted(11.6, "g"),
        ]
    )
    assert [(one.source, one.text) for one in outcome.output] == [
        ("stdout", "ab\n"),
        ("stdout", "c"),
        ("stderr", "d"),
        ("log", "e"),
        ("stderr", "f"),
        ("note", "g"),
    ]
    assert [one.at for one in outcome.output] == pytest.approx([1.0, 1.2, 1.3, 1.4, 1.5, 1.6])
    log = outcome.output[3]
    assert (log.level, log.logger, log.place) == ("INFO", "log", place)


def test_a_line_that_never_ends_is_not_copied_for_ever() -> None:
    outcome = fold(OutputWritten(1.0, "stdout", "." * 1000) for _ in range(50))
    assert sum(len(one.text) for one in outcome.output) == 50_000
    assert max(len(one.text) for one in outcome.output) <= 6000


def test_where_a_run_hung() -> None:
    outcome = fold([*BEGUN, StopRequested(101.0, Status.TIMED_OUT), HangLocated(101.1, (HANDLER,))])
    assert (outcome.state, outcome.stuck_at, outcome.status) == (RunState.STOPPING, (HANDLER,), None)


def test_the_error_of_the_end_wins_over_the_handlers() -> None:
    first, last = ErrorInfo("KeyError", "x"), ErrorInfo("TimedOut", "at its limit")
    events = [*BEGUN, HandlerFinished(101.0, Status.FAILED, error=first)]
    assert fold([*events, RunFinished(102.0, Status.TIMED_OUT, last)]).error == last
    assert fold([*events, RunFinished(102.0, Status.FAILED)]).error == first


@pytest.mark.parametrize(
    "events",
    [
        [RunQueued(1.0), RunFinished(2.0, Status.CANCELLED), RunStarted(3.0, 1, "", False)],
        [*BEGUN, StopRequested(3.0, Status.CANCELLED), RunStarted(3.1, 1, "", False)],
    ],
)
def test_a_change_that_the_table_does_not_have_is_refused(events) -> None:
    folding = OutcomeFold()
    with pytest.raises(ValueError, match="cannot become"):
        for event in events:
            folding.add(event)


def test_each_addition_is_seen_at_once_and_changes_no_earlier_picture() -> None:
    folding = OutcomeFold()
    pictures = []
    for event in (*BEGUN, HandlerStarted(101.0, HANDLER), OutputWritten(101.0, "stdout", "a")):
        folding.add(event)
        pictures.append(folding.outcome)
    assert [picture.state for picture in pictures] == [
        RunState.QUEUED,
        RunState.STARTING,
        RunState.RUNNING,
        RunState.RUNNING,
    ]
    assert [len(picture.output) for picture in pictures] == [0, 0, 0, 1]


@given(st.lists(st.sampled_from(KINDS).flatmap(values_of), max_size=8))
def test_any_events_give_a_picture_or_a_refusal(events) -> None:
    folding = OutcomeFold()
    for event in events:
        try:
            folding.add(event)
        except ValueError as error:
            assert "cannot become" in str(error)
    assert isinstance(folding.outcome, Outcome)
