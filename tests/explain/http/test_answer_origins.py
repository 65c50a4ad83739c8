"""What is said of answers that did not come from the network alone."""

from dataclasses import replace
from pathlib import Path

from workbench.domain import (
    AnswerOrigin,
    Answers,
    AnswerSource,
    Contract,
    ContractVersion,
    Exchange,
    ExchangeError,
    FailureKind,
    Kind,
    Outcome,
    Request,
    RequestDifference,
    RequestPart,
    Run,
    RunRequest,
    RunState,
    Status,
    Unmatched,
)
from workbench.explain import headline
from workbench.explain.documents.report import report
from workbench.explain.http import answer_origins, network
from workbench.explain.text import plain

_RECORDED = AnswerOrigin(AnswerSource.RECORDING, recorded=3)
_RULE = AnswerOrigin(rule="Is down")
_DIFFERENCE = RequestDifference(RequestPart.QUERY, "/page", "1", "2")
_MISSING = AnswerOrigin(AnswerSource.RECORDING, unmatched=Unmatched("GET http://x/y?page=2", 3, (_DIFFERENCE,)))


def _run(*origins: AnswerOrigin, status: Status = Status.SUCCEEDED) -> Run:
    request = RunRequest("one", Path("/tmp"), "one.py", Kind.ACTION, "a", Contract(ContractVersion.V2), {})
    exchanges = tuple(
        Exchange(number, number, 1, "aiohttp", Request("GET", "http://x/y"), 0.0, origin=origin)
        for number, origin in enumerate(origins, 1)
    )
    outcome = Outcome(state=RunState.FINISHED, status=status, exchanges=exchanges)
    return Run("1", request, 0.0, outcome)


def test_an_exchange_of_the_network_has_no_mark() -> None:
    run = _run(AnswerOrigin())
    assert answer_origins.mark(run.outcome.exchanges[0]) == ""
    assert answer_origins.summary(run) == ""
    assert answer_origins.run_text(Answers()) == ""


def test_a_failure_names_the_rule_that_may_have_sent_it_elsewhere() -> None:
    error = ExchangeError("ConnectionRefusedError", "refused", "connect", FailureKind.REFUSED)
    one = replace(_run(_RULE).outcome.exchanges[0], error=error)
    assert network.ended_by(one, None) == "Nothing listens at x (rule “Is down”)."


def test_marks_and_summary_name_rule_and_recording() -> None:
    run = _run(AnswerOrigin(), _RECORDED, _RULE, _RULE, _MISSING)
    marks = [answer_origins.mark(exchange) for exchange in run.outcome.exchanges]
    assert marks == ["", "recorded", "rule: Is down", "rule: Is down", "not recorded"]
    assert answer_origins.summary(run) == (
        "1 answer from the recording, 1 request not recorded, rule “Is down” changed 2 exchanges"
    )


def test_a_request_that_was_not_recorded_failed_by_that_and_by_no_host() -> None:
    error = ExchangeError("NoRecordedAnswer", "The recording has no answer to it.", "wait", FailureKind.OTHER)
    (missed,) = _run(_MISSING).outcome.exchanges
    assert network.reason(replace(missed, error=error)) == ("the recording has no answer to it",)


def test_a_failed_run_begins_with_the_request_that_was_not_recorded() -> None:
    told = plain(headline.tell(_run(_MISSING, status=Status.FAILED)))
    assert "GET http://x/y?page=2" in told
    assert "page" in told and "2" in told and "1" in told
    assert answer_origins.warnings(_run(_MISSING, status=Status.FAILED)) == ()
    assert plain(answer_origins.warnings(_run(_MISSING))[0]) == told


def test_a_response_that_was_not_stored_whole_says_what_to_do() -> None:
    partly = AnswerOrigin(AnswerSource.RECORDING, unmatched=Unmatched("GET http://x/y", 1, stored=3, size=20))
    run = _run(partly, status=Status.FAILED)
    assert answer_origins.mark(run.outcome.exchanges[0]) == "not stored whole"
    assert answer_origins.summary(run) == "1 recorded response not stored whole"
    told = plain(answer_origins.first_unanswered(run))
    assert "3 of its 20 bytes are stored. Send requests without a recorded answer to the network" in told


def test_the_document_has_the_origin_of_each_exchange() -> None:
    document = report(_run(_RULE, _MISSING))
    first, second = document["exchanges"]  # type: ignore[misc, index, union-attr]
    assert first["origin"] == {"source": "live", "recorded": None, "rule": "Is down", "unmatched": None}  # type: ignore[index, call-overload]
    assert second["origin"]["unmatched"]["closest"] == 3  # type: ignore[index, call-overload]
    assert document["answers"] == {"source": "live", "label": "", "rules": []}
