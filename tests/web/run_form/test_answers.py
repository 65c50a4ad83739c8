"""The answers of a run as its form has them, and rules that begin from an exchange."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.web.run_form.test_runs import ACTION, filled
from workbench.answer_rules import parse_rules
from workbench.domain import AnswerSource, Credentials, OnUnmatched, RuleAction


@pytest.fixture(autouse=True)
def credentials(live):
    """What the greeter's auth asks for."""
    live.app.extensions["workbench"].vault.put("greeter", Credentials({"password": "a password of the greeter"}))


@pytest.fixture
def live_visitor(live, greeter):
    """Somebody inside; no rules are saved at first."""
    (greeter / "workbench.toml").unlink(missing_ok=True)
    return live.inside()


def posted(visitor, **values):
    return filled(visitor.get(f"{ACTION}?new=1").text, name="Ada") | {"rules": "", "answers": ""} | values


def test_rules_of_one_run_reach_it_and_stay_in_the_form(live, live_visitor):
    rule = "forward api.example.com http://127.0.0.1:8812"
    response = live_visitor.post(f"{ACTION}/runs", posted(live_visitor, rules=f"# a local server\n{rule}\n"))
    run = live.runner.wait(response.headers["Location"].partition("?run=")[2], 30)
    [found] = run.request.answers.rules
    assert (found.action, found.match.host, found.base_url) == (
        RuleAction.FORWARD, "api.example.com", "http://127.0.0.1:8812"
    )  # fmt: skip
    page = BeautifulSoup(live_visitor.get(response.headers["Location"]).text, "html.parser")
    assert page.find("textarea", attrs={"name": "rules"}).text.strip() == rule
    examples = "\n".join(each["data-line"] for each in page.find_all("button", attrs={"data-line": True}))
    assert [each.action for each in parse_rules(examples)] == list(RuleAction)
    assert "Answers: 1 rule" in page.text


def test_a_rule_that_is_wrong_blocks_the_run_and_nothing_typed_is_lost(live, live_visitor):
    before = len(live.store.list())
    response = live_visitor.post(
        f"{ACTION}/runs", posted(live_visitor, rules="delay *\nforward api.example.com nowhere")
    )
    assert response.status_code == 422
    page = BeautifulSoup(response.text, "html.parser")
    menu = page.find(id="run-answers")
    assert menu.has_attr("open")
    assert "Line 1: seconds is missing. Write a number from" in menu.text
    assert "forward api.example.com nowhere" in menu.find("textarea").text
    assert len(live.store.list()) == before


def test_an_earlier_run_is_a_source_of_answers(live, live_visitor, greeter):
    first = live_visitor.post(f"{ACTION}/runs", posted(live_visitor)).headers["Location"].partition("?run=")[2]
    live.runner.wait(first, 30)
    response = live_visitor.post(f"{ACTION}/runs", posted(live_visitor, answers=f"run:{first}", unmatched="live"))
    run = live.runner.wait(response.headers["Location"].partition("?run=")[2], 30)
    asked = run.request.answers
    assert (asked.source, asked.label, asked.on_unmatched) == (AnswerSource.RECORDING, f"run {first}", OnUnmatched.LIVE)
    gone = live_visitor.post(f"{ACTION}/runs", posted(live_visitor, answers="run:999"))
    assert gone.status_code == 422
    assert "Run 999 is not available any more" in gone.text


