"""What the workbench says of a run's values, whichever way the SDK judged."""

from dataclasses import replace

import pytest

from workbench.domain import ContractVersion, Kind, Outcome, Returned, RunRequest, Status
from workbench.runner.diagnosis import diagnose_output, diagnose_request, disagreement, warn_of_output, warn_of_request

WANTS_TITLE = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
WANTS_KEY = {"type": "object", "properties": {"api_key": {"type": "string"}}, "required": ["api_key"]}


def places(errors) -> list[tuple[str, str, str]]:
    return [(error.where, error.pointer, error.keyword) for error in errors]


def notes(outcome: Outcome) -> str:
    return " ".join(item.text for item in outcome.output if item.source == "note")


def test_inputs_that_break_their_schema(do_run) -> None:
    outcome = do_run("return 1", inputs={"title": 5}, input_schema=WANTS_TITLE).outcome
    assert outcome.status is Status.INVALID_INPUT
    assert places(outcome.errors) == [("input", "/title", "type")]
    assert outcome.errors[0].schema_pointer == "/properties/title/type"
    assert outcome.handler is None


def test_auth_that_breaks_its_schema(do_run) -> None:
    outcome = do_run("return 1", auth={"api_key": 5}, auth_schema=WANTS_KEY).outcome
    assert outcome.status is Status.INVALID_AUTH
    assert places(outcome.errors) == [("auth", "/api_key", "type")]


def test_code_that_is_only_loaded_has_no_inputs(make_request, runner) -> None:
    request = make_request("return 1", inputs={"title": 5}, input_schema=WANTS_TITLE, load_only=True)
    outcome = runner.wait(runner.submit(request).id, 60).outcome
    assert (outcome.status, outcome.errors, outcome.returned) == (Status.SUCCEEDED, (), None)
    assert [one.name for one in outcome.registered] == ["go"]


def test_an_envelope_is_opened_for_the_diagnosis(make_request) -> None:
    envelope = {"auth_type": "Custom", "credentials": {"api_key": 5}}
    request = make_request("return 1", auth=envelope, auth_schema=WANTS_KEY)
    assert places(diagnose_request(request)) == [("auth", "/api_key", "type")]


def test_the_raw_return_value_is_kept_and_diagnosed(do_run) -> None:
    outcome = do_run("return {'title': None}", output_schema=WANTS_TITLE).outcome
    assert outcome.status is Status.INVALID_OUTPUT
    assert outcome.returned.value == {"title": None}
    assert places(outcome.errors) == [("output", "/title", "type")]
    assert not notes(outcome)


def test_an_action_result_is_opened(do_run) -> None:
    outcome = do_run("return ActionResult(data={})", output_schema=WANTS_TITLE, contract=ContractVersion.V2).outcome
    assert places(outcome.errors) == [("output", "/title", "required")]


def test_an_exception_leaves_the_output_alone(do_run) -> None:
    assert do_run("raise ValueError('x')", output_schema=WANTS_TITLE).outcome.errors == ()


def test_records_are_diagnosed_one_by_one(do_run) -> None:
    body = "return [{'id': '1', 'data': {'title': 'a'}}, {'id': '2', 'data': {}}]"
    outcome = do_run(body, kind=Kind.TRIGGER, output_schema=WANTS_TITLE).outcome
    assert outcome.status is Status.INVALID_OUTPUT
    assert places(outcome.errors) == [("output", "/1/data/title", "required")]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([{"data": {"title": "a"}}], [("output", "/0/id", "required")]),
        ([{"id": 1}], [("output", "/0/data", "required")]),
        ([{"id": 1, "data": {"title": "a"}}, 7], [("output", "/1", "type")]),
        ({"id": 1}, [("output", "", "type")]),
        ([], []),
    ],
)
def test_what_a_poll_has_to_return(make_request, records, expected) -> None:
    request = make_request("return []", kind=Kind.TRIGGER, output_schema=WANTS_TITLE)
    outcome = Outcome(status=Status.INVALID_OUTPUT, returned=Returned("list", records))
    errors = diagnose_output(request, outcome)
    assert places(errors) == expected
    assert all("news" in error.message for error in errors)


