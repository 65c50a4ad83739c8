"""A rule that begins from a captured exchange: its fields, its errors, and the line that it becomes."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.answer_rules import parse_rule, parse_rules, write_rule
from workbench.domain import (
    AnswerOrigin,
    Answers,
    AnswerSource,
    OnUnmatched,
    RequestDifference,
    RequestPart,
    Status,
    Unmatched,
)
from workbench.events import AnswerChosen

pytestmark = pytest.mark.usefixtures("own_folder")

NEW = "/integrations/api-fetch/rules/new"


def fields(page: BeautifulSoup) -> dict[str, str]:
    """What the editor would post."""
    form = page.find("form", class_="rule-editor")
    assert form
    found = {one["name"]: one.get("value", "") for one in form.find_all("input") if one.get("type") != "checkbox"}
    found |= {one["name"]: one.text.removeprefix("\n") for one in form.find_all("textarea")}
    for one in form.find_all("select"):
        chosen = one.find("option", selected=True) or one.find("option")
        found[one["name"]] = chosen["value"]
    return {str(name): str(value) for name, value in found.items()}


def _pressed(page: BeautifulSoup, text: str) -> dict[str, str]:
    """What a browser adds to the fields for that button, unless a field has its name: that one comes first."""
    button = next(one for one in page.find_all("button") if one.text == text)
    assert str(button["name"]) not in fields(page)
    return {str(button["name"]): str(button["value"])}


def soup(response: Any, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def test_an_answer_begins_as_it_was_captured_and_becomes_a_rule(client: FlaskClient, tell: Any, folder: Any) -> None:
    headers = (("Content-Type", "application/json"), ("Content-Length", "99"), ("X-Page", "1"))
    story = tell().started().exchange(url="https://api.example.com/v1/beds?page=1", headers=headers)
    run = story.finished(Status.SUCCEEDED).run
    shown = soup(client.get(f"/runs/{run.id}?tab=http"))
    link = next(each for each in shown.find_all("a") if each.text == "Answer this with…")
    page = soup(client.get(link["href"]))
    typed = fields(page)
    assert (typed["method"], typed["host"], typed["path"], typed["status"]) == (
        "GET", "api.example.com", "/v1/beds", "200"
    )  # fmt: skip
    assert typed["headers"] == "Content-Type: application/json\nX-Page: 1"
    assert typed["body"] == '{\n  "data": {\n    "method": "GET"\n  }\n}'
    changed = soup(client.post(NEW, data=typed | _pressed(page, "Fail") | {"body": "typed before"}))
    kept = fields(changed)
    assert (kept["action"], kept["body"], kept["failure"]) == ("fail", "typed before", "refused")
    wrong = soup(client.post("/integrations/api-fetch/rules/preview", data=typed | {"status": "20x"}), 422)
    assert "Status must be a whole number" in wrong.find(id="rule-error").text  # type: ignore[union-attr]
    assert fields(wrong)["status"] == "20x"
    diff = soup(client.post("/integrations/api-fetch/rules/preview", data=typed | {"status": "503"})).find(
        class_="diff"
    )
    assert diff
    assert "status = 503" in diff.text
    assert not (folder / "workbench.toml").exists()
    form = diff.find_parent("section").find("form")  # type: ignore[union-attr]
    write = {each["name"]: each.get("value", "") for each in form.find_all("input")}  # type: ignore[union-attr]
    listed = soup(client.post("/integrations/api-fetch/rules", data=write, follow_redirects=True))
    notice = listed.find(id="written")
    assert notice
    assert "Added the rule “respond GET api.example.com/v1/beds”" in notice.text
    assert f"run={run.id}&tab=http&exchange=1" in notice.find("a")["href"]  # type: ignore[index]
    assert "Answer with 503" in listed.text
    assert "status = 503" in (folder / "workbench.toml").read_text()


def test_the_editor_needs_an_exchange_that_is_there(client: FlaskClient, tell: Any) -> None:
    run = tell().started().finished(Status.SUCCEEDED).run
    assert client.get(f"{NEW}?run={run.id}&exchange=7").status_code == 404
    assert client.get(f"{NEW}?run=nope&exchange=1").status_code == 404


@pytest.fixture
def declared(folder: Path) -> Path:
    """The folder, whose config.json declares the action, so that it can be run."""
    config = {"name": "api-fetch", "entry_point": "api_fetch.py", "actions": {"call_api": {"description": "A call."}}}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_the_rule_that_changed_an_exchange_is_edited_and_left_out(
    client: FlaskClient, tell: Any, store: Any, declared: Path
) -> None:
    rules = (parse_rule("delay other.example 1"), parse_rule("fail api.example.com dns"))
    story = tell(answers=Answers(rules=rules)).started().exchange(url="https://api.example.com/", ended=False)
    run = story.tell(AnswerChosen(story.later(1), 1, AnswerOrigin(rule=rules[1].name))).finished(Status.SUCCEEDED).run
    menu = soup(client.get(f"/runs/{run.id}?tab=http")).find(id="rule-1")
    edit = next(each for each in menu.find_all("a") if each.text == "Edit the rule…")["href"]  # type: ignore[union-attr]
    typed = fields(soup(client.get(edit)))
    assert (typed["host"], typed["failure"], typed["rule"]) == ("api.example.com", "dns", "1")
    wrong = soup(client.post("/integrations/api-fetch/rules/runs", data=typed | {"path": "x"}), 422)
    assert fields(wrong)["rule"] == "1"
    soup(client.post("/integrations/api-fetch/rules/runs", data=typed | {"failure": "timeout"}), 303)
    assert [write_rule(one) for one in store.list()[0].request.answers.rules] == [
        "delay other.example 1", "fail api.example.com timeout"
    ]  # fmt: skip
    client.post("/integrations/api-fetch/rules/runs", data={"run": run.id, "rule": "1", "without": "1"})
    assert store.list()[0].request.answers.rules == rules[:1]
    written = "[[rules]]\nmatch = {host = 'api.example.com'}\naction = 'fail'\nfailure = 'dns'\n"
    (declared / "workbench.toml").write_text(written)
    assert client.get(edit).headers["Location"].endswith("/integrations/api-fetch/rules/1")


FILE = "[[rules]]\nmatch = {{host = 'api.example.com'}}\naction = 'fail'\nfailure = '{}'\n"


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        ("fail api.example.com dns", ["delay other.example 1", "fail api.example.com refused"]),  # it was changed since
        ("", ["delay other.example 1", "fail api.example.com refused"]),  # and was added since
        (None, ["delay other.example 1"]),  # the run left the file out
    ],
)
def test_a_run_again_has_its_own_rules_and_those_that_are_saved_now(
    client: FlaskClient, tell: Any, store: Any, declared: Path, saved: str | None, expected: list[str]
) -> None:
    own, in_file = (parse_rule("delay other.example 1"),), parse_rules(saved or "")
    answers = Answers(rules=(*own, *in_file), saved_rules=None if saved is None else in_file)
    story = tell(answers=answers).started().exchange(url="https://api.example.com/")
    run = story.finished(Status.SUCCEEDED).run
    (declared / "workbench.toml").write_text(FILE.format("refused"))
    assert client.post(f"/runs/{run.id}/repetition").status_code == 303
    assert [write_rule(one) for one in store.list()[0].request.answers.rules] == expected

    client.post("/integrations/api-fetch/rules/runs", data={"run": run.id, "rule": "0", "without": "1"})
    assert [write_rule(one) for one in store.list()[0].request.answers.rules] == expected[1:]
    (declared / "workbench.toml").write_text(FILE.format("nonsense"))
    answer = client.post(f"/runs/{store.list()[0].id}/repetition")
    assert answer.status_code == (303 if saved is None else 409)
    assert saved is None or "workbench.toml:4: Rule 1: failure must be one of" in answer.text


@pytest.mark.usefixtures("declared")
def test_a_request_that_was_not_recorded_says_what_differs_and_asks_the_network(
    client: FlaskClient, tell: Any, store: Any
) -> None:
    answers = Answers(AnswerSource.RECORDING, "run 17", of_run="17")
    story = tell(answers=answers).started().exchange(url="https://api.example.com/?page=2", status=None, ended=False)
    missing = Unmatched("GET /", 3, (RequestDifference(RequestPart.QUERY, "/page", '"1"', None),))
    story.tell(AnswerChosen(story.later(1), 1, AnswerOrigin(AnswerSource.RECORDING, unmatched=missing)))
    page = soup(client.get(f"/runs/{story.finished(Status.FAILED).run.id}?tab=http"))
    shown = page.find(class_="unmatched")
    assert shown
    assert [cell.text for cell in shown.select("tbody :is(th, td)")] == ["query /page", '"1"', "missing"]
    assert shown.find("a")["href"] == "/runs/17?tab=http&exchange=3"  # type: ignore[index]
    form = shown.find("form")
    assert form
    client.post(form["action"], data={"unmatched": "live"})
    assert store.list()[0].request.answers.on_unmatched is OnUnmatched.LIVE
