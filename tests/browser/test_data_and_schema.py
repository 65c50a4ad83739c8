"""The picture in a real browser: by pointer, by keyboard, without scripts; and a mend all the way into the file."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Run = Callable[..., Locator]
DEEP = "/integrations/schema-clinic/actions/output_deep"
AUTHOR = {"name": "Ada", "ward": {"name": "North", "beds": [1]}}
STRICT = "/integrations/schema-clinic/actions/strict_input"


@pytest.fixture
def run(look_again: Callable[[Page], None]) -> Callable[..., Locator]:
    """Runs what the page shows and waits for the end of that very run; without scripts that is looking again."""

    def run_it(page: Page, *, scripts: bool = True) -> Locator:
        before = page.url
        page.get_by_role("button", name="Run", exact=True).click()
        page.wait_for_url(lambda url: url != before and "run=" in url)
        if not scripts:
            look_again(page)
        outcome = page.locator("#outcome[data-state=finished]")
        expect(outcome).to_be_visible()
        return outcome

    return run_it


def hit(page: Page, side: str) -> Locator:
    """The marked nodes of a side."""
    return page.locator(f"[data-side={side}] [data-hit]")


@pytest.fixture
def clinic(samples: Path) -> Iterator[Path]:
    """The clinic's folder, its config.json put back at the end."""
    config = samples / "schema-clinic" / "config.json"
    kept = config.with_suffix(".kept")
    shutil.copy(config, kept)
    yield config.parent
    kept.replace(config)


def test_the_picture_is_walked_by_pointer_by_key_and_from_the_list_of_faults(
    workbench: Any, open_page: Callable[..., Page], run: Run
) -> None:
    """On the page of one run, each part from the fault that it opens with."""
    page = open_page(workbench, DEEP)
    outcome = run(page)
    opened = page.url
    each_side_moves_the_other_in_place(page, outcome)
    page.goto(opened)
    each_side_is_one_stop_of_the_tab_key_and_walked_and_folded_by_others(page)
    page.goto(opened)
    a_fault_of_the_list_leads_to_its_place_and_takes_the_focus_there(page, outcome)


def each_side_moves_the_other_in_place(page: Page, outcome: Locator) -> None:
    expect(hit(page, "data")).to_contain_text("five")
    expect(hit(page, "schema")).to_contain_text("this rule")
    page.evaluate("window.stayed = true")
    expect(page.locator("[data-side=schema] .above")).to_have_text("⋯ 7 levels above")
    page.locator("[data-side=schema] .way a.go", has_text="entries").click()
    expect(hit(page, "data")).to_contain_text('"entries"')
    expect(hit(page, "schema").locator("a.go")).to_be_focused()
    expect(page).to_have_url(re.compile("rule="))
    page.locator("[data-side=data] a.go", has_text='"entries"').click()
    expect(page).to_have_url(re.compile("[?&]at="))
    expect(hit(page, "data").locator("a.go")).to_be_focused()
    outcome.get_by_role("link", name="/entries/3/published").click()
    expect(hit(page, "data")).to_contain_text("null")
    assert page.evaluate("window.stayed") is True, "nothing was loaded anew"
    page.reload()
    expect(hit(page, "data")).to_contain_text("null")


def each_side_is_one_stop_of_the_tab_key_and_walked_and_folded_by_others(page: Page) -> None:
    trees = page.locator(".split .tree")
    expect(trees.nth(0).locator("[tabindex='0']")).to_have_text("1")
    expect(trees.nth(1).locator("[tabindex='0']")).to_have_text('"type"')
    hit(page, "data").locator("a.go").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    sides = "document.activeElement.closest('[data-side]')?.dataset.side"
    assert page.evaluate(sides) == "schema"
    page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-side=data] .tree a.go", has_text="0").last).to_be_focused()

    entry = page.locator("[data-side=data] .tree a.go", has_text='"entries"')
    entry.focus()
    page.keyboard.press("ArrowDown")
    first = page.locator("[data-side=data] .tree a.go", has_text="0").first
    expect(first).to_be_focused()
    fold = first.locator("xpath=preceding-sibling::details")
    page.keyboard.press("ArrowRight")
    expect(fold).to_have_attribute("open", "")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-side=data] .tree a.gap").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(fold).not_to_have_attribute("open", "")
    page.keyboard.press("ArrowLeft")
    expect(entry).to_be_focused()
    page.keyboard.press("Home")
    root = page.locator("[data-side=data] .tree summary").first
    expect(root).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(entry).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(entry).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(hit(page, "data")).to_have_count(1)
    expect(hit(page, "data").locator("a.go")).to_be_focused()


def a_fault_of_the_list_leads_to_its_place_and_takes_the_focus_there(page: Page, outcome: Locator) -> None:
    assert outcome.get_by_role("list", name="Errors").get_by_role("listitem").count() == 3
    for name, shown in (("/entries/3/published", "null"), ("/entries/2/author/name", "missing")):
        outcome.get_by_role("list", name="Errors").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        expect(hit(page, "data")).to_contain_text(shown)
        expect(hit(page, "data").locator("a.go")).to_be_focused()
        expect(hit(page, "data")).to_be_in_viewport()
        expect(outcome.get_by_role("status")).to_contain_text(f"Marked: {name}")
    outcome.get_by_role("link", name="‹ Previous").click()
    expect(outcome.locator(".pager strong")).to_have_text("Error 1 of 3")
    expect(hit(page, "data")).to_contain_text("five")


