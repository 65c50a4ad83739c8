"""One exchange in full: revealed to the person who asks, downloaded, exported as an HTTP archive."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

SECRET = 'r3veal-p)%+$:"é'


@pytest.fixture
def page(workbench: Any, open_page: Callable[..., Page], press: Callable[..., Locator]) -> Page:
    """A finished run of an action that sends a key, its exchange open."""
    page = open_page(workbench, "/integrations/api-fetch/auth")
    page.get_by_label("API key").fill(SECRET)
    page.get_by_role("button", name="Save credentials", exact=True).click()
    page.goto(f"{workbench.address}/integrations/api-fetch/actions/call_api_header?new=1")
    outcome = press(page)
    expect(outcome).to_have_attribute("data-state", "finished")
    outcome.get_by_role("tab", name="HTTP").click()
    expect(page.locator("article.exchange")).to_be_visible()
    return page


def save(page: Page, name: str) -> bytes:
    """What the link of that name downloads."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).last.click()
    return Path(download.value.path()).read_bytes()


def test_one_exchange_is_read_downloaded_exported_revealed_and_hidden_again(
    page: Page, axe: Callable[..., None]
) -> None:
    response = page.get_by_role("region", name="Response")
    expect(response.locator(".tree")).to_contain_text('"method"')
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    response.locator(".key", has_text='"method"').click()
    page.wait_for_function("""() => navigator.clipboard.readText().then((text) => text === '["data"]["method"]')""")
    for shown in (0, 1):
        response.locator(".tree .fold > summary").first.click(modifiers=["Alt"])
        expect(response.locator(".tree .fold:not([open])")).to_have_count(
            0 if shown else response.locator(".fold").count()
        )
    response.get_by_role("button", name="Raw").click()
    expect(response.locator("pre.raw")).to_contain_text('"method"')
    body = json.loads(save(page, "Download"))
    assert body["data"]["method"] == "GET"
    assert SECRET not in json.dumps(body, ensure_ascii=False)

    for name in ("HTTP archive", "Whole run"):
        page.locator("#outcome-export summary").click()
        data = save(page, name)
        assert SECRET.encode() not in data
        assert json.dumps(SECRET)[1:-1].encode() not in data
        document = json.loads(data)
        if name == "HTTP archive":
            entry = document["log"]["entries"][0]
            assert (entry["request"]["method"], entry["response"]["status"]) == ("GET", 200)
            assert {"name": "Authorization", "value": "Bearer ‹api_key›"} in entry["request"]["headers"]
        page.locator("#outcome-export summary").click()

    exchange = page.locator("article.exchange")
    assert SECRET not in page.content()
    exchange.get_by_role("button", name="Show secrets").click()
    expect(exchange).to_contain_text(f"Bearer {SECRET}")
    axe(page, "#outcome", within="#outcome")
    exchange.get_by_role("link", name="Hide secrets").click()
    expect(exchange).not_to_contain_text(SECRET)
    page.reload()
    expect(exchange).not_to_contain_text(SECRET)

    pressed = """async () => {
      const prevented = [], form = document.querySelector("form[data-once]");
      addEventListener("submit", (event) => { prevented.push(event.defaultPrevented); event.preventDefault(); });
      form.requestSubmit(); form.requestSubmit();
      await new Promise((resolve) => setTimeout(resolve));
      form.requestSubmit();
      return prevented;
    }"""
    assert page.evaluate(pressed) == [False, True, False], "Resend, whose request would be sent twice"
