"""The frame of a page by keyboard: panes, tabs, the list of keys, the editor of JSON; and a narrow window."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

PATH = "/integrations/api-fetch/actions/call_api?new=1"


BELOW = """() => document.documentElement.scrollHeight - scrollY
  - document.querySelector("#outcome").getBoundingClientRect().bottom"""


def width(pane: Locator) -> float:
    box = pane.bounding_box()
    assert box is not None
    return box["width"]


def test_panes_tabs_and_keys(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, PATH)
    keys, nav = page.keyboard, page.locator("#nav")
    bar = page.get_by_role("separator", name="Width of the list")
    before = width(nav)
    bar.focus()
    keys.press("ArrowRight")
    expect(bar).to_have_attribute("aria-valuenow", str(round(before + 16)))
    page.reload()
    assert width(nav) == before + 16, "the browser remembers it"
    bar.dblclick()
    expect(bar).to_have_attribute("aria-valuetext", "collapsed")
    expect(nav.get_by_role("link").first).to_be_hidden()
    bar.focus()
    keys.press("Enter")
    expect(bar).to_have_attribute("aria-valuenow", str(round(before + 16)))

    page.get_by_role("tab", name="Form").focus()
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="JSON")).to_be_focused()
    keys.press("Enter")
    editor = page.locator(".cm-content")
    editor.fill("")
    editor.press_sequentially('{"u')
    expect(page.locator(".cm-tooltip").get_by_role("option")).to_have_text(["urlstring · uri, required"])
    page.wait_for_timeout(150)  # the editor takes no key for a choice that was not to be seen yet
    keys.press("Enter")
    editor.press_sequentially('"http://127.0.0.1:1/')
    expect(page.locator("#payload-text")).to_contain_text('"url": "http://127.0.0.1:1/"')

    page.get_by_role("heading", level=1).first.click()
    keys.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Alt + Enter")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_narrow_window_says_beside_run_what_came_of_it(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, PATH, viewport={"width": 640, "height": 700})
    expect(page.get_by_role("searchbox")).to_be_hidden()
    page.get_by_role("button", name="List", exact=True).click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.get_by_role("button", name="List", exact=True).click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("link", name="Succeeded, see below").click()
    expect(page.locator("#outcome").get_by_role("heading", level=1)).to_be_in_viewport()
    assert page.evaluate(BELOW) < 2, "the page ends where its content ends"