def test_a_record_without_id_through_the_sdk(do_run) -> None:
    outcome = do_run("return [{'data': {}}]", kind=Kind.TRIGGER).outcome
    assert outcome.status is Status.INVALID_OUTPUT
    assert places(outcome.errors) == [("output", "/0/id", "required")]


def test_an_account_has_no_schema(make_request) -> None:
    request = replace(make_request("return 1", output_schema=WANTS_TITLE), kind=Kind.ACCOUNT)
    outcome = Outcome(status=Status.SUCCEEDED, returned=Returned("ConnectedAccountInfo", {}))
    assert diagnose_output(request, outcome) == ()


def test_where_the_sdk_and_we_disagree_the_status_is_the_sdks(make_request, runner, store) -> None:
    lenient = make_request("return {'title': 5}")
    strict = replace(lenient, output_schema=WANTS_TITLE)  # as if config.json had been edited in between
    run_id = runner.submit(strict).id
    outcome = runner.wait(run_id, 60).outcome
    assert outcome.status is Status.SUCCEEDED
    assert places(outcome.errors) == [("output", "/title", "type")]
    assert "The SDK accepted the output" in notes(outcome)


def test_a_refusal_that_we_do_not_share(make_request, runner) -> None:
    request = make_request("return 1", inputs={"title": 5}, input_schema=WANTS_TITLE)
    run_id = runner.submit(replace(request, input_schema={})).id
    outcome = runner.wait(run_id, 60).outcome
    assert outcome.status is Status.INVALID_INPUT
    assert "The SDK rejected the inputs" in notes(outcome)


def test_agreement_needs_no_words() -> None:
    assert disagreement(Outcome(status=Status.SUCCEEDED)) is None
    assert disagreement(Outcome(status=Status.FAILED)) is None


def test_a_diagnosis_that_fails_does_not_lose_the_run(make_request, runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: RunRequest) -> tuple[()]:
        raise RuntimeError("no diagnosis today")

    monkeypatch.setattr("workbench.runner.supervision.diagnose_request", broken)
    outcome = runner.wait(runner.submit(make_request("return 1")).id, 60).outcome
    assert (outcome.status, outcome.result) == (Status.SUCCEEDED, 1)
    assert "no diagnosis today" in notes(outcome)


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"required": False}, 7, {"$ref": "file:///etc/passwd"}])
def test_any_schema_is_survived(make_request, runner, schema) -> None:
    request = replace(make_request("return 1"), input_schema=schema)
    assert runner.wait(runner.submit(request).id, 60).outcome.status is Status.SUCCEEDED


WANTS_LINK = {"type": "object", "properties": {"link": {"type": "string", "format": "uri"}}}


def test_what_is_not_enforced_warns_and_refuses_nothing(do_run) -> None:
    outcome = do_run(
        "return {'link': 'no link'}", inputs={"lnk": "x"}, input_schema=WANTS_LINK, output_schema=WANTS_LINK
    ).outcome
    assert (outcome.status, outcome.errors) == (Status.SUCCEEDED, ())
    assert places(outcome.warnings) == [("input", "/lnk", "unknown-member"), ("output", "/link", "format")]


def test_warnings_of_records_lead_into_the_records_and_name_the_schema_once(make_request) -> None:
    schema = {"type": "object", "properties": {"link": {"type": "string", "format": "uri", "nullable": True}}}
    request = make_request("return []", kind=Kind.TRIGGER, output_schema=schema)
    records = [{"id": "1", "data": {"link": "no link"}}, "none", {"id": "2", "data": {"link": "nor here"}}]
    outcome = Outcome(status=Status.SUCCEEDED, returned=Returned("list", records))
    assert places(warn_of_output(request, outcome)) == [
        ("output", "/0/data/link", "format"),
        ("output", "", "schema-nullable"),
        ("output", "/2/data/link", "format"),
    ]


def test_a_fault_keeps_what_was_wanted_and_the_rule_of_the_closest_branch(make_request) -> None:
    schema = {"properties": {"a": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["b"]}]}}}
    (error,) = diagnose_request(make_request("return 1", inputs={"a": {}}, input_schema=schema))
    assert error.rule == "/properties/a/oneOf/1/required"
    assert error.expected
    assert not error.in_schema
    assert warn_of_request(make_request("return 1", inputs={}, input_schema=schema, load_only=True)) == ()
