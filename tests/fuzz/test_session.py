"""Handlers that are right and handlers that are wrong, replayed with odd answers in real workers."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.runner.conftest import MakeRequest
from workbench.domain import (
    ABSENT,
    Answers,
    AnswerSource,
    ContractVersion,
    Exchange,
    Outcome,
    Request,
    Response,
    Run,
    RunState,
    Status,
)
from workbench.fuzz import ChangeKind, FuzzSession, Verdict, variants_of
from workbench.fuzz.session import replay_request
from workbench.fuzz.words import as_json
from workbench.testing.replays import Replays

URL = "https://api.example.com/items"
BODY = {"items": [{"name": "Ada"}], "next": None}
OUTPUT = {
    "type": "object",
    "properties": {"names": {"type": "array", "items": {"type": "string"}}},
    "required": ["names"],
}
BEFORE = """
from autohive_integrations_sdk import ActionError
URL = "https://api.example.com/items"
"""
SAMPLE = {ChangeKind.ABSENT, ChangeKind.CUT, ChangeKind.SERVER_ERROR, ChangeKind.TIMEOUT}
PLACES = {"/items", "/items/0/name", "/next"}

RIGHT = {
    "looks at what it gets": """
        try:
            found = (await context.fetch(URL)).data
        except Exception:
            return ActionError(message="The service could not be reached. Try again later.")
        items = found.get("items") if isinstance(found, dict) else None
        if not isinstance(items, list):
            return ActionError(message="The service gave no list of items.")
        names = [one["name"] for one in items if isinstance(one, dict) and isinstance(one.get("name"), str)]
        return ActionResult(data={"names": names})
    """,
    "words for everything": """
        try:
            return ActionResult(data={"names": [str(one["name"]) for one in (await context.fetch(URL)).data["items"]]})
        except Exception:
            return ActionError(message="The items could not be read.")
    """,
    "says so in its data": """
        try:
            return ActionResult(data={"names": [str(one["name"]) for one in (await context.fetch(URL)).data["items"]]})
        except Exception:
            return ActionResult(data={"names": [], "success": False, "error": "The items could not be read."})
    """,
}
WRONG = {
    "a crash": (
        """
        found = (await context.fetch(URL)).data
        return ActionResult(data={"names": [one["name"].upper() for one in found["items"]]})
        """,
        {
            (ChangeKind.ABSENT, "/items"): Verdict.CRASH,
            (ChangeKind.NULL, "/items/0/name"): Verdict.CRASH,
            (ChangeKind.EMPTY_ARRAY, ""): Verdict.CRASH,
            (ChangeKind.LOGIN_PAGE, ""): Verdict.CRASH,
            (ChangeKind.NULL, "/next"): None,
            (ChangeKind.SERVER_ERROR, ""): Verdict.HANDLED,
        },
    ),
    "text of Python": (
        """
        try:
            return ActionResult(data={"names": [one["name"] + "" for one in (await context.fetch(URL)).data["items"]]})
        except Exception as error:
            return ActionError(message=f"Failed to list items: {error}")
        """,
        {
            (ChangeKind.ABSENT, "/items"): Verdict.PYTHON_TEXT,
            (ChangeKind.NULL, "/items/0/name"): Verdict.PYTHON_TEXT,
            (ChangeKind.NO_BODY, ""): Verdict.PYTHON_TEXT,
            (ChangeKind.TIMEOUT, ""): Verdict.PYTHON_TEXT,
        },
    ),
    "a hidden failure": (
        """
        try:
            return ActionResult(data={"names": [str(one["name"]) for one in (await context.fetch(URL)).data["items"]]})
        except Exception:
            return ActionResult(data={"names": ["Ada"]})
        """,
        {
            (ChangeKind.NOT_FOUND, ""): Verdict.HIDDEN_FAILURE,
            (ChangeKind.SERVER_ERROR, ""): Verdict.HIDDEN_FAILURE,
            (ChangeKind.TIMEOUT, ""): Verdict.HIDDEN_FAILURE,
            (ChangeKind.RATE_LIMIT_DATE, ""): Verdict.HIDDEN_FAILURE,
        },
    ),
    "an invalid output": (
        """
        try:
            return ActionResult(data={"names": [one.get("name") for one in (await context.fetch(URL)).data["items"]]})
        except Exception:
            return ActionError(message="The items could not be read.")
        """,
        {
            (ChangeKind.NULL, "/items/0/name"): Verdict.INVALID_OUTPUT,
            (ChangeKind.OTHER_TYPE, "/items/0/name"): Verdict.INVALID_OUTPUT,
            (ChangeKind.CUT, ""): Verdict.HANDLED,
        },
    ),
}


def recorded_run(make_request: MakeRequest, body: str, answer: Any = BODY) -> Run:
    raw = json.dumps(answer).encode()
    response = Response(200, "OK", headers=(("Content-Type", "application/json"),), body=raw, size=len(raw))
    exchange = Exchange(1, 1, 1, "aiohttp", Request("GET", URL), 0.0, 0.1, response, body_state="complete")
    answers = Answers(AnswerSource.RECORDING, "made", (exchange,))
    request = make_request(
        body, before=BEFORE, output_schema=OUTPUT, contract=ContractVersion.V2, answers=answers, inputs={}
    )
    outcome = Outcome(RunState.FINISHED, Status.SUCCEEDED, result={"names": ["Ada"]}, exchanges=(exchange,))
    return Run("1", request, 0.0, outcome)


def replayed(run: Run, kinds: set[ChangeKind] | None = None) -> dict[tuple[ChangeKind, str], Verdict]:
    wanted = [each for each in variants_of(run) if not each.pointer or each.pointer in PLACES]
    progress = FuzzSession(run, [each for each in wanted if kinds is None or each.kind in kinds]).run()
    assert progress.is_over
    assert all(each.is_confirmed for each in progress.findings)
    return {(each.variant.kind, each.variant.pointer): each.verdict for each in progress.findings}


@pytest.mark.parametrize("name", RIGHT)
def test_a_handler_that_is_right_has_no_finding(
    make_request: MakeRequest, step: Callable[[int], int], name: str
) -> None:
    """The first meets every change; the others, in ``make test``, one of each way to fail."""
    few = step(2) > 1 and name != "looks at what it gets"
    found = replayed(recorded_run(make_request, RIGHT[name]), SAMPLE if few else None)
    assert len(found) >= (len(SAMPLE) if few else 21)
    assert {key: verdict for key, verdict in found.items() if verdict is not Verdict.HANDLED} == {}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_handler_is_found(make_request: MakeRequest, name: str) -> None:
    body, expected = WRONG[name]
    found = replayed(recorded_run(make_request, body), {kind for kind, _ in expected})
    assert {key: found.get(key) for key in expected} == expected


def test_a_request_that_was_not_recorded_gets_the_closest_answer(make_request: MakeRequest) -> None:
    body = """
        try:
            await context.fetch(URL + "/log", method="POST")
            found = (await context.fetch(URL, params={"name": inputs["name"]}, retry_count=1)).data["items"]
        except (KeyError, TypeError):
            return ActionError(message="The items could not be read.")
        return ActionResult(data={"names": [each["name"] for each in found]})
    """
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    run = recorded_run(make_request, body)
    run = replace(run, request=replace(run.request, inputs={"name": "Ada"}, input_schema=schema))
    wanted = [each for each in variants_of(run) if each.kind is ChangeKind.CUT or each.inputs == {"name": ""}]
    assert [each.verdict for each in FuzzSession(run, wanted).run().findings] == [Verdict.HANDLED] * 2


def test_a_long_input_is_shrunk_and_a_change_of_all_answers_is_told_once(make_request: MakeRequest) -> None:
    body = """
        for page in (1, 2):
            found = (await context.fetch(URL, params={"page": page})).data["items"]
        return ActionResult(data={"names": [each["name"] for each in found][:1 if len(inputs["name"]) < 300 else "1"]})
    """
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    run = recorded_run(make_request, body)
    (one,) = run.outcome.exchanges
    pages = tuple(replace(one, id=n, group=n, request=Request("GET", f"{URL}?page={n}")) for n in (1, 2))
    answers = replace(run.request.answers, recorded=pages)
    request = replace(run.request, inputs={"name": "Ada"}, input_schema=schema, answers=answers)
    run = replace(run, request=request, outcome=replace(run.outcome, exchanges=pages))
    wanted = [each for each in variants_of(run) if each.kind in (ChangeKind.EMPTY_ARRAY, ChangeKind.INPUT)]
    progress = FuzzSession(run, [each for each in wanted if each.inputs in (ABSENT, {"name": "x" * 10_000})]).run()
    assert (progress.total, progress.done) == (4, 4)
    assert [(each.variant.exchange, each.variant.kind) for each in progress.findings] == [
        (1, ChangeKind.EMPTY_ARRAY), (2, ChangeKind.EMPTY_ARRAY), (None, ChangeKind.INPUT),
    ]  # fmt: skip
    assert progress.findings[2].variant.inputs == {"name": "x" * 300}


def test_what_fails_without_a_change_is_no_finding_of_the_change(make_request: MakeRequest) -> None:
    run = recorded_run(make_request, 'return ActionResult(data={"names": [inputs.get("name")]})')
    wanted = [each for each in variants_of(run) if each.kind is ChangeKind.EMPTY_ARRAY]
    assert [each.verdict for each in FuzzSession(run, wanted).run().findings] == [Verdict.INVALID_OUTPUT]
    with Replays() as replays:
        run = replace(run, outcome=replays.run(replay_request(run)).outcome)
    assert [each.verdict for each in FuzzSession(run, wanted).run().findings] == [Verdict.HANDLED]


def test_pages_that_never_end_are_a_hang(make_request: MakeRequest) -> None:
    body = """
        names, page = [], 1
        while page:
            found = (await context.fetch(URL, params={"page": page})).data
            names, page = names + [one["name"] for one in found["items"]], found["next"]
        return ActionResult(data={"names": names})
    """
    run = recorded_run(make_request, body, BODY | {"next": 2})
    run = replace(run, request=replace(run.request, timeout=0.4))
    assert replayed(run, {ChangeKind.SAME_PAGE}) == {(ChangeKind.SAME_PAGE, ""): Verdict.HANG}


def test_a_cancelled_session_starts_no_more_replays(make_request: MakeRequest) -> None:
    run = recorded_run(make_request, RIGHT["words for everything"])
    session = FuzzSession(run, list(variants_of(run)))
    progress = session.run(lambda finding: session.cancel())
    assert progress.is_cancelled
    assert progress.is_over
    assert 0 < len(progress.findings) < progress.total


def test_findings_name_no_secret(make_request: MakeRequest) -> None:
    run = recorded_run(make_request, 'return ActionResult(data={"names": [str(inputs["deep"]["n"])]})')
    (one,) = run.outcome.exchanges
    exchange = replace(one, request=Request("GET", f"{URL}/k%2By-of-ada?q=k%2By-of-ada"))
    schema = {"properties": {"pin": {"type": "string", "format": "password"}}, "required": ["pin"]}
    request = replace(
        run.request,
        input_schema=schema,
        inputs={"pin": "hunter22", "deep": {"n": 1}, "more": 1},
        auth={"api_key": "k+y-of-ada"},
        answers=replace(run.request.answers, recorded=(exchange,)),
    )
    run = replace(run, request=request, outcome=replace(run.outcome, exchanges=(exchange,)))
    kinds = (ChangeKind.NOT_FOUND, ChangeKind.INPUT)
    wanted = [each for each in variants_of(run) if each.kind in kinds and not each.pointer]
    session = FuzzSession(run, wanted)
    answered, given = session.run().findings
    assert as_json(answered, session.shown)["what"] == "Answer to GET api.example.com/items/‹api_key›?q=‹api_key›: 404"
    assert given.variant.inputs == {"pin": "‹pin›"}
