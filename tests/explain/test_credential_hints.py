"""Hints at credentials and environment variables that the code reads and the run did not give, or gave otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    ErrorInfo,
    Exchange,
    Frame,
    Kind,
    Outcome,
    ReadPlace,
    Request,
    Response,
    Returned,
    Run,
    RunReads,
    RunRequest,
    RunState,
    ShapeReason,
    ShapeRule,
    Status,
)
from workbench.explain import headline, hints
from workbench.explain.text import plain

ROOT = Path("/one")
FIELDS = {"properties": {"api_key": {"type": "string"}}}
FLAT, ENVELOPE = AuthShape.FLAT, AuthShape.ENVELOPE
READS_FLAT = RunReads(flat=ReadPlace("access_token", "client.py", 7))
READS_ENVELOPE = RunReads(envelope=ReadPlace("access_token", "client.py", 8))
READS_BOTH = RunReads(READS_FLAT.flat, READS_ENVELOPE.envelope)
UNSET = RunReads(unset=(ReadPlace("ADS_TOKEN", "x.py", 12), ReadPlace("ADS_LOGIN", "x.py", 13)))


def run_of(status: Status, *, result: Any = None, error: ErrorInfo | None = None, **more: Any) -> Run:
    given = {"auth": {"api_key": "k"}, "auth_shape": ENVELOPE, "auth_schema": FIELDS} | more
    request = RunRequest("one", ROOT, "one.py", Kind.ACTION, "go", Contract(ContractVersion.V2), {}, **given)
    returned = Returned("ActionResult", result) if result is not None else None
    return Run("1", request, 0.0, Outcome(RunState.FINISHED, status, result, returned, error=error))


def told(run: Run) -> str:
    return " ".join(f"{plain(found.cause_sentence)} {plain(found.fix)}" for found in hints.of_run(run))


SWALLOWED = {"result": False, "error": "access_token is required"}


@each_case(
    ("shape", "reads", "says"),
    [
        (ENVELOPE, READS_FLAT, 'reads context.auth["access_token"], but the auth came as an envelope (client.py:7). '
         'Read context.auth["credentials"]["access_token"], as the platform hands it over, or try the other shape on '
         'the Auth page or with --auth-shape flat.'),
        (FLAT, READS_ENVELOPE, 'reads context.auth["credentials"], but the auth came flat: its fields are the keys '
         '(client.py:8). Read context.auth["access_token"], as the platform hands it over'),
        (ENVELOPE, READS_ENVELOPE, ""),
        (FLAT, READS_FLAT, ""),
        (ENVELOPE, READS_BOTH, ""),
        (FLAT, READS_BOTH, ""),
        (ENVELOPE, RunReads(), ""),
        (ENVELOPE, RunReads(absent=(ReadPlace("access_token", "client.py", 9),)), "The credential access_token was not "
         "given; auth.fields declares api_key (client.py:9). Read one of these, or add it on the Auth page"),
        (ENVELOPE, RunReads(absent=(ReadPlace("shop_url", "client.py", 9),)), ""),
    ],
)  # fmt: skip
def test_an_error_that_the_handler_hid_in_its_data(shape: AuthShape, reads: RunReads, says: str) -> None:
    found = told(run_of(Status.SUCCEEDED, result=SWALLOWED, auth_shape=shape, reads=reads))
    assert says in found
    assert bool(says) == bool(found)
    raised = told(run_of(Status.ACTION_ERROR, result="access_token is required", auth_shape=shape, reads=reads))
    assert found == raised
    assert told(run_of(Status.SUCCEEDED, result={"result": True}, auth_shape=shape, reads=reads)) == ""


@each_case("kind", [Kind.ACTION, Kind.TRIGGER, Kind.ACCOUNT])
@each_case(("status", "hinted"), [(401, True), (403, True), (500, False), (200, False)])
def test_rejected_requests_whose_error_the_handler_hid(kind: Kind, status: int, hinted: bool) -> None:
    response = Response(status, "", "1.1", (), b"", 0)
    exchange = Exchange(
        1, 1, 1, "aiohttp", Request("GET", "http://h/", "1.1", ()), 0.0, response=response, ended_at=1.0
    )
    run = run_of(Status.SUCCEEDED, result=[], reads=READS_FLAT)
    run = replace(run, request=replace(run.request, kind=kind), outcome=replace(run.outcome, exchanges=(exchange,)))
    assert ("came as an envelope (client.py:7)" in told(run)) is hinted


def test_the_choice_of_a_person_is_said() -> None:
    chosen = ShapeReason(ShapeRule.CHOSEN)
    run = run_of(Status.SUCCEEDED, result=SWALLOWED, reads=READS_FLAT, shape_reason=chosen)
    assert "or let the workbench choose the shape: on the Auth page, or without --auth-shape." in told(run)


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (None, "The credential shop_url was not given (client.py:9). Add it on the Auth page or with --auth."),
        (FIELDS, "The credential shop_url was not given; auth.fields declares api_key (client.py:9)."),
        ({"properties": {"shop_url": {}}}, "The credential shop_url is not filled in (client.py:9). Fill it in on"),
    ],
)
def test_a_credential_that_was_not_given_is_named(schema: Any, says: str) -> None:
    frame = Frame("/one/client.py", 9, "url", "return creds[name]", 9)
    error = ErrorInfo("KeyError", "'shop_url'", frames=(frame,))
    reads = RunReads(absent=(ReadPlace("shop_url", "client.py", 9),))
    run = run_of(Status.FAILED, error=error, auth_schema=schema, reads=reads)
    assert plain(headline.tell(run)).startswith(says)


def test_metadata_that_was_not_given_is_named() -> None:
    frame = Frame("/one/client.py", 9, "url", 'return context.metadata["team"]', 9)
    error = ErrorInfo("KeyError", "'team'", frames=(frame,))
    run = run_of(Status.FAILED, error=error, reads=RunReads(no_metadata=(ReadPlace("team", "client.py", 9),)))
    assert plain(headline.tell(run)) == (
        "context.metadata has no team: it was not given (client.py:9). Add it on the Auth page or with --metadata, or "
        "read it with .get where it may be absent."
    )


@pytest.mark.parametrize("status", [Status.FAILED, Status.LOAD_FAILED])
def test_a_variable_that_os_environ_has_not_is_the_headline(status: Status) -> None:
    frame = Frame("/one/x.py", 3, "<module>", 'TOKEN = os.environ["ADS_TOKEN"]', 3)
    error = ErrorInfo("KeyError", "'ADS_TOKEN'", frames=(frame,))
    assert plain(headline.tell(run_of(status, error=error))) == (
        "The environment variable ADS_TOKEN is not set (x.py:3). Set it on the Auth page, with --env ADS_TOKEN=VALUE, "
        "or in the terminal that starts the workbench."
    )
    other = ErrorInfo("KeyError", "'ADS_TOKEN'", frames=(replace(frame, source='TOKEN = {}["ADS_TOKEN"]'),))
    assert "environment" not in plain(headline.tell(run_of(status, error=other)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ADS_TOKEN missing", "The environment variable ADS_TOKEN is not set (x.py:12). Set it on the Auth page"),
        ("no ads login given", "The environment variable ADS_LOGIN is not set (x.py:13). Set it on"),
        ("developer token is required", "The environment variable ADS_TOKEN is not set, nor ADS_LOGIN (x.py:12). "
         "If the error comes from it, set it on the Auth page, with --env ADS_TOKEN=VALUE"),
        ("the customer is unknown", ""),
    ],
)  # fmt: skip
def test_a_variable_that_is_read_and_not_set_may_explain_an_error(text: str, says: str) -> None:
    found = told(run_of(Status.SUCCEEDED, result={"success": False, "error": text}, reads=UNSET))
    assert says in found
    assert bool(says) == bool(found)


def test_a_possible_cause_is_never_the_headline() -> None:
    error = ErrorInfo("AttributeError", "'NoneType' object has no attribute 'encode'")
    run = run_of(Status.FAILED, error=error, reads=UNSET)
    assert "AttributeError" in plain(headline.tell(run))
    assert "ADS_TOKEN is not set, nor ADS_LOGIN (x.py:12)" in told(run)
