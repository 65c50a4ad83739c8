"""What was typed and not run yet: it survives a walk to another page, a reload, an error, an edit of config.json."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

pytestmark = pytest.mark.browser

RESTORE = re.compile(r"^Restore unsent draft from \d\d:\d\d$")


@pytest.fixture
def action() -> str:
    """A shorter one: what is looked at here does not ask for every kind of field."""
    return "some_kinds"


@pytest.fixture
def scripts() -> bool:
    """A draft is kept by a script."""
    return True


def type_some(form: Any) -> None:
    """A text, an option, two rows, a text that is no number."""
    form.field("Title").fill("typed")
    form.take("Agreed", "true")
    form.press("Add item to tags")
    form.field("Item 1").fill("one")
    form.press("Add item to tags")
    form.field("ratio").fill("1_0")


def expect_it(form: Any) -> None:
    """The same, as it was typed."""
    expect(form.field("Title")).to_have_value("typed")
    expect(form.around("Title").locator(".origin")).to_have_text("typed")
    expect(form.field("true")).to_be_checked()
    expect(form.group("tags").locator(".row")).to_have_count(2)
    expect(form.field("Item 1")).to_have_value("one")
    expect(form.field("ratio")).to_have_value("1_0")
    expect(form.page.locator("#payload-text")).to_contain_text('"typed"')


def test_it_is_there_again_after_a_reload_on_the_way_back_and_after_a_start_anew(form: Any) -> None:
    type_some(form)
    form.page.reload()
    expect_it(form)
    form.field("note").fill("more")
    form.page.get_by_label("Integration").get_by_role("link", name="secretive").click()
    expect(form.page.get_by_role("main").get_by_role("heading", level=1)).to_contain_text("secretive")
    form.page.get_by_label("Integration").get_by_role("link", name="some_kinds").click()
    expect_it(form)
    expect(form.field("note")).to_have_value("more")
    form.page.goto("about:blank")
    form.page.go_back()
    expect_it(form)

    # to start anew has a way back, and a way back again
    form.page.get_by_role("link", name="Reset form").click()
    expect(form.field("Title")).to_have_value("")
    expect(form.field("count")).to_have_value("20")
    form.field("note").fill("in the new one")
    form.edit(lambda: form.page.get_by_role("button", name=RESTORE).click())
    expect_it(form)
    expect(form.field("note")).to_have_value("more")
    form.edit(lambda: form.page.get_by_role("button", name=RESTORE).click())
    expect(form.field("note")).to_have_value("in the new one")
    expect(form.field("Title")).to_have_value("")


def test_what_was_run_is_no_draft_and_one_after_it_is_offered_where_an_earlier_run_is_loaded(ready: Any) -> None:
    ready.run()
    run = ready.page.url
    ready.page.goto(run.partition("?")[0])
    expect(ready.around("Title").locator(".origin")).to_have_text("loaded")
    expect(ready.page.locator("#draft-offer")).to_be_hidden()
    ready.field("Title").fill("typed after it")
    ready.page.goto(run.partition("/integrations")[0] + "/runs")
    ready.page.goto(run)
    expect(ready.field("Title")).to_have_value("T")
    ready.edit(lambda: ready.page.get_by_role("button", name=RESTORE).click())
    expect(ready.field("Title")).to_have_value("typed after it")


def test_the_newer_one_of_draft_and_run_fills_the_form_and_the_other_can_be_dismissed(ready: Any) -> None:
    page, action = ready.page, ready.page.url.partition("?")[0]
    load = page.get_by_role("link", name="Load the inputs of the run from")
    ready.field("Title").fill("refused")
    ready.field("ratio").fill("1_0")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#not-started")).to_contain_text("The run did not start. Check the form.")
    page.get_by_role("link", name="Reset form").click()
    ready.field("Title").fill("good")
    ready.run()
    page.goto("about:blank")
    page.goto(action)
    expect(ready.field("Title")).to_have_value("good")
    expect(load).to_be_hidden()
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_role("button", name=RESTORE)).to_be_hidden()
    ready.field("Title").fill("newer")
    page.goto("about:blank")
    page.goto(action)
    expect(ready.field("Title")).to_have_value("newer")
    load.click()
    expect(ready.field("Title")).to_have_value("good")
    expect(page.get_by_role("button", name=RESTORE)).to_be_visible()


def test_an_error_of_the_server_takes_nothing(form: Any, intercept: Callable[..., None]) -> None:
    type_some(form)
    fails: list[bool] = [True]

    def answer(route: Route) -> None:
        headers = {"Content-Type": "text/html", "HX-Retarget": "#notes", "HX-Reswap": "innerHTML"}
        route.fulfill(status=500, headers=headers, body="<p>broken</p>") if fails else route.continue_()

    intercept(form.page, "**/form", answer)
    intercept(form.page, "**/runs", lambda route: route.abort())
    form.page.get_by_role("button", name="Add item to tags").click()
    expect(form.page.locator("#notes")).to_contain_text("broken")
    form.page.get_by_role("button", name="Run", exact=True).click()
    expect(form.page.locator("#notes")).to_contain_text("does not respond")
    expect(form.page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    expect_it(form)
    fails.clear()
    form.press("Add item to tags")
    expect(form.group("tags").locator(".row")).to_have_count(3)


@pytest.fixture
def edited(integration: Path) -> Any:
    """Changes the action's schema in config.json as an editor would, and puts it back."""
    path = integration / "config.json"
    text = path.read_text("utf-8")

    def change(properties: dict[str, Any], *, without: tuple[str, ...] = ()) -> None:
        config = json.loads(text)
        schema = config["actions"]["some_kinds"]["input_schema"]
        schema["properties"] = {name: one for name, one in schema["properties"].items() if name not in without}
        schema["properties"] |= properties
        path.write_text(json.dumps(config), "utf-8")

    yield change
    path.write_text(text, "utf-8")


