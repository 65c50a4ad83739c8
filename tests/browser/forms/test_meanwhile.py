"""What is typed while the server draws the form anew: text, focus and caret stay, and no press is lost."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

pytestmark = pytest.mark.browser

CARET = "() => [document.activeElement.id, document.activeElement.selectionStart]"


@pytest.fixture
def action() -> str:
    """A shorter one: what is looked at here does not ask for every kind of field."""
    return "some_kinds"


@pytest.fixture
def scripts() -> bool:
    """Without scripts every press loads the page, and nobody types meanwhile."""
    return True


@pytest.fixture
def held(form: Any, intercept: Callable[..., None]) -> Callable[..., Any]:
    """``with held("form")`` keeps back the answers to that kind of request until the block is left."""

    @contextmanager
    def hold(kind: str) -> Iterator[list[Route]]:
        routes: list[Route] = []
        over: list[bool] = []
        intercept(form.page, f"**/{kind}", lambda route: route.continue_() if over else routes.append(route))
        with form.page.expect_request(f"**/{kind}"):
            yield routes
        over.append(True)
        for route in routes:
            route.continue_()

    return hold


def settled(form: Any, number: int = 1, kind: str = "form") -> None:
    """Wait until that many answers have been drawn."""
    expect(form.page.locator("html")).to_have_attribute(f"data-{kind}", str(number))


def press(page: Page, name: str) -> None:
    page.locator("#request").get_by_role("button", name=name, exact=True).first.click()


def kinds(form: Any, legend: str) -> Locator:
    found: Locator = form.group(legend).first.locator(".kind select")
    return found


EDITS: dict[str, Callable[[Any], None]] = {
    "a row is added": lambda form: press(form.page, "Add item to tags"),
    "a member is added": lambda form: press(form.page, "Add property to Headers"),
    "another branch is shown": lambda form: kinds(form, "either").select_option(label="a list"),
    "a node is opened": lambda form: press(form.page, "Add item to grid"),
    "all becomes JSON and a form again": lambda form: form.page.get_by_role("tab", name="Form", exact=True).click(),
}


SAMPLE = ("another branch is shown", "all becomes JSON and a form again")


@pytest.mark.parametrize(
    "edit", [pytest.param(edit, marks=() if edit in SAMPLE else pytest.mark.exhaustive) for edit in EDITS]
)
def test_text_focus_and_caret_stay_while_the_form_is_drawn_anew(form: Any, held: Any, edit: str) -> None:
    with held("form"):
        EDITS[edit](form)
        form.field("Title").click()
        form.page.keyboard.type("typed meanwhile")
        form.page.keyboard.press("ArrowLeft")
        where = form.page.evaluate(CARET)
        form.take("Agreed", "true")
        form.field("Order").select_option("null")
        form.field("Title").focus()
        form.page.evaluate("(at) => document.activeElement.setSelectionRange(at, at)", where[1])
    settled(form)
    expect(form.field("Title")).to_have_value("typed meanwhile")
    assert form.page.evaluate(CARET) == where
    expect(form.around("Title").locator(".origin")).to_have_text("typed")
    expect(form.page.locator("#payload-text")).to_contain_text('"typed meanwhile"')
    form.page.keyboard.type("!")
    expect(form.field("Title")).to_have_value("typed meanwhil!e")
    expect(form.field("true")).to_be_checked()
    expect(form.field("Order").locator("option:checked")).to_have_text("null")
    expect(form.page.locator("#payload-text")).to_contain_text('"agree": true')


def test_text_typed_in_the_node_or_branch_that_is_drawn_anew_stays_and_no_press_is_lost(form: Any, held: Any) -> None:
    form.field("Title").fill("T")
    form.take("Agreed", "true")
    form.press("Add item to tags")
    with held("form"):
        press(form.page, "Add item to tags")
        form.field("Item 1").fill("typed meanwhile")
        form.field("Greeting").focus()
    settled(form, 2)
    expect(form.field("Item 1")).to_have_value("typed meanwhile")
    expect(form.field("Greeting")).to_be_focused()
    form.field("Item 2").fill("second")
    payload = form.page.locator("#payload-text")
    expect(payload).to_contain_text('"second"')
    assert json.loads(payload.inner_text())["tags"] == ["typed meanwhile", "second"]

    # in a branch that is left it is kept with it
    with held("form"):
        kinds(form, "Body").select_option(label="parts")
        form.group("Body").get_by_label("Body").last.fill("typed meanwhile")
    settled(form, 3)
    expect(form.field("part")).to_be_visible()
    form.kind("Body", "words")
    expect(form.group("Body").get_by_label("Body").last).to_have_value("typed meanwhile")

    # every press counts while an answer is under way
    with held("form"):
        press(form.page, "Add item to tags")
        press(form.page, "Add item to tags")
        press(form.page, "Add property to Headers")
        press(form.page, "Add item to tags")
    settled(form, 8)
    expect(form.group("tags").locator(".row")).to_have_count(5)
    expect(form.group("Headers").locator(".row")).to_have_count(1)


def test_a_refused_run_keeps_what_is_typed_meanwhile_and_leads_to_what_is_wrong(form: Any, held: Any) -> None:
    form.field("ratio").fill("1_0")
    form.page.locator(".request > .body").evaluate("(body) => body.scrollTo(0, 120)")
    with held("runs"):
        form.page.keyboard.press("Control+Enter")
        form.field("Title").click()
        form.page.keyboard.type("typed meanwhile")
        where = form.page.evaluate(CARET)
        press(form.page, "Add item to tags")
        form.field("Title").focus()
        form.page.keyboard.type(".")
    settled(form, 1, "form")
    summary = form.page.locator("#inputs-errors")
    expect(form.field("ratio")).to_have_value("1_0")
    expect(form.field("ratio")).to_have_attribute("aria-invalid", "true")
    expect(form.field("Title")).to_have_value("typed meanwhile.")
    assert form.page.evaluate(CARET) == [where[0], where[1] + 1]
    expect(form.group("tags").locator(".row")).to_have_count(1)
    expect(summary).to_contain_text("ratio")

    # a press on Run leads to what is wrong
    form.page.locator(".request > .body").evaluate("(body) => body.scrollTo(0, body.scrollHeight)")
    link = form.refused().get_by_role("link", name="ratio")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    form.page.keyboard.press("Enter")
    expect(form.field("ratio")).to_be_focused()


def test_a_run_keeps_what_is_typed_while_it_starts(ready: Any, held: Any) -> None:
    with held("runs"):
        ready.page.keyboard.press("Control+Enter")
        ready.field("note").click()
        ready.page.keyboard.type("for the next one")
        where = ready.page.evaluate(CARET)
    ready.page.wait_for_url(re.compile(r"run="))
    settled(ready, 1, "runs")
    expect(ready.field("note")).to_have_value("for the next one")
    assert ready.page.evaluate(CARET) == where
    expect(ready.page.locator("#payload-text")).to_contain_text("for the next one")
    assert ready.received() == {"title": "T", "agree": False}


def test_an_older_payload_never_overwrites_a_newer_one(form: Any, intercept: Callable[..., None]) -> None:
    late: list[Route] = []
    intercept(form.page, "**/payload", lambda route: route.continue_() if late else late.append(route))
    with form.page.expect_request("**/payload"):
        form.field("Title").fill("older")
    form.field("Title").fill("newer")
    payload = form.page.locator("#payload-text")
    expect(payload).to_contain_text('"newer"')
    late[0].fulfill(body='<section id="inputs-payload"><pre id="payload-text">older</pre></section>')
    form.field("note").fill("n")
    expect(payload).to_contain_text('"note": "n"')
    expect(payload).to_contain_text('"newer"')


def test_the_focus_follows_the_rows_and_the_place_on_the_page_stays(form: Any) -> None:
    form.press("Add item to People")
    expect(form.field("name")).to_be_focused()
    form.press("Add item to tags")
    expect(form.field("Item 1")).to_be_focused()
    for number in (1, 2):
        form.page.keyboard.type(str(number))
        form.press("Add item to tags")
    form.press("Move up Item 3 of tags")
    expect(form.page.get_by_role("button", name="Move up Item 2 of tags")).to_be_focused()
    form.press("Move up Item 2 of tags")
    expect(form.page.get_by_role("button", name="Move down Item 1 of tags")).to_be_focused()
    form.press("Remove Item 1 of tags")
    expect(form.field("Item 1")).to_be_focused()
    expect(form.field("Item 1")).to_have_value("1")
    form.press("Remove Item 2 of tags")
    expect(form.field("Item 1")).to_be_focused()
    form.press("Remove Item 1 of tags")
    expect(form.page.get_by_role("button", name="Add item to tags")).to_be_focused()
    form.press("Add property to Headers")
    expect(form.group("Headers").locator(".row-key .input")).to_be_focused()

    # the place on the page stays
    body = form.page.locator(".request > .body")
    button = form.page.get_by_role("button", name="Add item to grid")
    button.scroll_into_view_if_needed()
    before = body.evaluate("(body) => body.scrollTop"), form.group("grid").first.bounding_box()
    form.edit(lambda: button.click())
    after = body.evaluate("(body) => body.scrollTop"), form.group("grid").first.bounding_box()
    assert before[0] > 0
    assert abs(after[0] - before[0]) < 80
    assert before[1] and after[1] and abs(before[1]["y"] - after[1]["y"]) < 80
