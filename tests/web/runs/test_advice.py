"""Who is to change what: credentials that nobody filled in, values that the API sent, causes that are known."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import JSON, Run, Side, Status, ValidationError
from workbench.explain import headline, value_origin
from workbench.explain.documents.report import report
from workbench.explain.text import plain
from workbench.web.runs.fixes import suggested_fixes
from workbench.web.runs.values.validated_value import Around

pytestmark = pytest.mark.usefixtures("own_folder")

AUTH: dict[str, Any] = {
    "type": "object",
    "properties": {
        "base_url": {"type": "string", "label": "Base URL", "minLength": 1},
        "api_key": {"type": "string", "title": "API key"},
        "team": {"type": "string"},
    },
    "required": ["base_url", "api_key"],
}
MISSING = [ValidationError(Side.AUTH, f"/{name}", "/required", "required") for name in ("base_url", "api_key")]


def around(folder: Path, place: str, declared: JSON) -> Around:
    config = {"auth": {"fields": declared}} if place == "auth" else {"actions": {"call_api": {place: declared}}}
    text = json.dumps(config, indent=2)
    (folder / "config.json").write_text(text)
    return Around(text)


def lacking(tell: Any, auth: Any = None) -> Any:
    return tell(auth=auth or {}, auth_schema=AUTH).errors(*MISSING).finished(Status.INVALID_AUTH)


def test_credentials_that_are_not_filled_in_are_named_by_their_labels(
    client: FlaskClient, tell: Any, folder: Path
) -> None:
    run: Run = lacking(tell).now
    assert plain(headline.tell(run)) == "Credentials are not filled in: Base URL, API key."
    page = BeautifulSoup(client.get(f"/runs/{run.id}").text, "html.parser")
    [button] = page.select(".btn.primary")
    assert button.text == "Fill in credentials"
    assert button["href"].startswith(
        "/integrations/api-fetch/auth?back=/integrations/api-fetch/actions/call_api?run%3D"
    )
    assert "The auth is invalid" not in page.text
    assert "Credentials are not filled in." in page.text
    assert suggested_fixes.suggest_fixes(run, run.outcome.errors[0], around(folder, "auth", AUTH)) == ()


def test_an_empty_text_counts_as_not_filled_in(tell: Any) -> None:
    empty = ValidationError(Side.AUTH, "/base_url", "/properties/base_url/minLength", "minLength")
    story = tell(auth={"base_url": "", "api_key": "k"}, auth_schema=AUTH).errors(empty).finished(Status.INVALID_AUTH)
    assert plain(headline.tell(story.now)) == "Credentials are not filled in: Base URL."


def test_a_wrong_credential_is_invalid_and_not_missing(client: FlaskClient, tell: Any) -> None:
    wrong = ValidationError(Side.AUTH, "/base_url", "/properties/base_url/type", "type")
    story = tell(auth={"base_url": 7}, auth_schema=AUTH).errors(wrong, MISSING[1]).finished(Status.INVALID_AUTH)
    assert plain(headline.tell(story.now)).startswith("/base_url must be a string")
    assert "Fill in credentials" not in client.get(f"/runs/{story.run.id}").text


def test_a_missing_input_is_added_and_the_schema_left_alone(tell: Any, folder: Path) -> None:
    schema = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
    missing = ValidationError(Side.INPUT, "/url", "/required", "required")
    run = tell(inputs={}, input_schema=schema).errors(missing).finished(Status.INVALID_INPUT).now
    found = suggested_fixes.suggest_fixes(run, run.outcome.errors[0], around(folder, "input_schema", schema))
    assert {fix.target for fix in found} == {"data"}


WIND = {"now": {"wind": {"speed_ms": 3.25, "gust_ms": None, "from": "south-west"}}}
GUST = ValidationError(Side.OUTPUT, "/gust_ms", "/properties/gust_ms/type", "type")


def weather(tell: Any, returned: Any, error: ValidationError = GUST, body: Any = WIND) -> Any:
    schema = {"type": "object", "properties": {"gust_ms": {"type": "number"}}, "required": ["gust_ms"]}
    story = tell(output_schema=schema).started().exchange(body=json.dumps(body).encode()).returned(returned)
    return story.errors(error).finished(Status.INVALID_OUTPUT)


@pytest.mark.parametrize(
    ("returned", "error", "said"),
    [
        (
            WIND["now"]["wind"],
            GUST,
            "The API sent null at /now/wind/gust_ms (exchange 1). "
            "Allow null in the schema, or replace it in the handler.",
        ),
        (
            {"speed_ms": 3.25, "gust_ms": "calm", "from": "south-west"},
            GUST,
            "The API sent another value in /now/wind (exchange 1), so the handler made this one. Change the handler.",
        ),
        (
            {"speed_ms": 3.25, "from": "south-west", "gust": 1},
            ValidationError(Side.OUTPUT, "/gust_ms", "/required", "required"),
            "The API sent another value in /now/wind (exchange 1), so the handler made this one. Change the handler.",
        ),
        (
            {"gust_ms": None},
            GUST,
            "The API sent null at /now/wind/gust_ms (exchange 1). "
            "Allow null in the schema, or replace it in the handler.",
        ),
        ({"gust": None}, replace(GUST, pointer="/gust"), ""),
    ],
)
def test_the_origin_of_an_invalid_value_stands_under_the_headline(
    client: FlaskClient, tell: Any, returned: Any, error: ValidationError, said: str
) -> None:
    run = weather(tell, returned, error).now
    assert plain(value_origin.explain(run)) == said
    assert report(run)["provenance"] == (said or None)
    header = BeautifulSoup(client.get(f"/runs/{run.id}").text, "html.parser").select_one("header.outcome-head")
    assert (said in header.text) == bool(said) or not said


def test_a_fix_that_allows_the_value_is_not_the_first_thing_to_do(client: FlaskClient, tell: Any, folder: Path) -> None:
    run = weather(tell, WIND["now"]["wind"]).now
    found = suggested_fixes.suggest_fixes(
        run, run.outcome.errors[0], around(folder, "output_schema", run.request.output_schema)
    )
    assert found
    assert all(fix.loosens for fix in found)
    page = BeautifulSoup(client.get(f"/runs/{run.id}?tab=validation").text, "html.parser")
    assert page.select("#outcome-fixes .fix")
    assert not page.select("#outcome-fixes .primary")
    assert "The handler returned invalid data as the API had sent it." in page.text


def test_a_fix_of_an_invalid_schema_is(tell: Any, folder: Path) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "required": True}}}
    broken = ValidationError(Side.OUTPUT, "/a", "/properties/a/required", "required", in_schema=True)
    story = tell(output_schema=schema).started().returned({"a": "x"}).errors(broken).finished(Status.INVALID_OUTPUT)
    run = story.now
    found = suggested_fixes.suggest_fixes(run, run.outcome.errors[0], around(folder, "output_schema", schema))
    assert [fix.loosens for fix in found] == [False] * len(found) != []


def test_no_schema_is_loosened_where_the_cause_is_known(tell: Any, folder: Path) -> None:
    schema = {"type": "object"}
    wrong = ValidationError(Side.OUTPUT, "", "/type", "type")
    story = tell(output_schema=schema).started().returned('{"a": 1}', "str").errors(wrong)
    run = story.finished(Status.INVALID_OUTPUT).now
    assert suggested_fixes.suggest_fixes(run, run.outcome.errors[0], around(folder, "output_schema", schema)) == ()


def test_a_name_in_two_places_says_nothing_of_the_origin(tell: Any) -> None:
    body = {"now": {"gust_ms": None}, "tomorrow": {"gust_ms": None}}
    assert value_origin.explain(weather(tell, {"gust_ms": None}, body=body).now) == ()
