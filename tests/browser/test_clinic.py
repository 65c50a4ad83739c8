"""Ways to fail, run in the page: the headline names it, and the tab that matters is open."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

# action, words of the pill, words that the outcome shows, the tab that is open (all of them: tests/web/runs)
CASES = [
    ("strict_input", "Invalid inputs", "/patient", "Validation"),
    ("http_status", "Failed", "404", "HTTP"),
    ("exception", "Failed", "KeyError", "Handler"),
    ("crash", "Crashed", "", None),
]


@pytest.mark.parametrize(
    ("action", "pill", "words", "tab"),
    [pytest.param(*case, id=case[0], marks=pytest.mark.exhaustive if case[3] else ()) for case in CASES],
)
def test_each_action(
    workbench: Any,
    open_page: Callable[..., Page],
    press: Callable[..., Locator],
    action: str,
    pill: str,
    words: str,
    tab: str | None,
) -> None:
    page = open_page(workbench, f"/integrations/schema-clinic/actions/{action}")
    outcome = press(page)
    expect(outcome.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(outcome.locator(".pill").first).to_contain_text(pill)
    expect(outcome).to_contain_text(words)
    if tab:
        expect(outcome.get_by_label("Parts of the outcome").locator("[aria-current=true]")).to_contain_text(tab)


def test_escape_cancels_a_hanging_run_and_it_says_where_it_stood(
    workbench: Any, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> None:
    page = open_page(workbench, "/integrations/schema-clinic/actions/hanging")
    outcome = press(page)
    outcome.get_by_role("tab", name="Output").click()
    expect(outcome).to_contain_text("Waiting …")
    expect(outcome.get_by_role("button", name="Cancel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(outcome.locator(".pill").first).to_contain_text("Cancelled")
    expect(outcome).to_contain_text(".py:")
