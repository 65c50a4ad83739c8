"""A run that goes on is followed, whatever a page is in the middle of; what cannot be followed is told."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

pytestmark = pytest.mark.browser

CLINIC = "/integrations/schema-clinic/actions"
STEPS = "/integrations/steps/actions/steps?new=1"
CODE = """\
import asyncio
from pathlib import Path
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

steps = Integration.load()


@steps.action("steps")
class Steps(ActionHandler):
    async def execute(self, inputs, context):
        for step in range(1, 11):
            while step == 6 and not Path(__file__).with_name("go").exists():
                await asyncio.sleep(0.02)
            print(f"Step {step} of 10")
        return ActionResult(data={"steps": 10})
"""
SMALL: Any = {"width": 400, "height": 240}  # each page is drawn ten times a second while the run's clock ticks


@pytest.fixture(scope="session")
def steps(samples: Path) -> Path:
    """A folder whose action stands still in its middle until there is a file ``go``."""
    root = samples / "steps"
    root.mkdir()
    action = {"description": "Prints its steps.", "output_schema": {}}
    config = {"name": "steps", "version": "1.0.0", "description": "d", "entry_point": "steps.py"}
    (root / "config.json").write_text(json.dumps(config | {"actions": {"steps": action}}), "utf-8")
    (root / "steps.py").write_text(CODE, "utf-8")
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.0\n", "utf-8")
    return root


@pytest.fixture
def go_on(steps: Path) -> Callable[[], None]:
    """Lets the run that stands still in its middle go on to its end."""
    (steps / "go").unlink(missing_ok=True)
    return (steps / "go").touch


def start(page: Page) -> Any:
    """Press Run, and give the outcome's pane."""
    page.get_by_role("button", name="Run", exact=True).click()
    outcome = page.locator("#outcome")
    expect(outcome).to_have_attribute("data-state", "live")
    return outcome


@pytest.fixture
def late(intercept: Callable[..., None]) -> Callable[[Page, str, int], None]:
    """What a page asks of such a path reaches the workbench only after milliseconds; its other requests go on."""

    def hold(page: Page, path: str, milliseconds: int) -> None:
        def wait(route: Route) -> None:
            page.wait_for_timeout(milliseconds)
            route.continue_()

        intercept(page, re.compile(path), wait)

    return hold


def ends(pane: Locator) -> None:
    """The pane sees the run's end."""
    expect(pane).to_have_attribute("data-state", "finished")
    expect(pane.locator(".pill").first).to_have_text("Succeeded")


def test_output_appears_a_reload_in_the_middle_goes_on_and_two_pages_end_alike(
    workbench: Any, open_page: Callable[..., Page], go_on: Callable[[], None]
) -> None:
    page = open_page(workbench, STEPS)
    outcome = start(page)
    expect(page).to_have_url(re.compile(r"\?run=\d+"))
    other = open_page(workbench, page.url.removeprefix(workbench.address) + "&tab=output").locator("#outcome")
    page.reload()
    outcome.get_by_role("tab", name="Output").click()
    goes_on = page.locator("#outcome[data-state=live]", has=page.get_by_role("button", name="Cancel"))
    expect(goes_on.filter(has_text="Step 5 of 10")).to_be_visible()
    go_on()
    for pane in (outcome, other):
        expect(pane).to_contain_text("Step 10 of 10")
        ends(pane)
    assert outcome.inner_text() == other.inner_text()
    expect(outcome.get_by_label("Parts of the outcome").locator("[aria-current=true]")).to_contain_text("Output")
    expect(page.locator("#nav [aria-current] .dot")).to_have_class(re.compile("ok"))


def test_a_page_follows_however_late_its_scripts_come(
    workbench: Any, open_page: Callable[..., Page], late: Callable[..., None], go_on: Callable[[], None]
) -> None:
    """htmx begins in a timer of its own, before a script that is slow to come: what it finds then is all it finds."""
    page = open_page(workbench, STEPS)
    outcome = start(page)
    expect(page).to_have_url(re.compile(r"\?run=\d+"))
    late(page, r"/static/all\.js", 400)
    page.goto(page.url, wait_until="commit")
    expect(outcome).to_have_attribute("data-state", "live")
    go_on()
    ends(outcome)


