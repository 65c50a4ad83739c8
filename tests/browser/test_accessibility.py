"""Every page by axe-core's rules (WCAG 2.2 AA among them), in the light and in the dark."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Look = Callable[..., None]
CLINIC = "/integrations/schema-clinic"
STILL = [
    f"{CLINIC}/actions/intake_form",
    f"{CLINIC}/account",
    "/integrations/rss-reader/triggers/new_entries",
    "/integrations/rss-reader/triggers/new_entries/fuzz",
    f"{CLINIC}/files/actions/outputs.py?line=12",
    "/no/such/page",
]
ALIKE = ["/integrations/api-fetch/auth", "/integrations/api-fetch/actions/call_api_un_pw", "/paste"]
"""Of kinds that another test looks at: new forms, the form of credentials, the paste that could not be read."""
TABS = ("HTTP", "Validation", "Output", "Handler")


@pytest.mark.parametrize("paths", [STILL, pytest.param(ALIKE, marks=pytest.mark.exhaustive)], ids=["all", "alike"])
def test_pages_that_stand_still(workbench: Any, open_page: Callable[..., Page], axe: Look, paths: list[str]) -> None:
    page = open_page(workbench, paths[0], statuses=False)
    axe(page)
    for path in paths[1:]:
        page.goto(workbench.address + path)
        axe(page)


@pytest.mark.exhaustive
def test_the_overview_of_an_integration_with_auth(workbench: Any, open_page: Callable[..., Page], axe: Look) -> None:
    axe(open_page(workbench, "/integrations/api-fetch"), "")


def test_the_catalog_and_the_page_for_those_outside(workbench: Any, open_page: Callable[..., Page], axe: Look) -> None:
    page = open_page(workbench, statuses=False)
    axe(page, "")
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in with the launch link")
    axe(page, "")


@pytest.mark.exhaustive
def test_an_empty_catalog_and_no_runs(serve: Any, open_page: Callable[..., Page], axe: Look) -> None:
    with serve() as served:
        page = open_page(served)
        expect(page.get_by_role("heading", name="No integrations found")).to_be_visible()
        axe(page)
        page.goto(f"{served.address}/runs")
        axe(page)


def finished(page: Page) -> Locator:
    """The outcome of a run of the new form on the page."""
    page.get_by_role("button", name="Run", exact=True).click()
    outcome = page.locator("#outcome")
    expect(outcome).to_have_attribute("data-state", "finished")
    return outcome


def test_every_tab_of_a_finished_run(workbench: Any, open_page: Callable[..., Page], axe: Look) -> None:
    page = open_page(workbench, f"{CLINIC}/actions/prints_and_logs?new=1")
    outcome = finished(page)
    tabs = outcome.get_by_label("Parts of the outcome")
    for tab in TABS:
        tabs.get_by_role("tab", name=tab).click()
        expect(tabs.locator("[aria-current=true]")).to_contain_text(tab)
        axe(page, "#outcome", within="#outcome" if tab != TABS[-1] else "")


@pytest.mark.parametrize(
    "action",
    [
        "exception",
        "http_status",
        pytest.param("output_deep", marks=pytest.mark.exhaustive),
        pytest.param("strict_input", marks=pytest.mark.exhaustive),
    ],
)
def test_the_tab_that_a_failed_run_opens(
    workbench: Any, open_page: Callable[..., Page], axe: Look, action: str
) -> None:
    page = open_page(workbench, f"{CLINIC}/actions/{action}?new=1")
    finished(page)
    axe(page, "#outcome", within="#outcome")


def test_a_run_that_goes_on_and_the_lists_of_runs(workbench: Any, open_page: Callable[..., Page], axe: Look) -> None:
    page = open_page(workbench, f"{CLINIC}/actions/hanging?new=1")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Waiting")
    axe(page, "", within="#outcome")
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page).to_have_url(re.compile(r"/runs$"))
    axe(page)
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/runs/\d+$|run=\d+"))
    axe(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#outcome")).to_have_attribute("data-state", "finished")
    axe(page, "#outcome", within="#outcome")


FAULT = ("", "/fixes?error=0", "/fixes/plan?error=0", "/suggestion?from=this", "/values/returned")


@pytest.mark.parametrize(
    "paths", [FAULT, pytest.param(["/values/output-schema"], marks=pytest.mark.exhaustive)], ids=["all", "schema"]
)
def test_the_pages_of_a_fault(workbench: Any, open_page: Callable[..., Page], axe: Look, paths: list[str]) -> None:
    page = open_page(workbench, f"{CLINIC}/actions/output_one_of?new=1")
    finished(page)
    run = page.url.rsplit("run=", 1)[1]
    page.locator(".fix summary").first.click()
    axe(page, "#outcome", within="#outcome")
    for path in paths:
        page.goto(f"{workbench.address}/runs/{run}{path}")
        axe(page)


def test_a_paste_that_could_not_be_read_and_one_that_was(
    workbench: Any, open_page: Callable[..., Page], axe: Look
) -> None:
    page = open_page(workbench, "/paste", statuses=False)
    page.locator("textarea[name=payload]").fill("{oops")
    page.get_by_role("button", name="Explain error").click()
    expect(page.get_by_role("alert")).to_contain_text("is not JSON")
    axe(page)
    page.locator("textarea[name=payload]").fill("LOG {'entries': [{'title': None}]}")
    page.get_by_role("button", name="Explain error").click()
    expect(page.locator("#outcome")).to_contain_text("It was taken out of the text around it.")
    axe(page, "#outcome", within="#outcome")


def test_an_integration_with_all_that_it_lists_and_checked_by_loading_it(
    workbench: Any, open_page: Callable[..., Page], axe: Look
) -> None:
    page = open_page(workbench, CLINIC)
    axe(page, "")
    page.get_by_role("button", name="Import and check handlers").click()
    expect(page.locator("#findings")).to_contain_text("imported in")
    expect(page.locator("#findings")).to_contain_text("25 actions, 1 trigger")
    axe(page, "#findings", within="#findings")
    page.get_by_role("link", name="Show the run").click()
    expect(page.get_by_role("heading", level=1).last).to_contain_text("no handler was called")
    axe(page, "#outcome", within="#outcome")
