"""Values that a run's code made up are noise where another run is answered by it."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from workbench.answers.from_run import answers_of_run
from workbench.answers.recording import Recording
from workbench.domain import (
    AnswerOrigin,
    Contract,
    ContractVersion,
    EnvironmentVariable,
    Exchange,
    Kind,
    NoiseKind,
    Outcome,
    Request,
    Response,
    Run,
    RunRequest,
    Unmatched,
)

NOW = 1_795_000_000.0
OWN = "6f1c0d5e-95a1-4a8f-9d3c-0c9f3c1f5b11"
GIVEN, ANSWERED = OWN.replace("6f", "7f"), OWN.replace("6f", "8f")
API = "https://api.example"
JSON = (("Content-Type", "application/json"),)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def run_of(*requests: Request) -> Run:
    asked = RunRequest(
        "lab",
        Path("/"),
        "lab.py",
        Kind.ACTION,
        "go",
        Contract(ContractVersion.V2),
        {"item": GIVEN, "day": "2026-11-01"},
    )
    response = Response(200, "OK", body=json.dumps({"id": ANSWERED}).encode())
    exchanges = [Exchange(n, n, 1, "aiohttp", one, 0.0, 1.0, response) for n, one in enumerate(requests, 1)]
    return Run("17", asked, NOW, Outcome(exchanges=tuple(exchanges)))


def test_identifiers_and_times_that_come_from_nowhere_are_matched_by_their_kind() -> None:
    body = {"key": OWN, "at": [NOW + 60, int(NOW) * 1000], "item": GIVEN, "parent": ANSWERED, "n": 7, "year": 2026,
            "span": "8e58b5cc002cb73f", "word": "effaced"}  # fmt: skip
    asked = Request("GET", f"{API}/{OWN}/x?since=2026-11-20T10:00:00Z&day=2026-11-01&id={ANSWERED}&id={OWN}")
    run = run_of(asked, Request("POST", f"{API}/v1", headers=JSON, body=json.dumps(body).encode()))
    found = {(one.exchange, one.place.value, one.pointer): one.kind for one in answers_of_run(run).noise}
    assert found == {
        (1, "path", "0"): NoiseKind.UUID,
        (1, "query", "/since"): NoiseKind.DATE_TIME,
        (1, "query", "/id"): NoiseKind.UUID,  # its response came later
        (1, "query", "/id/1"): NoiseKind.UUID,
        (2, "body", "/key"): NoiseKind.UUID,
        (2, "body", "/at/0"): NoiseKind.DATE_TIME,
        (2, "body", "/at/1"): NoiseKind.DATE_TIME,
        (2, "body", "/span"): NoiseKind.TEXT,
    }


def test_a_nonce_and_random_digits_match_others_but_in_a_path_they_name_a_thing() -> None:
    digits, others = "8e58b5cc002cb73f", "abc48c7020aeab4e"
    answers = answers_of_run(run_of(Request("GET", f"{API}/commits/{digits}?oauth_nonce=first&span={digits}")))
    for path, nonce, span, is_answered in (
        (digits, "second", others, True),
        (others, "second", digits, False),
        (digits, "second", "other words here", False),
        (digits, "", others, False),
    ):
        recording = Recording(answers.recorded, answers.noise)
        found = recording.take(Request("GET", f"{API}/commits/{path}?oauth_nonce={nonce}&span={span}"))
        assert isinstance(found, Exchange) is is_answered


def test_a_url_that_is_presigned_again_on_another_day_is_answered() -> None:
    key, url = "AKIA/{0}/us-east-1/s3/aws4_request", f"{API}/b/k?X-Amz-Credential={{1}}&X-Amz-Date={{0}}T164530Z"
    one, other = (url.format(day, quote(key.format(day), safe="")) for day in ("20261127", "20261201"))
    answers = answers_of_run(run_of(Request("GET", one)))
    assert isinstance(Recording(answers.recorded, answers.noise).take(Request("GET", other)), Exchange)
    foreign = Request("GET", other.replace("us-east-1", "eu-west-1"))
    assert isinstance(Recording(answers.recorded, answers.noise).take(foreign), Unmatched)


def test_blocks_with_random_ids_are_answered_and_the_list_of_them() -> None:
    def upload(*ids: str) -> list[Request]:
        blocks = "".join(f"<Latest>{one}</Latest>" for one in ids).encode()
        asked = [Request("PUT", f"{API}/b?comp=block&blockid={quote(one)}", body=b"x") for one in ids]
        return [*asked, Request("PUT", f"{API}/b?comp=blocklist", body=b"<BlockList>" + blocks + b"</BlockList>")]

    answers = answers_of_run(run_of(*upload("qugfeZOIL7Wm", "+AftpiZvqTK1")))
    recording = Recording(answers.recorded, answers.noise)
    assert [recording.take(one).id for one in upload("wsTSA8qWUS2H", "MDAwMDAwMDAw")] == [1, 2, 3]
    recording = Recording(answers.recorded, answers.noise)
    assert isinstance(recording.take(upload("wsTSA8qWUS2H")[-1]), Unmatched), "of one block"


def test_the_policy_of_an_upload_that_is_presigned_again_is_answered() -> None:
    def post(policy: dict[str, object]) -> Request:
        made = quote(base64.b64encode(json.dumps(policy).encode()), safe="")
        return Request("POST", API, headers=FORM, body=f"key=a&policy={made}".encode())

    answers = answers_of_run(run_of(post({"expiration": "2026-11-27T10:00:00Z"})))
    for policy, is_answered in (({"expiration": "2026-11-28T10:00:01Z", "n": 1}, True), ({}, False)):
        found = Recording(answers.recorded, answers.noise).take(post(policy))
        assert isinstance(found, Exchange) is is_answered
    assert not answers_of_run(run_of(post({"conditions": ["eq", "no time"]}))).noise


def test_identifiers_of_the_credentials_and_the_environment_are_given() -> None:
    workspace, account = OWN.replace("6f", "9f"), OWN.replace("6f", "5f")
    run = run_of(Request("GET", f"{API}/{workspace}/x?account={account}&trace={OWN}"))
    given = {"auth": {"workspace_id": workspace}, "environment": (EnvironmentVariable("ACCOUNT", account),)}
    found = answers_of_run(replace(run, request=replace(run.request, **given))).noise
    assert [one.pointer for one in found] == ["/trace"]


def test_another_value_of_the_kind_is_answered_and_another_of_the_inputs_is_not() -> None:
    answers = answers_of_run(run_of(Request("GET", f"{API}/items/{GIVEN}?trace={OWN}")))
    recording = Recording(answers.recorded * 2, answers.noise)
    assert isinstance(recording.take(Request("GET", f"{API}/items/{GIVEN}?trace={ANSWERED}")), Exchange)
    assert isinstance(recording.take(Request("GET", f"{API}/items/{OWN}?trace={OWN}")), Unmatched)


def test_a_body_of_which_the_beginning_is_stored_matches_by_that() -> None:
    stored = Request("POST", API, headers=JSON, body=b'{"a": "xx', size=20, cut=True)
    recording = Recording(run_of(stored).outcome.exchanges)
    assert isinstance(recording.take(Request("POST", API, headers=JSON, body=b'{"a": "yyyyyyyyyyy"}')), Unmatched)
    assert isinstance(recording.take(Request("POST", API, headers=JSON, body=b'{"a": "xxxxxxxxxxx"}')), Exchange)


def test_what_a_recording_had_no_answer_to_is_no_answer() -> None:
    run = run_of(Request("GET", API), Request("GET", f"{API}/other"))
    missed = replace(run.outcome.exchanges[1], response=None, origin=AnswerOrigin(unmatched=Unmatched("GET /other")))
    run = replace(run, outcome=replace(run.outcome, exchanges=(run.outcome.exchanges[0], missed)))
    assert [one.id for one in answers_of_run(run).recorded] == [1]