def test_an_edit_of_config_json_keeps_what_was_typed_and_flags_what_does_not_fit(form: Any, edited: Any) -> None:
    type_some(form)
    form.field("note").fill("has no place any more")
    form.field("mail").fill("many")
    edited({"mail": {"type": "array", "items": {"type": "string"}}, "extra": {"type": "string"}}, without=("note",))
    form.press("Add item to tags")
    expect(form.page.get_by_role("alert")).to_contain_text("config.json changed")
    expect_it_but_rows(form)
    expect(form.field("extra")).to_be_visible()
    expect(form.field("Name of note")).to_have_value("note")
    expect(form.field("note")).to_have_value("has no place any more")
    expect(form.field("mail")).to_have_value('"many"')
    expect(form.around("mail")).to_contain_text('Must be an array, but is the string "many".')


def expect_it_but_rows(form: Any) -> None:
    expect(form.field("Title")).to_have_value("typed")
    expect(form.field("true")).to_be_checked()
    expect(form.field("Item 1")).to_have_value("one")
    expect(form.field("ratio")).to_have_value("1_0")


@pytest.mark.exhaustive
def test_a_run_asks_once_before_it_sends_what_the_schema_does_not_declare(ready: Any, edited: Any) -> None:
    ready.field("note").fill("typed")
    edited({}, without=("note",))
    ready.run()
    expect(ready.page.get_by_role("alert")).to_contain_text("config.json changed")
    expect(ready.field("note")).to_have_value("typed")
    assert ready.sent()["note"] == "typed"


def test_a_draft_of_another_schema_comes_back_as_far_as_it_fits(form: Any, edited: Any) -> None:
    form.field("note").fill("typed")
    form.field("Title").fill("T")
    edited({}, without=("note",))
    form.page.reload()
    expect(form.field("note")).to_have_value("typed")
    expect(form.field("Title")).to_have_value("T")