def test_an_archive_from_this_machine_or_in_the_folder_is_a_source(live, live_visitor, greeter: Path):
    entry = {"request": {"method": "GET", "url": "http://api.example.com/"}, "response": {"status": 204}}
    text = json.dumps({"log": {"entries": [entry]}})
    bad = live_visitor.post(f"{ACTION}/form", posted(live_visitor, answers_file=(BytesIO(b"[]"), "bad.har")))
    assert bad.status_code == 422
    assert (
        "bad.har:1:1: This is not an HTTP archive" in BeautifulSoup(bad.text, "html.parser").find(id="run-answers").text
    )
    file = (BytesIO(text.encode()), "page.har")
    opened = live_visitor.post(f"{ACTION}/form", posted(live_visitor, answers_file=file))
    menu = BeautifulSoup(opened.text, "html.parser").find(id="run-answers")
    chosen = menu.find("option", selected=True)
    assert chosen.text == "file page.har, from this machine"
    response = live_visitor.post(f"{ACTION}/runs", posted(live_visitor, answers=chosen["value"]))
    run = live.runner.wait(response.headers["Location"].partition("?run=")[2], 30)
    assert (run.request.answers.label, len(run.request.answers.recorded)) == ("page.har", 1)
    (greeter / "own.har").write_text(text)
    (greeter / "workbench.toml").write_text('[answers]\nrecording = "own.har"\n')
    page = BeautifulSoup(live_visitor.get(f"{ACTION}?new=1").text, "html.parser").find(id="run-answers")
    assert [each["value"] for each in page.find_all("option")][:2] == ["", "live"]
    assert page.find("option", value="har:own.har").text == "file own.har"
    for source, label in (("", "own.har"), ("live", ""), ("har:own.har", "own.har")):
        response = live_visitor.post(f"{ACTION}/runs", posted(live_visitor, answers=source))
        run = live.runner.wait(response.headers["Location"].partition("?run=")[2], 30)
        assert run.request.answers.label == label
    (greeter / "own.har").unlink()
    assert "There is no own.har." in live_visitor.post(f"{ACTION}/runs", posted(live_visitor, answers="")).text


def test_rules_are_saved_after_their_difference_was_shown(live_visitor, greeter: Path):
    file = greeter / "workbench.toml"
    file.write_text("# kept as it is\n[check]\nignore = []\n")
    rules = "fail * timeout nth=2\ndelay api.example.com 1"
    shown = live_visitor.post("/integrations/greeter/rules/preview", posted(live_visitor, rules=rules, here=ACTION))
    page = BeautifulSoup(shown.text, "html.parser")
    assert 'failure = "timeout"' in page.find(class_="diff").text
    assert "ignore" not in file.read_text().partition("ignore = []")[2]
    form = page.find(id="rules-preview").find("form")
    data = {each["name"]: each.get("value", "") for each in form.find_all("input")}
    assert live_visitor.post(form["action"], data).headers["Location"] == ACTION
    text = file.read_text()
    assert text.startswith("# kept as it is\n[check]\nignore = []\n\n[[rules]]\n")
    assert text.count("[[rules]]") == 2
    again = live_visitor.post(form["action"], data)
    assert again.status_code == 409
    assert "has changed since this was shown" in again.text
    in_menu = {"HX-Request": "true"}
    body = '{\r\n  "a": 1\r\n}'  # as a browser posts it
    typed = posted(live_visitor, rules=f"respond * 200 '{body}'")
    part = BeautifulSoup(
        live_visitor.post("/integrations/greeter/rules/preview", typed, headers=in_menu).text, "html.parser"
    )
    write = {each["name"]: each["value"] for each in part.find_all("input")}
    saved = live_visitor.post("/integrations/greeter/rules", typed | write, headers=in_menu)
    moved = BeautifulSoup(saved.text, "html.parser").find_all("hx-partial")
    assert [each["hx-target"] for each in moved] == ["#own-rules", "#file-rules"]
    assert moved[0].find("textarea").text.strip() == ""
    assert "respond * 200 '{\n  \"a\": 1\n}'" in moved[1].text
    listed = BeautifulSoup(live_visitor.get(f"{ACTION}?new=1").text, "html.parser").find(id="run-answers")
    assert "fail * timeout nth=2" in listed.text
    assert "Answers: 3 rules" in listed.text


def test_an_error_in_the_file_blocks_a_run_that_uses_it(live, live_visitor, greeter: Path):
    (greeter / "workbench.toml").write_text("[[rules]]\naction = 'delay'\n")
    blocked = live_visitor.post(f"{ACTION}/runs", posted(live_visitor))
    assert blocked.status_code == 422
    assert re.search(r"workbench\.toml:1: Rule 1: seconds is missing\. Write a number", blocked.text)
    assert live_visitor.post(f"{ACTION}/runs", posted(live_visitor, without_file="1")).status_code == 303