def test_a_fault_of_the_inputs_leads_to_its_field_and_its_mend_into_the_form(
    workbench: Any, open_page: Callable[..., Page], run: Run
) -> None:
    page = open_page(workbench, STRICT)
    outcome = run(page)
    outcome.get_by_role("listitem").filter(has_text="/ward is required").get_by_role("link", name="field").click()
    expect(page.get_by_label("Ward")).to_be_focused()
    outcome.get_by_role("link", name="/ward is required").click()
    expect(hit(page, "data")).to_contain_text("ward")
    page.evaluate("window.stayed = true")
    fix = outcome.locator(".fix").filter(has_text="Add property /ward")
    if fix.first.get_attribute("open") is None:  # open from the start unless earlier runs speak against the schema
        fix.first.locator("summary").click()
    fix.get_by_role("link", name="Apply to the form").first.click()
    expect(page.locator("#request")).to_contain_text("Fix applied to the form. Run it to try.")
    assert json.loads(page.locator("#payload-text").inner_text()) == {"ward": "north"}
    fix.get_by_role("button", name="Run with this change").first.click()
    expect(outcome).to_contain_text("2 errors")
    assert page.evaluate("window.stayed") is True, "the page was not loaded again"


@pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.exhaustive)], ids=["scripts", "no scripts"]
)
def test_a_fix_is_written_run_and_undone_in_place(
    workbench: Any, open_page: Callable[..., Page], run: Run, clinic: Path, scripts: bool
) -> None:
    before = (clinic / "config.json").read_text("utf-8").splitlines()
    page = open_page(workbench, DEEP, scripts=scripts)
    run(page, scripts=scripts)
    page.get_by_role("link", name="/entries/3/published").click()
    expect(hit(page, "data")).to_contain_text("null")
    page.evaluate("window.stayed = true")
    fix = page.locator(".fix").filter(has_text="Change the type to string or null")
    if fix.get_attribute("open") is None:  # open from the start where earlier runs speak against the schema
        fix.locator("summary").click()
    fix.get_by_role("button", name="Write and run again").click()
    expect(page.locator("#outcome-written")).to_contain_text("config.json updated: Change the type to string or null")
    expect(page.locator("#outcome[data-state=finished]") if scripts else page.locator("#outcome")).to_be_visible()
    assert page.evaluate("window.stayed") is (True if scripts else None)
    after = (clinic / "config.json").read_text("utf-8").splitlines()
    changed = [(old.strip(), new.strip()) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [('"type": "string",', '"type": ["string", "null"],')]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#outcome-written")).to_contain_text("config.json is as it was before.")
    assert (clinic / "config.json").read_text("utf-8").splitlines() == before


@pytest.mark.exhaustive
def test_without_scripts_each_node_is_a_link_and_a_fault_leads_to_the_picture(
    workbench: Any, open_page: Callable[..., Page], run: Run
) -> None:
    page = open_page(workbench, DEEP, scripts=False)
    run(page, scripts=False)
    page.get_by_role("link", name="/entries/2/author/name").click()
    assert page.url.endswith("#outcome-data-and-schema")
    expect(hit(page, "data")).to_contain_text("missing")
    page.locator("[data-side=data] a.go", has_text='"title"').first.click()
    expect(hit(page, "data").locator("a.go")).to_have_text('"title"')
    expect(hit(page, "schema").first.locator("a.go")).to_have_text('"title"')


def test_a_pasted_refusal_is_drawn(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, "/runs")
    page.get_by_role("link", name="Explain a validation error from AutoHive").click()
    page.get_by_label("Handler").select_option(label="Return errors at several depths")
    page.locator("textarea[name=message]").fill("Output validation failed: None is not of type 'string'")
    page.locator("textarea[name=payload]").fill('{"entries": [{"title": "T", "published": null}]}')
    page.get_by_role("button", name="Explain error").click()
    expect(page.locator(".outcome-head .pill")).to_have_text("Invalid output")
    expect(page.locator("[data-side=data]")).to_contain_text('"published"')


@pytest.mark.parametrize(
    "size", [800, pytest.param(13_000, marks=pytest.mark.exhaustive)], ids=["long", "two megabytes"]
)
def test_a_long_document_opens_on_its_fault(workbench: Any, open_page: Callable[..., Page], size: int) -> None:
    page = open_page(workbench, "/paste")
    entries = [{"title": f"Entry {n} {'x' * 80}", "published": "2026", "author": AUTHOR} for n in range(size)]
    entries[size * 2 // 3]["published"] = None  # type: ignore[assignment]  # the fault
    page.get_by_label("Handler").select_option(label="Return errors at several depths")
    page.get_by_label("Payload is").select_option(label="output")
    page.locator("textarea[name=payload]").evaluate(
        "(box, text) => { box.value = text }", json.dumps({"entries": entries})
    )
    page.get_by_role("button", name="Explain error").click()
    page.get_by_role("link", name=f"/entries/{size * 2 // 3}/published").click()
    expect(hit(page, "data")).to_contain_text("null")
    expect(hit(page, "data")).to_be_in_viewport()
    gap = page.locator("[data-side=data] a.gap").first
    gap.click()
    expect(page.locator("[data-side=data] a.go", has_text="3").first).to_be_visible()
