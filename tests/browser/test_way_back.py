"""The way back from a fault, by clicks: to the form field, the auth form, the line that returned, the exchange."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CODE = """\
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration, PollingTriggerHandler

clinic = Integration.load()


@clinic.action("ask")
class Ask(ActionHandler):
    async def execute(self, inputs, context):
        sent = {"title": "Second entry", "pub": None}
        response = await context.fetch("ECHO/test", method="POST", json=sent)
        return ActionResult(data={"entries": [response.data["data"]["json"]]})


@clinic.polling_trigger("new")
class New(PollingTriggerHandler):
    async def poll(self, inputs, last_poll_ts, context):
        good, bad = {"id": "1", "data": {"n": 1}}, {"id": "2", "data": {"n": "two"}}
        return [good, bad, {"id": "3", "data": {}}, {"data": {"n": 4}}]
"""
INPUTS = {
    "type": "object",
    "properties": {
        "when": {"type": "string"},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"deep": {
            "type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}}, "required": ["deep"]}},
        "free": {"type": "object", "required": ["must"]},
    },
    "required": ["when"],
}  # fmt: skip
ENTRY = {"type": "object", "properties": {"title": {"type": "string"}, "pub": {"type": "string"}}}
CONFIG: Any = {
    "name": "way", "version": "1.0.0", "description": "d", "entry_point": "way.py",
    "auth": {"type": "custom", "fields": {
        "type": "object", "properties": {"region": {"enum": ["eu", "us"]}, "api_key": {"type": "string"}}}},
    "actions": {"ask": {
        "description": "", "input_schema": INPUTS,
        "output_schema": {"type": "object", "properties": {"entries": {"type": "array", "items": ENTRY}}}},
        "lack": {"description": "", "input_schema": {**INPUTS, "required": ["when", "zz"]}}},
    "polling_triggers": {"new": {
        "description": "", "polling_interval": "5m", "input_schema": {"type": "object", "properties": {}},
        "output_schema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}},
}  # fmt: skip


@pytest.fixture(scope="session")
def way(workbench: Any, samples: Path, echo_url: str) -> Any:
    root = samples / "way"
    root.mkdir()
    (root / "config.json").write_text(json.dumps(CONFIG, indent=2), "utf-8")
    (root / "way.py").write_text(CODE.replace("ECHO", echo_url), "utf-8")
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.0\n", "utf-8")
    return workbench


def pasted(way: Any, open_page: Callable[..., Page], source: str, value: Any, action: str = "ask") -> Page:
    """The page of a pasted value, which needs neither a form nor a handler."""
    page = open_page(way, "/paste")
    page.get_by_label("Handler").select_option(f"way/action/{action}")
    page.get_by_label("Payload is").select_option(source)
    page.locator("textarea[name=payload]").fill(json.dumps(value))
    page.get_by_role("button", name="Explain error").click()
    return page


def way_to_field(page: Page, fault: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=f"{fault} ").get_by_role("link", name="field")


def test_a_fault_of_the_inputs_leads_to_its_field_on_another_page(way: Any, open_page: Callable[..., Page]) -> None:
    page = pasted(way, open_page, "input", {"rows": [{"deep": {}}]})
    way_to_field(page, "/rows/0/deep/x").click()
    expect(page).to_have_url(re.compile(r"/actions/ask\?run=\d+#inputs-"))
    expect(page.get_by_label("x", exact=True)).to_be_focused()


def test_a_field_that_does_not_exist_yet_is_added_with_its_name(way: Any, open_page: Callable[..., Page]) -> None:
    page = pasted(way, open_page, "input", {"when": "x", "free": {}})
    run = page.url.partition("/runs/")[2].partition("?")[0]
    page.goto(f"{way.address}/integrations/way/actions/ask?run={run}&tab=validation")
    way_to_field(page, "/free/must").click()
    name = page.locator(".row-key input")
    expect(name).to_have_value("must")
    expect(name).to_be_focused()
    page.keyboard.press("Tab")
    way_to_field(page, "/free/must").click()
    expect(name).to_have_count(1)
    expect(name).to_be_focused()


def test_a_name_that_the_root_asks_for_and_does_not_declare_is_added(way: Any, open_page: Callable[..., Page]) -> None:
    page = pasted(way, open_page, "input", {"when": "x"}, "lack")
    way_to_field(page, "/zz").click()
    run = re.search(r"run=(\d+)", page.url)
    assert run
    page.goto(f"{way.address}/integrations/way/actions/lack?run={run[1]}&tab=validation")
    way_to_field(page, "/zz").click()
    name = page.locator(".row-key input")
    expect(name).to_have_value("zz")
    expect(name).to_be_focused()


def test_a_fault_of_the_auth_leads_to_the_field_of_the_auth_form(way: Any, open_page: Callable[..., Page]) -> None:
    page = pasted(way, open_page, "auth", {"region": "mars"})
    way_to_field(page, "/region").click()
    expect(page).to_have_url(re.compile(r"/integrations/way/auth#auth-"))
    expect(page.get_by_label("region")).to_be_focused()


def test_a_fault_of_the_output_leads_to_the_line_and_to_the_exchange(
    way: Any, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> None:
    page = open_page(way, "/integrations/way/actions/ask?new=1")
    page.get_by_role("textbox", name="when").fill("now")
    outcome = press(page)
    expect(outcome).to_have_attribute("data-state", "finished")
    fault = outcome.get_by_role("listitem").filter(has_text="/entries/0/pub")
    fault.get_by_role("link", name="exchange 1 /data/json/pub").click()
    expect(page.locator("#exchange-1")).to_contain_text("Second entry")
    page.go_back()
    fault.get_by_role("link", name="way.py:11").click()
    expect(page).to_have_url(re.compile(r"/files/way.py\?line=11#L11"))
    expect(page.locator("#L11")).to_contain_text("return ActionResult")
    expect(page.locator("#L11")).to_be_in_viewport()


def test_each_record_of_a_poll_has_its_picture(
    way: Any, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> None:
    page = open_page(way, "/integrations/way/triggers/new")
    outcome = press(page, "Poll")
    expect(outcome).to_have_attribute("data-state", "finished")
    seen = []
    for number in range(1, 4):
        expect(outcome.locator(".pager strong")).to_have_text(f"Error {number} of 3")
        seen.append(page.locator("[data-side=data] .way").inner_text())
        if number < 3:
            outcome.get_by_role("link", name="Next ›").click()
    assert seen == ["#/1/data/n", "#/2/data/n", "#/3/id"]
    expect(page.locator("[data-side=schema] .way")).to_have_text("No rule applies.")
    expect(page.locator("[data-side=schema] [data-hit]")).to_have_count(0)
