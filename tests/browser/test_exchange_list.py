"""The list of the HTTP tab of a long run: it follows the run, and any part of it is a scroll or a key away."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

pytestmark = pytest.mark.browser

CODE = """\
import asyncio
from autohive_integrations_sdk import ActionHandler, Integration

many = Integration.load()


@many.action("send")
class Send(ActionHandler):
    async def execute(self, inputs, context):
        async def ask(number):
            await context.fetch(f"ECHO/test/number?n={number}&pad={'p' * 500}")

        for start in range(0, 120, 20):
            await asyncio.gather(*map(ask, range(start, start + 20)))
        return {}
"""


@pytest.fixture
def page(
    workbench: Any, samples: Path, echo_url: str, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> Any:
    """A finished run of 120 requests, its HTTP tab open."""
    action = {"description": "Sends much.", "output_schema": {}}
    config = {"name": "many", "version": "1.0.0", "description": "Many", "entry_point": "many.py"}
    folder = samples / "many"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config | {"actions": {"send": action}}), encoding="utf-8")
    (folder / "many.py").write_text(CODE.replace("ECHO", echo_url), encoding="utf-8")
    page = open_page(workbench, "/integrations/many/actions/send")
    outcome = press(page)
    outcome.get_by_role("tab", name="HTTP").click()
    expect(outcome).to_have_attribute("data-state", "finished")
    return page


def test_every_part_of_a_long_list_is_a_scroll_or_a_key_away(page: Page) -> None:
    rows, box = page.locator(".net tbody .url > a"), page.get_by_role("region", name="Exchanges")
    chosen = page.locator('.net [aria-current="true"]')
    expect(chosen).to_be_in_viewport()
    expect(page.locator("#exchange-row-1")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="80 more exchanges")).to_have_count(1)

    held: list[Route] = []
    page.route(lambda url: "exchange=110" in url and "from=0" not in url, lambda route: held.append(route))
    page.locator("#exchange-row-110").click()
    box.evaluate("box => box.scrollTo(0, 0)")  # loads a part in place of what the click asks for
    expect(page.locator("#exchange-row-1")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("from=0"))
    expect(page.locator("#exchange-110")).to_be_visible()
    assert held
    page.unroute_all(behavior="ignoreErrors")
    page.locator("#exchange-row-1").click()
    expect(page.locator("#exchange-1")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(rows.nth(3)).to_be_focused()
    expect(chosen).to_have_id(rows.nth(3).get_attribute("id") or "")
    expect(page.locator('.net tbody a[tabindex="0"]')).to_have_id(rows.nth(3).get_attribute("id") or "")
    for key, row in (("End", 120), ("Home", 1)):
        page.keyboard.press(key)
        expect(page.locator(f"#exchange-row-{row}")).to_be_focused()
        expect(page.locator(f"#exchange-{row}")).to_be_visible()

    box.evaluate("box => box.scrollTo(0, box.scrollHeight / 2)")
    expect(page).to_have_url(re.compile("from=4[0-9]"))
    expect(rows.nth(20)).to_be_in_viewport()
    page.reload()
    expect(rows.nth(20)).to_be_in_viewport()

    page.get_by_label("Filter by text").fill("n=11")
    expect(rows).to_have_count(11)
    expect(page.get_by_label("Filter by text")).to_be_focused()
    expect(chosen).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Filter by text")).to_have_value("")
    expect(page.get_by_role("row").filter(has_text="more exchange").first).to_be_attached()

    page.set_viewport_size({"width": 1280, "height": 420})
    find = page.get_by_label("Find in bodies")
    find.fill("pad")
    expect(page.locator(".exchange [data-hit]").first).to_be_in_viewport()
    expect(find).to_be_in_viewport()
