"""Cookies and parts of a multipart body in the export as HAR, and on the page."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator
from referencing import Registry
from referencing.jsonschema import DRAFT6

from workbench.domain import ExchangeError, FailureKind, Headers, Status
from workbench.web.runs import bodies, exports

FORM: Headers = (("Content-Type", 'multipart/form-data; boundary="b-1"'), ("Cookie", "a=1; b=x=y"))
BODY = (
    b'--b-1\r\nContent-Disposition: form-data; name="title"\r\n\r\nTwo\r\nlines\r\n'
    b'--b-1\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    b"\x89PNG\xff\r\n--b-1--\r\n"
)
SET: Headers = (
    ("Set-Cookie", "sid=abc; Path=/; Domain=h; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure; HttpOnly"),
    ("Set-Cookie", "plain=1; Expires=never"),
)


def test_cookies_and_parts_are_in_the_archive(tell: Any) -> None:
    story = tell().started().exchange(method="POST", request_headers=FORM, request_body=BODY, headers=SET)
    (entry,) = json.loads(exports.har(story.finished(Status.SUCCEEDED).now))["log"]["entries"]
    assert entry["request"]["cookies"] == [
        {"name": "a", "value": "‹cookie a›"},
        {"name": "b", "value": "‹cookie b›"},
    ]
    first, second = entry["response"]["cookies"]
    assert first == {
        "name": "sid", "value": "‹cookie sid›", "path": "/", "domain": "h", "expires": "2026-10-21T07:28:00+00:00",
        "secure": True, "httpOnly": True,
    }  # fmt: skip
    assert second == {"name": "plain", "value": "‹cookie plain›"}
    assert entry["request"]["postData"]["params"] == [
        {"name": "title", "value": "Two\r\nlines"},
        {"name": "file", "fileName": "a.png", "contentType": "image/png"},
    ]


@pytest.fixture(scope="module")
def schema() -> Draft6Validator:
    """The published schema of HAR 1.2."""
    parts = json.loads((Path(__file__).parents[2] / "har_schema.json").read_text())
    pairs = [(part["$id"], DRAFT6.create_resource(part)) for part in parts.values() if isinstance(part, dict)]
    checker = Draft6Validator.FORMAT_CHECKER
    return Draft6Validator(parts["har.json"], registry=Registry().with_resources(pairs), format_checker=checker)


def test_every_kind_of_exchange_is_valid_by_the_published_schema(tell: Any, schema: Draft6Validator) -> None:
    error = ExchangeError("ClientConnectorError", "no route", "connect", FailureKind.UNREACHABLE)
    story = tell().started()
    story.exchange(method="POST", request_headers=FORM, request_body=BODY, headers=SET)
    story.exchange(status=None, error=error)
    story.exchange(headers=(("Content-Type", "image/png"),), body=b"\x89PNG\xff", size=9)
    story.exchange(status=302, headers=(("Location", "/next?a=1&b"),), body=b"")
    run = story.finished(Status.SUCCEEDED).now
    whole = json.loads(exports.har(run))
    assert [each.message for each in schema.iter_errors(whole)] == []
    assert len(whole["log"]["entries"]) == 4
    alone = json.loads(exports.har(run, 2))
    assert [each.message for each in schema.iter_errors(alone)] == []
    assert len(alone["log"]["entries"]) == 1
    del alone["log"]["entries"][0]["response"]["redirectURL"]
    assert [each.message for each in schema.iter_errors(alone)] == ["'redirectURL' is a required property"]


def test_the_page_shows_part_by_part(tell: Any) -> None:
    story = tell().started().exchange(method="POST", request_headers=FORM, request_body=BODY).finished(Status.SUCCEEDED)
    request = story.now.outcome.exchanges[0].request
    title, file = bodies.present(request).view.parts
    assert (title.name, title.about, title.view.kind, title.view.text) == ("title", "10 B", "text", "Two\r\nlines")
    assert (file.name, file.about, file.view.kind) == ("file", "a.png, image/png, 5 B", "binary")
    assert bodies.present(request, raw=True).view.kind != "parts"


def test_parameters_that_python_cannot_read_are_no_error(tell: Any) -> None:
    odd = "multipart/x; boundary*0=b; boundary*=zz''%; charset*0=a; charset*=b"
    headers = (("Content-Type", odd),)
    story = (
        tell().started().exchange(method="POST", request_headers=headers, request_body=b"--b\r\n\r\nx", headers=headers)
    )
    run = story.finished(Status.SUCCEEDED).now
    assert json.loads(exports.har(run))["log"]["entries"][0]["request"]["postData"]["mimeType"] == odd
    assert bodies.present(run.outcome.exchanges[0].request).view.kind == "text"


def test_a_multipart_body_without_a_boundary_is_what_it_was(tell: Any) -> None:
    headers = (("Content-Type", "multipart/form-data"),)
    story = tell().started().exchange(method="POST", request_headers=headers, request_body=BODY)
    (entry,) = json.loads(exports.har(story.finished(Status.SUCCEEDED).now))["log"]["entries"]
    assert "params" not in entry["request"]["postData"]
