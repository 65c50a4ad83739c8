"""The headline: one sentence for every way a run can stand or end."""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    EndCause,
    ErrorInfo,
    ErrorKind,
    ExchangeError,
    Kind,
    RunEnd,
    Side,
    Stage,
    Status,
    ValidationError,
)
from workbench.events import RunStarted, StopRequested
from workbench.explain import headline, hints
from workbench.explain.text import plain, value_text

type Tell = Callable[..., Any]

V2 = Contract(ContractVersion.V2)


def told(story: Any) -> str:
    return plain(headline.tell(story.now))


def cause(story: Any) -> str:
    found = hints.recognise(story.now)
    return plain(found.cause_sentence) if found else ""


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_headline_even_where_nothing_else_is_known(tell: Tell, status: Status) -> None:
    said = told(tell().started().finished(status))
    assert said.endswith(".")
    assert len(said) > 12


def test_what_goes_on_says_what_it_waits_for(tell: Tell) -> None:
    story = tell()
    assert told(story) == "Waiting for a free worker…"
    story.tell(RunStarted(story.later(1), 1, "0.1.2", True))
    assert told(story) == "Loading api_fetch.py…"


def test_a_running_handler_names_its_open_exchange(tell: Tell) -> None:
    story = tell().started()
    assert told(story) == "Running call_api…"
    story.exchange(url="https://api.example.com/v1/items?page=2", status=None, ended=False)
    assert told(story) == "Waiting for GET api.example.com/v1/items?page=2…"
    story.tell(StopRequested(story.later(1), Status.CANCELLED))
    assert told(story) == "Stopping call_api…"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"data": {}}, "Returned an object with data."),
        ({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, "Returned an object with a, b, c and 2 more."),
        ({}, "Returned an empty object."),
        ([], "Returned an empty array."),
        ([1], "Returned an array of 1 item."),
        (None, "Returned null."),
        (True, "Returned true."),
        ("hello", 'Returned "hello".'),
    ],
)
def test_success_says_what_came(tell: Tell, value: Any, said: str) -> None:
    assert told(tell().started().returned(value).finished(Status.SUCCEEDED, valued=True)) == said


def test_a_retry_is_told_and_a_redirect_is_none(tell: Tell) -> None:
    dropped = ExchangeError("aiohttp.ServerDisconnectedError", "Server disconnected", "wait")
    story = tell().started().exchange(status=None, error=dropped, group=1).exchange(attempt=2, group=1)
    assert told(story.returned({"data": 1}).finished(Status.SUCCEEDED, valued=True)).endswith(", after one retry.")
    story = tell().started().exchange(status=302, group=1).exchange(attempt=2, group=1)
    assert "retry" not in told(story.returned({"data": 1}).finished(Status.SUCCEEDED, valued=True))


def test_triggers_count_records_and_accounts_name_who(tell: Tell) -> None:
    poll = tell(kind=Kind.TRIGGER).started().returned([{"id": 1, "data": {}}] * 3, "list")
    assert told(poll.finished(Status.SUCCEEDED, valued=True)) == "Returned 3 records."
    none = tell(kind=Kind.TRIGGER).started().returned([], "list").finished(Status.SUCCEEDED, valued=True)
    assert told(none) == "Returned no records: nothing new."
    account = tell(kind=Kind.ACCOUNT).started().returned({"email": "ada@example.com"}, "ConnectedAccountInfo")
    assert told(account.finished(Status.SUCCEEDED, valued=True)) == "Connected as ada@example.com."


def test_refused_output_names_value_place_and_wish(tell: Tell) -> None:
    schema = {"properties": {"entries": {"items": {"properties": {"published": {"type": "string"}}}}}}
    rule = "/properties/entries/items/properties/published/type"
    story = tell(output_schema=schema).started().returned({"entries": [{}, {"published": None}]})
    story.errors(ValidationError(Side.OUTPUT, "/entries/1/published", rule, "type", "m")).finished(
        Status.INVALID_OUTPUT
    )
    assert told(story) == "/entries/1/published must be a string, but the handler returned null."


