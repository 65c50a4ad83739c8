"""A refusal pasted from elsewhere: whatever of it was pasted, in whatever form, it gets the picture or a clear word."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import JSON

INPUT: JSON = {
    "type": "object",
    "properties": {"limit": {"type": "integer", "maximum": 100}, "shared": {}},
    "required": ["limit"],
    "additionalProperties": False,
}
OUTPUT: JSON = {
    "type": "object",
    "properties": {"title": {"type": "string", "nullable": True}, "count": {"type": "integer"}},
    "required": ["title", "count"],
}
OTHER: JSON = {"type": "object", "properties": {"city": {"type": "string"}, "shared": {}}, "required": ["city"]}
CONFIG: Any = {
    "name": "api-fetch", "version": "1.0.0", "description": "d", "entry_point": "api_fetch.py", "auth": {},
    "actions": {
        "call_api": {"display_name": "Call", "description": "", "input_schema": INPUT, "output_schema": OUTPUT},
        "look_up": {"display_name": "Look up", "description": "", "input_schema": OTHER, "output_schema": {}},
    },
    "polling_triggers": {"new": {"output_schema": {"properties": {"n": {"type": "integer"}}, "required": ["n"]}}},
}  # fmt: skip
RESULT = {"source": "output", "message": "None is not of type 'string'", "property": "title"}
MESSAGE = json.dumps({"type": "VALIDATION_ERROR", "result": RESULT})


@pytest.fixture
def declared(own_folder: Path) -> None:
    (own_folder / "config.json").write_text(json.dumps(CONFIG, indent=2), "utf-8")


def soup(answer: Any, status: int = 200) -> BeautifulSoup:
    assert answer.status_code == status, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("payload", ['{"count": 1, "title": null}', "{'count': 1, 'title': None}"])
def test_a_pasted_refusal_gets_the_same_picture(client: FlaskClient, payload: str) -> None:
    form = soup(client.get("/paste?integration=api-fetch"))
    value = next(str(each["value"]) for each in form.select("option") if str(each["value"]).endswith("/call_api"))
    answer = client.post("/paste", data={"handler": value, "message": MESSAGE, "payload": payload, "source": ""})
    assert answer.status_code == 303
    page = soup(client.get(answer.location))
    assert page.select_one(".outcome-head .pill").text == "Invalid output"  # type: ignore[union-attr]  # it is there
    assert "pasted" in page.select_one(".facts").text  # type: ignore[union-attr]  # it is there
    assert '"title": null' in page.select_one("[data-side=data] .hit").text  # type: ignore[union-attr]  # it is there
    assert "nullable" in page.select_one(".data-or-schema").text  # type: ignore[union-attr]  # it is there
    assert page.find("button", string="Write to config.json")
    assert not page.select("#outcome-fixes [value=run]"), "what was pasted cannot be run again"
    own = soup(client.get("/integrations/api-fetch/actions/call_api"))
    assert own.select("#outcome .idle"), "what was pasted is no run of this action"


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("handler", "payload", "message", "pill", "pointer"),
    [
        ("api-fetch/action/call_api", '{"limit": "x"}', "Inputs failed: 'x' is no integer", "Invalid inputs", "/limit"),
        ("api-fetch/trigger/new", '{"m": 1}', "output: 'n' is a required property", "Invalid output", "/0/data/n"),
        ("api-fetch/trigger/new", '[{"id": "1", "data": {}}]', "output", "Invalid output", "/0/data/n"),
        ("api-fetch/action/call_api", '{"title": "t", "count": 1}', "output", "Valid", ""),
    ],
)  # fmt: skip
def test_what_was_pasted_is_told_for_what_it_is(
    client: FlaskClient, handler: str, payload: str, message: str, pill: str, pointer: str
) -> None:
    answer = client.post("/paste", data={"handler": handler, "message": message, "payload": payload})
    assert answer.status_code == 303, answer.text
    page = soup(client.get(answer.location))
    assert page.select_one(".outcome-head .pill").text == pill  # type: ignore[union-attr]  # it is there
    assert pointer in page.select_one(".outcome-head h1").text  # type: ignore[union-attr]  # it is there


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("handler", "payload", "said"),
    [
        ("api-fetch/action/call_api", "{oops", "The payload is not JSON."),
        ("api-fetch/action/call_api", "", "The message does not contain the invalid value. Paste the payload."),
        ("api-fetch/action/call_api", "__import__('os')", "The payload is not JSON."),
        ("api-fetch/action/none", "{}", "No handler in the open folders has these properties. Select one."),
        ("", "{}", "No handler in the open folders has these properties. Select one."),
        ("", '{"shared": 1}', "Several handlers match. Select one: the most likely come first."),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(client: FlaskClient, handler: str, payload: str, said: str) -> None:
    page = soup(client.post("/paste", data={"handler": handler, "message": "<b>m</b>", "payload": payload}), 422)
    assert said in page.select_one("[role=alert]").text  # type: ignore[union-attr]  # it is there
    assert page.select("textarea")[0].text.strip() == "<b>m</b>"
    assert page.select("textarea")[1].text.strip() == payload


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("message", "payload", "name", "headline"),
    [
        ("", '{"city": 5}', "look_up", "/city"),
        ("", '{"limit": "x"}', "call_api", "/limit"),
        ("", "{'title': None, 'count': 1}", "call_api", "/title"),
        ("Action 'look_up' failed on its inputs", '{"shared": 1}', "look_up", "/city"),
        (MESSAGE, '{"title": null}', "call_api", "/title"),
        ("", '[{"id": "1", "data": {"n": "x"}}]', "new", "/0/data/n"),
    ],
)
def test_the_likeliest_is_taken_where_none_was_chosen(
    client: FlaskClient, message: str, payload: str, name: str, headline: str
) -> None:
    answer = client.post("/paste", data={"handler": "", "message": message, "payload": payload})
    page = soup(client.get(answer.location))
    assert page.select_one(".values h1").text == name  # type: ignore[union-attr]  # it is there
    assert headline in page.select_one("ol.error-list").text or headline in page.select_one(".outcome-head h1").text  # type: ignore[union-attr]


@pytest.mark.usefixtures("declared")
def test_where_several_suit_the_likeliest_stand_first_and_nothing_is_lost(client: FlaskClient) -> None:
    answer = client.post("/paste", data={"message": "m", "payload": '{"shared": 1}', "source": "input"})
    page = soup(answer, 422)
    first = page.select("select[name=handler] optgroup")[0]
    assert first["label"] == "Most likely"
    assert {str(each["value"]) for each in first.select("option")} == {
        "api-fetch/action/look_up",
        "api-fetch/action/call_api",
    }
    assert page.select("textarea")[1].text.strip() == '{"shared": 1}'
    assert page.select_one("select[name=source] [selected]")["value"] == "input"  # type: ignore[index]  # it is there


PRODUCTION = {"message": "'x' is not of type 'integer'", "property": "limit", "value": "x", "source": "input"}


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("message", "payload", "note"),
    [
        (json.dumps({"type": "VALIDATION_ERROR", "result": PRODUCTION}), '{"limit": "x"}', ""),
        (repr({"type": "VALIDATION_ERROR", "result": PRODUCTION}), '{"limit": "x"}', ""),
        (json.dumps(json.dumps({"result": PRODUCTION})), '{"limit": "x"}', ""),
        (f"ERROR [worker] result={json.dumps(PRODUCTION)}", '{"limit": "x"}', ""),
        (json.dumps({"result": PRODUCTION})[:-30], '{"limit": "x"}', ""),
        (
            json.dumps({"type": "VALIDATION_ERROR", "result": PRODUCTION}),
            "",
            "This checks only the value in the message",
        ),
        (
            "",
            json.dumps({"type": "VALIDATION_ERROR", "result": PRODUCTION}),
            "This checks only the value in the message",
        ),
        ("", 'payload: {"limit": "x"} (refused)', "taken out of the text around it"),
        ("", json.dumps('{"limit": "x"}'), "JSON within a string"),
        ("", "{'limit': 'x'}", "as Python prints it"),
        ("", '{"limit": "x", "order": "new', "cut off"),
    ],
)
def test_however_it_was_pasted_it_is_the_same_picture(
    client: FlaskClient, message: str, payload: str, note: str
) -> None:
    answer = client.post("/paste", data={"handler": "", "message": message, "payload": payload})
    assert answer.status_code == 303, answer.text[:2000]
    page = soup(client.get(answer.location))
    assert page.select_one(".values h1").text == "call_api"  # type: ignore[union-attr]  # it is there
    assert '"limit": "x"' in page.select_one("[data-side=data] .hit").text  # type: ignore[union-attr]  # it is there
    assert page.select_one("[data-side=schema] .hit").text.startswith('"type": "integer"')  # type: ignore[union-attr]
    assert note in page.select_one("#outcome-panel-validation").text  # type: ignore[union-attr]  # it is there
    assert bool(page.select("#outcome-panel-validation > .notice")) is bool(note)


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    "write", [repr, pytest.param(lambda one: f"LOG {json.dumps(one)}", marks=pytest.mark.exhaustive)]
)
def test_two_megabytes_are_read_and_drawn(client: FlaskClient, write: Callable[[Any], str]) -> None:
    payload = write({"title": None, "count": 1, "rows": [{"text": "it's" * 20, "n": n} for n in range(20_000)]})
    assert len(payload) > 2_000_000
    answer = client.post("/paste", data={"handler": "", "message": MESSAGE, "payload": payload})
    page = soup(client.get(answer.location))
    assert '"title": null' in page.select_one("[data-side=data] .hit").text  # type: ignore[union-attr]  # it is there
