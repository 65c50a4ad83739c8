"""A run that goes on: a reload and a second page see the same, Esc ends it, a workbench that went away is told."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CLINIC = "/integrations/schema-clinic/actions"


def start(page: Page) -> Any:
    """Press Run, and give the outcome's pane."""
    page.get_by_role("button", name="Run", exact=True).click()
    outcome = page.locator("#outcome")
    expect(outcome).to_have_attribute("data-state", "live")
    return outcome


def test_a_reload_in_the_middle_goes_on_and_two_pages_end_alike(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, f"{CLINIC}/slow?new=1")
    outcome = start(page)
    expect(page).to_have_url(re.compile(r"\?run=\d+"))
    other = open_page(workbench, page.url.removeprefix(workbench.address) + "&tab=output").locator("#outcome")
    expect(outcome.locator(".pill").first).to_contain_text("Running")  # said by the stream: it is connected
    outcome.get_by_role("link", name="Output").click()
    expect(page).to_have_url(re.compile("tab=output"))
    page.reload()
    for pane in (outcome, other):
        expect(pane).to_contain_text("Step 10 of 10", timeout=15_000)
        expect(pane).to_have_attribute("data-state", "finished", timeout=15_000)
    assert outcome.inner_text() == other.inner_text()
    expect(page.locator("#nav [aria-current] .dot")).to_have_class(re.compile("ok"))


def test_escape_cancels(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, f"{CLINIC}/hanging")
    outcome = start(page)
    page.keyboard.press("Escape")
    expect(outcome.locator(".pill").first).to_contain_text("Cancelled", timeout=15_000)


def test_a_workbench_that_went_away_is_told_and_nothing_typed_is_lost(
    samples: Any, serve: Any, open_page: Callable[..., Page]
) -> None:
    with serve(samples) as served:
        page = open_page(served, f"{CLINIC}/hanging", statuses=False)
        start(page)
        served.kill()
        expect(page.get_by_text("The connection to the workbench was lost.")).to_be_visible(timeout=15_000)
        page.get_by_label("How").first.select_option(index=2)
        typed = page.get_by_label("How").first.input_value()
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="does not answer")).to_be_visible()
        assert page.get_by_label("How").first.input_value() == typed