def test_missing_members_and_further_faults(tell: Tell) -> None:
    missing = ValidationError(Side.INPUT, "/url", "/required", "required", "m")
    wrong = ValidationError(Side.INPUT, "/limit", "/properties/limit/type", "type", "m")
    schema = {"required": ["url"], "properties": {"limit": {"type": ["integer", "null"]}}}
    story = tell(inputs={"limit": "x"}, input_schema=schema).errors(missing, wrong).finished(Status.INVALID_INPUT)
    assert told(story) == "/url is required, but is missing. 1 more error."
    story = tell(inputs={"limit": "x"}, input_schema=schema).errors(wrong).finished(Status.INVALID_INPUT)
    assert told(story) == '/limit must be an integer or null, but is the string "x".'
    lacking = tell(auth={}, auth_schema={"required": ["api_key"]}).errors(
        ValidationError(Side.AUTH, "/api_key", "/required", "required", "m")
    )
    assert told(lacking.finished(Status.INVALID_AUTH)) == "/api_key is required, but is missing."


def test_an_exception_names_itself_its_line_and_its_innermost_cause(tell: Tell) -> None:
    story = tell().started()
    error = story.error("KeyError", "'x'", 9, causes=[ErrorInfo("ValueError", "inner")])
    said = told(story.finished(Status.FAILED, error=error))
    assert said == "KeyError: 'x' in api_fetch.py:9, caused by ValueError: inner."


def test_the_line_stands_apart_from_a_message_of_several_sentences(tell: Tell) -> None:
    story = tell().started()
    error = story.error("ValueError", "No page. Ask for one.", 9)
    said = told(story.finished(Status.FAILED, error=error))
    assert said == "ValueError: No page. Ask for one (api_fetch.py:9)."


def test_an_http_refusal_names_the_answer_and_its_patience(tell: Tell) -> None:
    story = (
        tell()
        .started()
        .exchange(
            status=429, reason="Too Many Requests", url="https://api.example.com/v1", headers=(("Retry-After", "30"),)
        )
    )
    error = story.error("autohive_integrations_sdk.integration.RateLimitError", "HTTP 429: slow", 10)
    said = told(story.finished(Status.FAILED, error=error))
    assert said == (
        "HTTP 429 Too Many Requests from GET api.example.com/v1 (retry after 30 s), raised in api_fetch.py:10."
    )


def test_time_out_says_where_it_stood(tell: Tell) -> None:
    story = tell().started().exchange(status=None, ended=False)
    said = told(story.hangs(story.frame(10)).finished(Status.TIMED_OUT))
    assert said == "Timed out after 1 min in api_fetch.py:10 (CallApi.execute), waiting for GET /test."
    story = tell(timeout=5.0).started()
    said = told(story.hangs(story.frame(10)).finished(Status.TIMED_OUT))
    assert said == "Timed out after 5 s, running in api_fetch.py:10 (CallApi.execute)."


def test_time_out_names_the_request_that_a_thread_waits_for(tell: Tell) -> None:
    for line, words in ((10, " in api_fetch.py:10 (CallApi.execute), waiting for GET /test."), (9, ", running in ")):
        story = tell(timeout=5.0).started().exchange(status=None, body_state="abandoned")  # as its task was cancelled
        assert f"Timed out after 5 s{words}" in told(story.hangs(story.frame(line)).finished(Status.TIMED_OUT))


def test_a_failed_load_names_the_line(tell: Tell) -> None:
    story = tell()
    error = story.error("RuntimeError", "the feeds are closed", 3)
    assert told(story.finished(Status.LOAD_FAILED, error=error)) == (
        "The integration failed to load: RuntimeError: the feeds are closed (api_fetch.py:3)."
    )


