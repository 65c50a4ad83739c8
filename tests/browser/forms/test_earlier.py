"""The inputs of an earlier run in the form again, by mouse and by keyboard; secrets are masked, and sent whole."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser

SECRETIVE = "/integrations/every-kind/actions/secretive?new=1"


@pytest.fixture
def action() -> str:
    """A shorter one: what is looked at here does not ask for every kind of field."""
    return "some_kinds"


@pytest.fixture
def two_runs(ready: Any) -> Any:
    """A form after two runs; the first had the title T, the second another one."""
    ready.run()
    ready.result()
    ready.first = ready.page.url.rpartition("=")[2]
    ready.field("Title").fill("another")
    assert ready.sent()["title"] == "another"
    return ready


def follow(link: Locator) -> None:
    """Press it with the keyboard."""
    link.focus()
    link.page.keyboard.press("Enter")


def expect_the_first(form: Any) -> None:
    expect(form.page).to_have_url(re.compile(rf"actions/some_kinds\?run={form.first}$"))
    expect(form.field("Title")).to_have_value("T")
    expect(form.around("Title").locator(".origin")).to_have_text("loaded")
    expect(form.field("count")).to_have_value("")  # what is loaded is never filled up with defaults


def test_the_page_of_a_run_and_the_list_of_runs_offer_its_inputs(two_runs: Any) -> None:
    page = two_runs.page
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("link", name=f"Open some_kinds with the inputs of run {two_runs.first}", exact=True).click()
    expect_the_first(two_runs)
    follow(page.get_by_role("link", name="Runs", exact=True))
    follow(page.get_by_role("link", name=two_runs.first, exact=True))
    follow(page.get_by_role("link", name="Edit and run again"))
    expect_the_first(two_runs)
    assert two_runs.sent() == {"title": "T", "agree": False}


def test_a_secret_is_not_in_a_draft_nor_in_the_page_of_an_earlier_run_and_is_sent_again(
    open_form: Callable[..., Any], scripts: bool
) -> None:
    form = open_form(SECRETIVE)
    form.field("Secret").fill("a typed secret")
    if scripts:
        form.field("ratio").fill("7")
        form.page.reload()
        expect(form.field("ratio")).to_have_value("7")
        expect(form.field("Secret")).to_have_value("")
        assert "a typed secret" not in form.page.evaluate("() => JSON.stringify(sessionStorage)")

        # it survives an edit and a refused run
        form.field("Secret").fill("a typed secret")
        form.press("Add item to tags")
        form.field("Item 1").fill("one")
        form.field("ratio").fill("1_0")
        form.refused()
        expect(form.field("Secret")).to_have_value("a typed secret")
        assert "a typed secret" not in form.page.content()
    form.field("ratio").fill("1")
    form.run()
    form.result()
    form.page.goto(form.page.url)
    assert "a typed secret" not in form.page.content()
    expect(form.field("Secret")).to_have_value("")
    expect(form.field("Secret")).to_have_attribute("placeholder", "••••••••")
    expect(form.page.locator("#payload-text")).not_to_contain_text("a typed secret")
    form.field("ratio").fill("2")
    form.run()
    page, origin = form.page, form.page.url.partition("/integrations")[0]
    page.wait_for_url(lambda url: "run=" in url)
    form.result()
    run = page.url.rpartition("=")[2]
    assert "a typed secret" not in page.content()
    answer = page.context.request.get(f"{origin}/runs/{run}/values/result?form=json").text()
    assert "a typed secret" not in answer
    assert "‹" in answer, "the handler was given the secret itself, and the page masks it"