def test_the_tab_clicked_last_is_shown_while_the_stream_connects(
    workbench: Any, open_page: Callable[..., Page], late: Callable[..., None], go_on: Callable[[], None]
) -> None:
    page = open_page(workbench, STEPS)
    late(page, r"/runs/\d+/events", 300)
    late(page, r"/runs/\d+/outcome\?tab=(http|handler)", 250)
    outcome = start(page)
    for name in ("Handler", "Output", "HTTP", "Result", "Output"):
        outcome.get_by_role("tab", name=name).evaluate("link => link.click()")
    expect(outcome).to_contain_text("Step 5 of 10")
    go_on()
    expect(outcome).to_contain_text("Step 10 of 10")
    ends(outcome)
    expect(outcome.get_by_label("Parts of the outcome").locator("[aria-current=true]")).to_contain_text("Output")
    assert "tab=output" in page.url


def test_a_page_whose_stream_is_refused_looks_again(
    workbench: Any, open_page: Callable[..., Page], intercept: Callable[..., None], go_on: Callable[[], None]
) -> None:
    page = open_page(workbench, STEPS, statuses=False)
    intercept(page, re.compile(r"/runs/\d+/events"), lambda route: route.fulfill(status=503))
    outcome = start(page)
    go_on()
    ends(outcome)


def test_seven_pages_follow_at_once(workbench: Any, open_page: Callable[..., Page]) -> None:
    """A browser has six connections to a host; streams must leave some of them to the pages."""
    first = open_page(workbench, f"{CLINIC}/hanging?new=1", viewport=SMALL)
    start(first)
    expect(first).to_have_url(re.compile(r"\?run=\d+"))
    pages = [first, *(first.context.new_page() for _ in range(6))]
    for page in pages[1:]:
        page.set_viewport_size(SMALL)
        page.goto(f"{workbench.address}/runs/{first.url.rpartition('run=')[2]}", wait_until="commit")
        expect(page.locator("#outcome")).to_have_attribute("data-state", "live")
    pages[-1].get_by_role("button", name="Cancel").click()
    for page in pages:
        expect(page.locator("#outcome .pill").first).to_have_text("Cancelled")


@pytest.mark.exhaustive
def test_a_run_is_read_and_looked_at_again_without_scripts(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, f"{CLINIC}/slow?new=1", scripts=False)
    with page.expect_navigation():
        page.get_by_role("button", name="Run", exact=True).click()
    outcome = page.locator("#outcome")
    expect(outcome.locator("noscript .notice")).to_be_visible()
    while outcome.get_attribute("data-state") == "live":
        page.wait_for_timeout(500)  # as a person would, and not as often as the page loads
        with page.expect_navigation():
            outcome.locator("noscript a").click()
    ends(outcome)


def test_a_console_at_its_end_stays_at_its_end(
    workbench: Any, open_page: Callable[..., Page], go_on: Callable[[], None]
) -> None:
    page = open_page(workbench, STEPS, viewport={"width": 1280, "height": 360})
    outcome = start(page)
    outcome.get_by_role("tab", name="Output").click()
    outcome.get_by_text("Step 5 of 10").scroll_into_view_if_needed()
    outcome.evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
    go_on()
    ends(outcome)
    expect(outcome.get_by_text("Step 10 of 10")).to_be_in_viewport()


def test_a_workbench_that_went_away_and_one_that_was_started_anew_are_told_and_nothing_typed_is_lost(
    samples: Any, serve: Any, open_page: Callable[..., Page]
) -> None:
    with serve(samples) as served:
        page = open_page(served, f"{CLINIC}/hanging?new=1", statuses=False, viewport=SMALL)
        outcome = start(page)
        served.kill()
        lost = page.get_by_text("Connection to the workbench lost.")
        expect(lost).to_be_visible()
        page.get_by_label("How").first.select_option(index=2)
        typed = page.get_by_label("How").first.input_value()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").filter(has_text="does not respond")).to_be_visible()
        assert page.get_by_label("How").first.input_value() == typed
        port = int(served.origin.rpartition(":")[2])
        with serve(samples, port=port):
            expect(page.get_by_text("The workbench no longer has this run: it has probably restarted.")).to_be_visible()
            expect(lost).to_be_hidden()
            expect(outcome).to_have_attribute("data-state", "gone")
        assert page.get_by_label("How").first.input_value() == typed
