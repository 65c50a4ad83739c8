"""The newcomer's way: the launch link, three clicks, a finished run; then the credentials and a trigger."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def test_three_clicks_from_the_link_to_a_finished_run(
    workbench: Any, open_page: Callable[..., Page], press: Callable[..., Locator], echo_url: str
) -> None:
    page = open_page(workbench)
    expect(page).to_have_url(workbench.address + "/")
    page.get_by_role("link", name="API fetch").click()
    page.get_by_role("main").get_by_role("link", name="Call without auth").click()
    outcome = press(page)
    expect(outcome).to_contain_text("Succeeded")
    expect(outcome).to_contain_text(f"{echo_url}/test")


def test_a_finished_run_is_the_same_page_after_a_reload(
    workbench: Any, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> None:
    page = open_page(workbench, "/integrations/api-fetch/actions/call_api")
    outcome = press(page)
    expect(outcome.locator(".pill").first).to_contain_text("Succeeded")
    expect(outcome).to_have_attribute("data-state", "finished")
    live = outcome.inner_text()
    page.reload()
    assert page.locator("#outcome").inner_text() == live


def test_the_credentials_reach_the_wire_and_no_page(
    workbench: Any, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> None:
    secret = 'p)%+$:"é-key'
    page = open_page(workbench, "/integrations/api-fetch/auth")
    page.get_by_label("API key").fill(secret)
    page.get_by_role("button", name="Save credentials", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("api_key")
    assert secret not in page.content()
    page.goto(f"{workbench.address}/integrations/api-fetch/actions/call_api_header")
    outcome = press(page)
    expect(outcome).to_contain_text("Succeeded")
    outcome.get_by_role("link", name="HTTP").click()
    expect(outcome).to_contain_text("Authorization")
    assert secret not in page.content()
    assert "key" in page.locator("#outcome .masked").first.inner_text()


def test_a_run_without_javascript(
    workbench: Any, open_page: Callable[..., Page], look_again: Callable[[Page], None]
) -> None:
    page = open_page(workbench, "/integrations/api-fetch/actions/call_api?new=1", scripts=False)
    page.get_by_role("button", name="Run", exact=True).click()
    look_again(page)
    expect(page.locator("#outcome")).to_contain_text("Succeeded")


def test_a_poll_shows_its_records_in_a_table(
    workbench: Any, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> None:
    page = open_page(workbench, "/integrations/rss-reader/triggers/new_entries")
    outcome = press(page, "Poll")
    expect(outcome.get_by_role("columnheader", name="feed_title")).to_be_visible()
    expect(outcome.get_by_role("row")).not_to_have_count(1)


def test_the_keyboard_alone_runs_an_action(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, "/integrations/api-fetch/actions/call_api")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Filter").or_(page.get_by_label("Filter")).first).to_be_focused()
    page.keyboard.type("header")
    expect(page.get_by_role("link", name="call_api_header")).to_be_visible()
    expect(page.get_by_role("link", name="call_api_un_pw")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_label("URL").first.focus()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"\?run=\d+"))
    expect(page.locator("#outcome")).to_contain_text("Succeeded")
