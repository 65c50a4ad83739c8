"""The auth form: without scripts, and secrets left, replaced, cleared."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

AUTH = "/integrations/api-fetch/auth"


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.exhaustive)])
def test_a_secret_is_kept_replaced_and_forgotten(workbench: Any, open_page: Callable[..., Page], scripts: bool) -> None:
    page = open_page(workbench, AUTH, scripts=scripts)
    seen = page.get_by_label("context.auth", exact=True)

    def save() -> None:
        page.get_by_role("button", name="Save credentials", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Credentials saved.")).to_be_visible()

    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill("a first password")
    save()
    expect(seen).to_contain_text('"user_name": "ada"')
    expect(seen.locator(".masked", has_text="password")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    assert "a first password" not in page.content()

    page.get_by_label("User name").fill("lovelace")
    save()
    expect(seen).to_contain_text('"user_name": "lovelace"')
    expect(seen.locator(".masked", has_text="password")).to_be_visible()

    page.get_by_label("Password", exact=True).fill("a second password")
    save()
    assert "a second password" not in page.content()
    page.goto(f"{workbench.address}/integrations/api-fetch/actions/call_api_un_pw")
    assert "second password" not in page.content()

    page.goto(workbench.address + AUTH)
    page.get_by_role("button", name="Add credential", exact=True).click()
    expect(page.get_by_label("Name of new row")).to_be_focused()
    page.get_by_label("Name of new row").fill("refresh_token")
    page.get_by_label("Value of new row").fill("a token of the page")
    page.get_by_label("User name").fill("typed before the button")
    page.get_by_role("button", name="Add variable", exact=True).click()
    expect(page.get_by_label("Name of new row")).to_have_value("")
    expect(page.get_by_label("User name")).to_have_value("typed before the button")
    page.get_by_role("button", name="Remove new row").click()
    expect(page.get_by_label("Name of new row")).to_have_count(0)
    page.get_by_label("Remember on this machine").check()
    save()
    expect(seen.locator(".masked", has_text="refresh_token")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="readable only by you")).to_be_visible()
    assert "a token of the page" not in page.content()

    page.get_by_text("Edit profiles").click()
    page.get_by_label("Name", exact=True).fill("staging")
    page.get_by_role("button", name="New profile").click()
    expect(page.get_by_role("navigation", name="Profiles").get_by_role("link")).to_have_text(["default", "staging"])
    page.goto(f"{workbench.address}/integrations/api-fetch/actions/call_api_un_pw")
    expect(page.get_by_label("Profile", exact=True).locator("option")).to_have_text(
        ["profile default", "profile staging"]
    )

    page.goto(f"{workbench.address}{AUTH}?profile=staging")
    page.get_by_role("button", name="Delete profile staging").click()
    page.get_by_role("button", name="Discard credentials").click()
    expect(seen).not_to_contain_text("password")
    expect(page.get_by_label("User name")).to_have_value("")
