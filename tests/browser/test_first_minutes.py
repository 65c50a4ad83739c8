"""The newcomer's way: the steps of the README, word by word; a run without scripts and by the keyboard alone."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Page, expect

pytestmark = pytest.mark.browser


README = Path(__file__).parents[2] / "README.md"
SECRET = 'p)%+$:"é-key'
NUMBERS = {"two": 2, "three": 3, "four": 4}
RUNS = ("Run", "Poll")


def steps() -> list[str]:
    """The steps of the first five minutes, each on one line."""
    section = README.read_text("utf-8").partition("## The first five minutes\n")[2].partition("\n## ")[0]
    return [" ".join(step.split()) for step in re.findall(r"^\d+\. (.*(?:\n   .*)*)", section, re.MULTILINE)]


def control(page: Page, name: str) -> Locator:
    """What a person sees by that name: a button, a field, else a link or tab, first those beside the navigation."""
    word = re.compile(name)  # a part of it, in the same case
    button, field = page.get_by_role("button", name=name, exact=True), page.get_by_label(name, exact=True)
    parts = (page.locator("#outcome"), page.get_by_role("main"), page)
    links = [part.get_by_role("link", name=word).or_(part.get_by_role("tab", name=word)) for part in parts]
    expect(button.or_(field).or_(links[-1]).first).to_be_attached()
    return next(found.first for found in (button, field, *links) if found.count())


def html_of(page: Page) -> str:
    """The page when it has arrived: a link may lead on to another address right after the first one."""
    while True:
        page.wait_for_load_state()
        try:
            return page.content()
        except Error as error:
            if "is navigating" not in error.message:
                raise


def test_the_first_five_minutes_of_the_readme(
    samples: Path, serve: Any, open_page: Callable[..., Page], press: Callable[..., Locator], tmp_path: Path
) -> None:
    """Each bold name is a control that is there and does something, each code behind it is then on the page."""
    own = shutil.copytree(samples / "api-fetch", tmp_path / "own")
    typed = {"API key": SECRET, "Folder to open": str(own)}
    told, done = steps(), list[str]()
    assert len(told) == 5
    number = re.search(r"lists (\w+) samples", told[0])
    assert number is not None
    shown = tmp_path / "samples"
    for config in (README.parent / "samples").glob("*/config.json"):  # in the copy, other tests have put more
        shutil.copytree(samples / config.parent.name, shown / config.parent.name)
    with serve(shown) as served:
        page = open_page(served)
        expect(page.locator("a.card")).to_have_count(NUMBERS[number[1]])
        for name, code in re.findall(r"\*\*(.+?)\*\*|`(.+?)`", " ".join(told).replace("`make run`", "")):
            if name in RUNS:
                expect(press(page, name)).to_have_attribute("data-state", "finished")
            elif name in typed:
                control(page, name).fill(typed[name])
            elif name:
                with page.expect_event("framenavigated"):  # to another page, or to another view of the outcome
                    control(page, name).click()
            elif code.startswith("‹"):
                expect(page.locator("#outcome .masked", has_text=code.strip("‹›")).first).to_be_visible()
            else:
                expect(page.locator("#outcome")).to_contain_text(code)
            done.append(name or code)
            assert SECRET not in html_of(page), done
        expect(page).to_have_url(f"{served.address}/integrations/own")
    assert [name for name in done if name in RUNS] == ["Run", "Run", "Run", "Poll", "Poll"]


def test_a_run_without_javascript(
    workbench: Any, open_page: Callable[..., Page], look_again: Callable[[Page], None]
) -> None:
    page = open_page(workbench, "/integrations/api-fetch/actions/call_api?new=1", scripts=False)
    page.get_by_role("button", name="Run", exact=True).click()
    look_again(page)
    expect(page.locator("#outcome")).to_contain_text("Succeeded")


def test_the_keyboard_alone_runs_an_action_and_a_reload_shows_the_same_page(
    workbench: Any, open_page: Callable[..., Page]
) -> None:
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
    outcome = page.locator("#outcome")
    expect(outcome.locator(".pill").first).to_contain_text("Succeeded")
    expect(outcome).to_have_attribute("data-state", "finished")
    parts = page.locator("#outcome > :not(.history)")  # which says how long ago each run was
    live = parts.all_inner_texts()
    page.reload()
    assert parts.all_inner_texts() == live
