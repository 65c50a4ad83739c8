"""HTTP archives of other programs as answers: what they say is read, their secrets are masked, bad ones say where."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.answers.recording import Recording
from workbench.domain import AnswerSource, Exchange, FailureKind, NoisePlace, Request
from workbench.recordings.answer_file import answers_of_archive, answers_of_file, find_archives
from workbench.recordings.har import har_text
from workbench.recordings.recording import RecordingError

_KEY = "sk-4f8a2b7c9d"


def entry(url: str = "https://api.example.com/v1/items", **members: Any) -> dict[str, Any]:
    """An entry as Chromium writes it."""
    request = {
        "method": "GET",
        "url": url,
        "httpVersion": "http/2.0",
        "headers": [{"name": ":authority", "value": "api.example.com"}, {"name": "accept", "value": "*/*"}],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0,
    }
    response = {
        "status": 200,
        "statusText": "",
        "httpVersion": "http/2.0",
        "headers": [{"name": "content-type", "value": "application/json"}],
        "cookies": [],
        "content": {"size": 2, "mimeType": "application/json", "text": "{}"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }
    return {
        "startedDateTime": members.get("at", "2026-11-26T10:00:00.000Z"),
        "time": 12,
        "request": request | members.get("request", {}),
        "response": response | members.get("response", {}),
        "cache": {},
        "timings": {"send": 0, "wait": 1, "receive": 1},
    }


def archive(*entries: Any) -> str:
    log = {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": list(entries)}
    return json.dumps({"log": log}, indent=1)


def test_entries_are_exchanges_in_the_order_in_which_they_began() -> None:
    text = archive(
        entry("https://api.example.com/2", at="2026-11-26T10:00:01.000Z"),
        entry("wss://api.example.com/socket"),
        entry("https://api.example.com/1", at="2026-11-26T10:00:00.000Z"),
    )
    answers = answers_of_archive(text, "page.har")
    assert (answers.source, answers.label) == (AnswerSource.RECORDING, "page.har")
    assert [(each.id, each.request.url) for each in answers.recorded] == [
        (3, "https://api.example.com/1"), (1, "https://api.example.com/2"),
    ]  # fmt: skip
    [first, _] = answers.recorded
    assert first.request.headers == (("accept", "*/*"),)  # :authority is no header of HTTP/1.1
    assert first.response is not None
    assert (first.response.status, first.response.body, first.body_state) == (200, b"{}", "complete")


@pytest.mark.parametrize(
    ("posted", "body"),
    [
        ({"mimeType": "application/json", "text": '{"a": "é"}'}, '{"a": "é"}'.encode()),
        ({"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "1"}]}, b"a+b=1"),
        (
            {
                "mimeType": "multipart/form-data; boundary=X",
                "params": [{"name": "f", "fileName": "a.txt", "contentType": "text/plain", "value": "hi"}],
            },
            b'--X\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n'
            b"Content-Type: text/plain\r\n\r\nhi\r\n--X--\r\n",
        ),
    ],
)
def test_bodies_that_were_sent_are_read_as_text_or_by_their_fields(posted: dict[str, Any], body: bytes) -> None:
    [found] = answers_of_archive(archive(entry(request={"method": "POST", "postData": posted})), "a.har").recorded
    assert found.request.body == body
    assert dict(found.request.headers)["Content-Type"] == posted["mimeType"]


def test_bodies_that_came_are_decoded_or_told_to_be_missing() -> None:
    image = {
        "size": 3,
        "mimeType": "image/png",
        "text": base64.b64encode(b"\x00\xff\x01").decode(),
        "encoding": "base64",
    }
    dropped = {"size": 400, "mimeType": "text/html"}
    first, second = answers_of_archive(
        archive(entry(response={"content": image}), entry(response={"content": dropped})), "a.har"
    ).recorded
    assert first.response is not None and second.response is not None
    assert first.response.body == b"\x00\xff\x01"
    assert (second.response.body, second.response.size, second.response.cut) == (b"", 400, True)


def test_null_stands_for_what_is_missing() -> None:
    """Programs that write each property of a class do so."""
    content = {"size": 0, "mimeType": None, "text": None, "encoding": None}
    answer = {"content": content, "headers": None, "statusText": None}
    [found] = answers_of_archive(
        archive(entry(request={"postData": None, "headers": None}, response=answer)), "a.har"
    ).recorded
    assert found.response is not None
    assert (found.response.body, found.response.headers) == (b"", ())


def test_what_was_sent_and_not_stored_matches_anything() -> None:
    file = {"name": "f", "fileName": "a.bin", "contentType": "application/octet-stream"}
    form = {"mimeType": "multipart/form-data; boundary=X", "params": [file]}
    answers = answers_of_archive(
        archive(
            entry(request={"method": "POST", "postData": form, "bodySize": 200}),
            entry("https://api.example.com/v1/raw", request={"method": "PUT", "bodySize": 9}),
        ),
        "a.har",
    )
    recording = Recording(answers.recorded, answers.noise)
    body = b'--Y\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n' + (
        b"Content-Type: application/octet-stream\r\n\r\n\0\xff\r\n--Y--\r\n"
    )
    sent = Request(
        "POST",
        answers.recorded[0].request.url,
        headers=(("Content-Type", "multipart/form-data; boundary=Y"),),
        body=body,
    )
    assert isinstance(recording.take(sent), Exchange)
    assert isinstance(recording.take(Request("PUT", "https://api.example.com/v1/raw", body=b"\0anything")), Exchange)


def test_a_request_that_failed_in_the_browser_fails_in_the_same_phase() -> None:
    text = archive(entry(response={"status": 0, "_error": "net::ERR_NAME_NOT_RESOLVED"}))
    error = answers_of_archive(text, "a.har").recorded[0].error
    assert error is not None
    assert (error.phase, error.kind) == ("dns", FailureKind.NAME_NOT_FOUND)


def test_secrets_of_an_archive_are_masked_and_match_any_value() -> None:
    text = archive(
        entry(
            f"https://api.example.com/v1/items?api_key={_KEY}",
            request={"headers": [{"name": "authorization", "value": f"Bearer {_KEY}"}]},
            response={"content": {"size": 9, "mimeType": "application/json", "text": json.dumps({"used": _KEY})}},
        )
    )
    answers = answers_of_archive(text, "a.har")
    assert _KEY not in str(answers.recorded)
    assert [(one.place, one.pointer) for one in answers.noise] == [(NoisePlace.QUERY, "/api_key")]


def test_our_own_export_is_read(folder: Path) -> None:
    exchanges = answers_of_archive(archive(entry()), "a.har").recorded
    assert exchanges[0].response is not None
    exchanges = (replace(exchanges[0], response=replace(exchanges[0].response, trailers=(("x-last", "1"),))),)
    (folder / "own.har").write_text("\ufeff" + har_text(exchanges, 0.0, ""))
    [again] = answers_of_file(folder / "own.har").recorded
    assert (again.request.url, again.response) == (exchanges[0].request.url, exchanges[0].response)
    assert find_archives(folder) == ["own.har"]


@each_case(
    ("text", "why"),
    [
        ("<html>", "a.har:1:1 is not JSON: expecting value. Export the archive again."),
        ("[]", 'a.har:1:1: This is not an HTTP archive (HAR): it has no "log".'),
        ('{"log": {}}', "a.har:1:2: /log/entries must be an array, but is missing."),
        (archive(), "a.har has no HTTP requests. Export the archive while the page sends some."),
        (
            archive(entry(response={"status": "200"})),
            "/log/entries/0/response/status must be an integer, but is a string.",
        ),
        (archive(entry("http://[::1/")), "/log/entries/0/request/url must be a URL, but is a string."),
        (
            archive(entry(response={"content": {"text": "?", "encoding": "base64"}})),
            "/log/entries/0/response/content/text is not base64.",
        ),
        (
            archive(entry(response={"content": {"_file": "x.1.response.body"}})),
            "is the file of a body beside a recording",
        ),
    ],
)
def test_a_bad_archive_says_what_is_wrong_and_where(text: str, why: str) -> None:
    with pytest.raises(RecordingError) as raised:
        answers_of_archive(text, "a.har")
    assert why in str(raised.value)
