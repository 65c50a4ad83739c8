"""Small windows: no page scrolls sideways at 1024 pixels, nor on a phone, and the phone's text is readable."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CLINIC = "/integrations/schema-clinic"
PATHS = [
    "/",
    CLINIC,
    f"{CLINIC}/actions/intake_form",
    f"{CLINIC}/files/config.json?line=40",
    "/integrations/api-fetch/auth",
    "/integrations/rss-reader/triggers/new_entries",
    "/no/such/page",
]


def test_no_page_scrolls_sideways(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, statuses=False, viewport={"width": 1024, "height": 800})
    page.goto(f"{workbench.address}{CLINIC}/actions/prints_and_logs?new=1")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#outcome")).to_have_attribute("data-state", "finished")
    run = page.url.removeprefix(workbench.address)
    tabs = [f"{run}&tab={tab}" for tab in ("result", "http", "validation", "output", "handler")]
    widths = [390, 1024]
    for path in (*PATHS, *tabs, "/runs", f"/runs/{run.partition('run=')[2]}"):
        page.goto(workbench.address + path)
        widths.reverse()  # the next page begins in the window of the last
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} is {wide} pixels wider than a window of {width}"
            small = page.evaluate(SMALLEST)
            assert small >= 11, f"{path} has text of {small} pixels in a window of {width}"


SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *, #nav *")]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
