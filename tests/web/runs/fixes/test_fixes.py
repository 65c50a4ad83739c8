"""Fixes: each is tested, written in place with only its lines changed, undone, and combined with others."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.catalog import config_digest
from workbench.domain import JSON, Kind, Outcome, Status
from workbench.jsondoc.patch import apply
from workbench.runner.diagnosis import diagnose_output, diagnose_request
from workbench.schema import diagnose
from workbench.web.runs.fixes import fix_plan, schema_suggestion, suggested_fixes
from workbench.web.runs.tabs import validation
from workbench.web.runs.values.validated_value import Around

type Tell = Callable[..., Any]

INPUT: JSON = {
    "type": "object",
    "properties": {"limit": {"type": "integer", "maximum": 100}, "order": {"enum": ["newest", "oldest"]}},
    "required": ["limit"],
    "additionalProperties": False,
}
OUTPUT: JSON = {
    "type": "object",
    "properties": {"title": {"type": "string", "nullable": True}, "count": {"type": "integer"}},
    "required": ["title", "count"],
}
TEXT = """{
  "name": "api-fetch", "entry_point": "api_fetch.py",
  "actions": {
    "call_api": {
      "description": "Caf\\u00e9",
      "input_schema": INPUT,
      "output_schema": {
        "type": "object",
        "properties": {
          "title": {"type": "string", "nullable": true},
          "count": {"type": "integer"}
        },
        "required": ["title", "count"]
      }
    }
  },
  "polling_triggers": {"new": {"output_schema": {"type": "object", "required": ["n"]}}}
}
""".replace("INPUT", json.dumps(INPUT))


@pytest.fixture
def folder(own_folder: Path) -> Path:
    (own_folder / "config.json").write_text(TEXT, "utf-8")
    return own_folder


@pytest.fixture
def ran(tell: Tell, folder: Path) -> Callable[..., Any]:
    """A run of what ``config.json`` declares, diagnosed as the runner would."""

    def run(inputs: JSON = None, returned: JSON = None, **more: Any) -> Any:
        given: dict[str, Any] = {"inputs": {"limit": 5} if inputs is None else inputs, "auth_schema": None}
        given |= {"input_schema": INPUT, "output_schema": OUTPUT, "config_digest": config_digest(folder)}
        story = tell(**(given | more)).started()
        if returned is not None:
            story.returned(returned, type(returned).__name__)
        outcome = Outcome(status=Status.SUCCEEDED, returned=story.now.outcome.returned)
        errors = (*diagnose_request(story.request), *diagnose_output(story.request, outcome))
        story.errors(*errors)
        status = {"input": Status.INVALID_INPUT, "output": Status.INVALID_OUTPUT, "": Status.SUCCEEDED}
        where = errors[0].where if errors else ""
        return story.finished(status[where], valued=not where)

    return run


def around(folder: Path, *stories: Any) -> Around:
    return Around((folder / "config.json").read_text("utf-8"), "", tuple(story.now for story in stories))


def soup(answer: Any, status: int = 200) -> BeautifulSoup:
    assert answer.status_code == status, answer.text[:400]
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize(
    "inputs",
    [
        {"limit": "5"}, {"limit": 500}, {"limit": 5, "order": "newst"}, {"limits": 5}, {}, {"limit": None},
        {"limit": 5, "extra": {"deep": [1]}}, {"limit": 1.5},
    ],
)  # fmt: skip
def test_every_mend_of_inputs_makes_its_fault_go(ran: Any, folder: Path, inputs: JSON) -> None:
    run = ran(inputs=inputs).now
    seen = 0
    for error in run.outcome.errors:
        for offer in suggested_fixes.suggest_fixes(run, error, around(folder)):
            seen += 1
            if offer.target == "data":
                after = diagnose(INPUT, apply(run.request.inputs, offer.patch))
            else:
                config = apply(json.loads(TEXT), json.loads(offer.text))
                after = diagnose(config["actions"]["call_api"]["input_schema"], run.request.inputs)  # type: ignore[call-overload,index]
            left = {(each.pointer, each.keyword) for each in after.errors}
            assert (error.pointer, error.keyword) not in left
            assert left < {(each.pointer, each.keyword) for each in run.outcome.errors}
            assert offer.lines
            assert not offer.obstacle
            assert (offer.effect == "") is (offer.target == "data")
    assert seen


@pytest.mark.parametrize("returned", [{"title": None, "count": 1}, {"title": "t"}, {"title": "t", "count": "1"}, {}])
def test_every_mend_of_a_schema_is_written_and_then_holds(
    client: FlaskClient, ran: Any, folder: Path, returned: JSON
) -> None:
    good = ran(returned={"title": "x", "count": 3})
    number = len(ran(returned=returned).now.outcome.errors)
    for fault in range(number):
        (folder / "config.json").write_text(TEXT, "utf-8")
        story = ran(returned=returned)
        error = validation.sort_errors(story.now.outcome)[fault]
        offers = suggested_fixes.suggest_fixes(story.now, error, around(folder, good))
        assert {offer.target for offer in offers} == {"schema"}
        assert {offer.effect.partition(":")[0] for offer in offers} == {"widens the contract"}
        for offer in offers:
            (folder / "config.json").write_text(TEXT, "utf-8")
            form = soup(client.get(f"/runs/{story.run.id}?error={fault}")).select_one(f"#fix-{offer.key} form")
            assert (folder / "config.json").read_text("utf-8") == TEXT
            done = soup(client.post(str(form["action"]), follow_redirects=True))  # type: ignore[index]  # it is there
            assert f"config.json updated: {offer.title}" in done.select_one("#outcome-written").text  # type: ignore[union-attr]
            now = (folder / "config.json").read_text("utf-8")
            taken = {line for line in TEXT.splitlines() if line not in now.splitlines()}
            assert 0 < len(taken) <= 2
            assert "Caf\\u00e9" in now
            schema = json.loads(now)["actions"]["call_api"]["output_schema"]
            found = {(each.pointer, each.keyword) for each in diagnose(schema, returned).errors}
            assert (error.pointer, error.keyword) not in found
            assert diagnose(schema, {"title": "x", "count": 3}).valid


def written(client: FlaskClient, run_id: str) -> str:
    note = soup(client.get(f"/runs/{run_id}")).select_one("#outcome-written")
    return note.text if note else ""


def test_a_write_is_undone_as_long_as_the_file_is_as_it_was_written(
    client: FlaskClient, ran: Any, folder: Path
) -> None:
    story = ran(returned={"title": None, "count": 1})
    form = soup(client.get(f"/runs/{story.run.id}?error=0")).select_one(".fix form")
    assert written(client, story.run.id) == ""
    client.post(str(form["action"]))  # type: ignore[index]  # it is there
    assert "This run used the file before the change." in written(client, story.run.id)
    assert client.post(f"/runs/{story.run.id}/undo").status_code == 303
    assert (folder / "config.json").read_text("utf-8") == TEXT
    assert "Change undone." in written(client, story.run.id)
    assert "no change of config.json to undo" in soup(client.post(f"/runs/{story.run.id}/undo"), 409).text

    overview = f"/integrations/{story.run.request.integration_id}"
    assert soup(client.get(overview)).select_one("#written") is None
    client.post(str(form["action"]))  # type: ignore[index]  # it is there
    undo = soup(client.get(overview)).select_one("#written form")
    assert client.post(str(undo["action"])).status_code == 303  # type: ignore[index]  # it is there
    assert (folder / "config.json").read_text("utf-8") == TEXT

    client.post(str(form["action"]))  # type: ignore[index]  # it is there
    (folder / "config.json").write_text("{}", "utf-8")
    assert written(client, story.run.id) == ""
    assert "changed since the workbench wrote it" in soup(client.post(f"/runs/{story.run.id}/undo"), 409).text
    assert (folder / "config.json").read_text("utf-8") == "{}"


def plan_fields(page: BeautifulSoup) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for field in page.select("#outcome-fixes form.press input"):
        fields.setdefault(str(field["name"]), []).append(str(field["value"]))
    return fields


def test_fixes_of_several_errors_are_one_change(client: FlaskClient, ran: Any, folder: Path) -> None:
    story = ran(returned={"title": None, "count": "1"})
    outcome = soup(client.get(f"/runs/{story.run.id}?error=0"))
    link = outcome.find("a", string="Fix both errors…")
    page = soup(client.get(str(link["href"])))  # type: ignore[index]  # it is there
    assert "Fixes 2 of 2 errors." in page.text
    fields = plan_fields(page)
    one = soup(client.get(f"/runs/{story.run.id}/fixes/plan?error=0&selected=1&number=1&fix-1={fields['fix-1'][0]}"))
    assert "Fixes 1 of 2 errors." in one.text
    stale = {**fields, "number": ["1"]}
    soup(client.post(f"/runs/{story.run.id}/fixes/plan?error=0", data=stale), 409)
    done = soup(client.post(f"/runs/{story.run.id}/fixes/plan?error=0", data=fields, follow_redirects=True))
    assert "config.json updated: 2 fixes of validation errors" in done.text
    schema = json.loads((folder / "config.json").read_text("utf-8"))["actions"]["call_api"]["output_schema"]
    assert diagnose(schema, {"title": None, "count": "1"}).valid


def test_fixes_that_move_each_others_places_are_combined(ran: Any, folder: Path) -> None:
    run = ran(returned={}).now
    errors = list(enumerate(validation.sort_errors(run.outcome)))
    plan = fix_plan.make_plan(run, errors, around(folder), None)
    assert plan is not None
    assert (plan.fixed, plan.remaining, plan.changes) == (2, 0, 2)
    config = apply(json.loads(TEXT), plan.patch)
    assert diagnose(config["actions"]["call_api"]["output_schema"], {}).valid  # type: ignore[call-overload,index]


def test_several_fixes_of_inputs_are_a_change_of_the_inputs(ran: Any, folder: Path) -> None:
    run = ran(inputs={"limit": "5", "order": "newst", "extra": 1}).now
    errors = list(enumerate(run.outcome.errors))
    plan = fix_plan.make_plan(run, errors, around(folder), None)
    assert plan is not None
    assert plan.target == "data"
    assert apply(run.request.inputs, plan.patch) == {"limit": 5, "order": "newest"}
    left_out = fix_plan.make_plan(run, errors, around(folder), {})
    assert left_out is not None
    assert (left_out.fixed, left_out.changes, left_out.patch) == (0, 0, ())


def test_a_mend_is_shown_with_its_lines_and_its_trial(client: FlaskClient, ran: Any) -> None:
    ran(returned={"title": "x", "count": 3})
    story = ran(returned={"title": None, "count": 1})
    page = soup(client.get(f"/runs/{story.run.id}?error=0"))
    mend = page.select(".fix")[0]
    assert mend.select_one("strong").text == "Change the type to string or null"  # type: ignore[union-attr]  # it is there
    assert "Fixes this error. 1 of 1 earlier result passes with it." in mend.text
    shown = [(line.select_one(".no").text, line["class"]) for line in mend.select(".diff > div")]  # type: ignore[union-attr]
    assert shown == [("9", ["ctx"]), ("10", ["del"]), ("10", ["add"]), ("11", ["ctx"])]
    patch = json.loads(str(mend.select_one("[data-copy-text]")["data-copy-text"]))  # type: ignore[index]  # it is there
    schema = apply(json.loads(TEXT), patch)["actions"]["call_api"]["output_schema"]  # type: ignore[index,call-overload]
    assert schema["properties"]["title"] == {"type": ["string", "null"]}  # type: ignore[index,call-overload]


def test_a_file_that_changed_since_the_run_is_not_overwritten(client: FlaskClient, ran: Any, folder: Path) -> None:
    story = ran(returned={"title": None, "count": 1})
    form = soup(client.get(f"/runs/{story.run.id}?error=0")).select_one(".fix form")
    assert form is not None
    changed = TEXT.replace('"name": "api-fetch"', '"name": "renamed"')
    (folder / "config.json").write_text(changed, "utf-8")
    rejected = soup(client.post(str(form["action"])), 409)
    assert "Nothing was written. config.json has changed since this run" in rejected.text
    assert (folder / "config.json").read_text("utf-8") == changed


def test_a_mend_that_is_not_offered_is_not_written(client: FlaskClient, ran: Any, folder: Path) -> None:
    story = ran(inputs={"limit": "5"})
    data = next(
        offer for offer in suggested_fixes.suggest_fixes(story.now, story.now.outcome.errors[0], around(folder))
    )
    assert data.target == "data"
    assert client.post(f"/runs/{story.run.id}/fixes/{'0' * 16}?error=0").status_code == 404
    assert client.post(f"/runs/{story.run.id}/fixes/{data.key}?error=7").status_code == 404
    assert (folder / "config.json").read_text("utf-8") == TEXT


def test_an_input_mend_is_loaded_into_the_form(client: FlaskClient, ran: Any) -> None:
    story = ran(inputs={"limit": "5"})
    page = soup(client.get(f"/runs/{story.run.id}?error=0"))
    link = page.find("a", string="Apply to the form")
    form = soup(client.get(str(link["href"])))  # type: ignore[index]  # it is there
    assert json.loads(form.select_one("#payload-text").text) == {"limit": 5}  # type: ignore[union-attr]  # it is there
    assert "Fix applied to the form. Run it to try." in form.text
    gone = soup(client.get(re.sub(r"fix=\w+", "fix=nothing", str(link["href"])), follow_redirects=True))  # type: ignore[index]
    assert "This fix no longer applies" in gone.text


def test_nothing_masked_is_offered(tell: Tell, folder: Path) -> None:
    schema: JSON = {"properties": {"api_key": {"type": "string", "enum": ["a", "b"], "format": "password"}}}
    story = tell(auth={"api_key": "s3cret-value"}, auth_schema=schema).started()
    story.errors(*[each for each in diagnose_request(story.request) if each.where == "auth"])
    run = story.finished(Status.INVALID_AUTH).now
    assert run.outcome.errors
    assert suggested_fixes.suggest_fixes(run, run.outcome.errors[0], around(folder)) == ()


def test_a_schema_from_this_run_and_from_all(client: FlaskClient, ran: Any, folder: Path) -> None:
    ran(returned={"title": "x", "count": 3, "more": {"a": 1}})
    story = ran(returned={"title": None, "count": 1})
    page = soup(client.get(f"/runs/{story.run.id}?tab=result"))
    url = str(page.find("a", string="Suggest schema")["href"])  # type: ignore[index]  # it is there
    one = json.loads(soup(client.get(url)).select_one("#suggested").text)  # type: ignore[union-attr]  # it is there
    assert one["properties"]["title"]["type"] == ["string", "null"]
    assert "more" not in one["properties"]
    page = soup(client.get(f"{url}?from=all"))
    both = json.loads(page.select_one("#suggested").text)  # type: ignore[union-attr]  # it is there
    assert both["properties"]["more"]["properties"]["a"] == {"type": "integer"}
    assert "2 values of 2 runs" in page.text
    fields = {str(field["name"]): str(field["value"]) for field in page.select("form input")}
    done = soup(client.post(url, data=fields, follow_redirects=True))
    assert "config.json updated: output_schema of call_api" in done.text
    now = (folder / "config.json").read_text("utf-8")
    assert json.loads(now)["actions"]["call_api"]["output_schema"] == both
    assert len([line for line in TEXT.splitlines() if line not in now.splitlines()]) <= 3
    assert soup(client.post(url, data=fields), 409)


def test_a_suggestion_that_has_become_another_is_not_written(client: FlaskClient, ran: Any, folder: Path) -> None:
    story = ran(returned={"title": None, "count": 1})
    url = f"/runs/{story.run.id}/suggestion"
    fields = {str(f["name"]): str(f["value"]) for f in soup(client.get(f"{url}?from=all")).select("form input")}
    ran(returned={"title": 5, "count": 1})
    soup(client.post(url, data=fields), 409)
    assert (folder / "config.json").read_text("utf-8") == TEXT


def test_a_schema_that_says_it_all_is_left_alone(client: FlaskClient, ran: Any) -> None:
    story = ran(returned={"title": "x", "count": 3})
    page = soup(client.get(f"/runs/{story.run.id}/suggestion"))
    assert "already covers these values: no changes." in page.text
    assert not page.select("main form")


def test_a_schema_is_made_of_the_data_of_records(ran: Any, folder: Path) -> None:
    schema: JSON = {"type": "object", "required": ["n"]}
    records: JSON = [{"id": "1", "data": {"n": 1}}, {"id": "2", "data": {"n": 2, "x": "y"}}]
    run = ran(kind=Kind.TRIGGER, name="new", returned=records, input_schema=None, output_schema=schema).now
    made = schema_suggestion.suggest(run, "this", around(folder))
    assert made is not None
    assert json.loads(made.text)["properties"].keys() == {"n", "x"}
    assert (made.samples, made.runs, made.obstacle) == (2, 1, "")
    assert made.lines


def test_what_returned_nothing_suggests_nothing(client: FlaskClient, ran: Any) -> None:
    story = ran(inputs={"limit": "x"})
    assert client.get(f"/runs/{story.run.id}/suggestion").status_code == 404
    assert "Suggest" not in client.get(f"/runs/{story.run.id}?tab=result").text


def test_an_address_of_an_earlier_release_leads_to_the_fixes(client: FlaskClient, ran: Any) -> None:
    story = ran(inputs={"limit": "5"})
    now = client.get(f"/runs/{story.run.id}/fixes?error=0")
    earlier = client.get(f"/runs/{story.run.id}/mends?fault=0", follow_redirects=True)
    token = re.compile('"X-CSRFToken": *"[^"]*"|name="csrf_token" value="[^"]*"')  # a second later it is another one
    assert token.sub("", earlier.text) == token.sub("", now.text)