def test_a_bare_dict_under_contract_2_is_named(tell: Tell) -> None:
    story = tell(contract=V2).started().returned({"data": 1}, "dict").finished(Status.FAILED)
    assert cause(story) == "The handler returned a bare dict; contract 2 expects an ActionResult (api_fetch.py:11)."
    story = tell().started().returned({"data": 1}, "dict").finished(Status.SUCCEEDED, valued=True)
    assert cause(story) == ""


@pytest.mark.parametrize(
    "message",
    [
        "'FetchResponse' object is not subscriptable",
        "'FetchResponse' object has no attribute 'get'",
        "argument of type 'FetchResponse' is not iterable",
    ],
)
def test_a_fetch_response_used_as_a_dict_is_named(tell: Tell, message: str) -> None:
    kind = "AttributeError" if "attribute" in message else "TypeError"
    story = tell(contract=V2).started()
    story.finished(Status.FAILED, error=story.error(kind, message))
    assert "context.fetch() returns a FetchResponse" in cause(story)


def test_response_data_under_the_first_contract_is_named(tell: Tell) -> None:
    story = tell().started()
    story.finished(Status.FAILED, error=story.error("AttributeError", "'dict' object has no attribute 'data'"))
    assert "fetch returns the parsed body, here a dict (api_fetch.py:9)." in cause(story)


def test_auth_read_the_wrong_way_round_is_named_both_ways(tell: Tell) -> None:
    flat = tell().started()
    flat.finished(Status.FAILED, error=flat.error("KeyError", "'credentials'"))
    assert "the auth came flat" in cause(flat)
    envelope = tell(auth_shape=AuthShape.ENVELOPE, contract=V2).started()
    envelope.finished(Status.FAILED, error=envelope.error("KeyError", "'api_key'", 9))
    assert 'context.auth["api_key"]' in cause(envelope)
    assert "envelope" in cause(envelope)


def test_a_missing_key_that_is_no_auth_field_is_left_alone(tell: Tell) -> None:
    story = tell(auth_shape=AuthShape.ENVELOPE, contract=V2).started()
    story.finished(Status.FAILED, error=story.error("KeyError", "'title'"))
    assert cause(story) == ""
    other = tell(auth_shape=AuthShape.ENVELOPE, contract=V2).started()
    other.finished(Status.FAILED, error=other.error("KeyError", "'api_key'", source='x = inputs["api_key"]'))
    assert cause(other) == ""


def test_a_crash_is_told_in_its_first_sentence(tell: Tell) -> None:
    end = RunEnd(EndCause.EXITED, Stage.HANDLER, exit_code=3)
    error = ErrorInfo(end.cause, "", kind=ErrorKind.CRASH, end=end)
    assert told(tell().started().finished(Status.CRASHED, error=error)) == (
        "The integration ended its own process with exit code 3 while the handler ran."
    )


def test_a_fault_without_short_words_is_told_in_those_of_the_diagnosis(tell: Tell) -> None:
    error = ValidationError(Side.OUTPUT, "/a", "/oneOf", "oneOf", "/a has an error of its own.")
    story = tell(output_schema={"oneOf": []}).started().returned({"a": 42}).errors(error)
    assert told(story.finished(Status.INVALID_OUTPUT)) == "/a has an error of its own."


def test_a_refusal_without_a_fault_is_told_by_its_mistake(tell: Tell) -> None:
    story = tell(contract=V2).started().returned({"data": 1}, "dict")
    said = told(story.finished(Status.INVALID_OUTPUT, error=ErrorInfo("ValidationError", "must return ActionResult")))
    assert said == (
        "The handler returned a bare dict; contract 2 expects an ActionResult (api_fetch.py:11). "
        "Write return ActionResult(data=…), or run it under contract 0.1."
    )


@pytest.mark.parametrize(("value", "shown"), [("", '""'), (" ", '" "'), ("\n", '"\\n"'), ("x" * 99, f'"{"x" * 59}…"')])
def test_a_text_is_told_as_it_is(value: str, shown: str) -> None:
    assert value_text(value) == shown
