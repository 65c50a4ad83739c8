"""Folders from disk: opened from the page, broken, edited; all of the corpus; a real integration's config that runs."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CODE = """
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

github = Integration.load()


@github.action("create_issue")
class CreateIssue(ActionHandler):
    async def execute(self, inputs, context):
        answer = await context.fetch("{url}/test", method="POST", json=inputs)
        return ActionResult(data={{"result": True, "issue": answer.data["data"]["json"]}})
"""
TOKEN = "gho_16C7e42F292c6912E7710c838347Ae178B4a"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A folder with one good integration in it, to be copied from and edited."""
    root = tmp_path_factory.mktemp("folders")
    shutil.copytree(samples / "api-fetch", root / "first")
    return root


def test_another_folder_is_opened_and_an_edit_of_a_broken_one_shows_at_the_next_look(
    folder: Path, serve: Any, open_page: Callable[..., Page]
) -> None:
    shutil.copytree(folder / "first", folder / "my integration")
    broken = folder / "broken"
    broken.mkdir()
    text = '{\n  "name": "x"\n  "version": 1\n}'
    (broken / "config.json").write_text(text)
    with serve(folder / "first", broken) as served:
        page = open_page(served, statuses=False)
        field = page.get_by_role("combobox", name="Folder to open")
        field.fill(str(folder / "my"))
        expect(page.get_by_role("option")).to_have_text(str(folder / "my integration"))
        field.press("ArrowDown")
        field.press("Enter")
        expect(field).to_have_value(str(folder / "my integration"))
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("API fetch")
        page.get_by_role("link", name="Workbench").click()
        expect(page.locator("a.card")).to_have_count(3)
        page.get_by_role("combobox", name="Folder to open").fill(str(folder / "nothing"))
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text("nothing")
        expect(page.get_by_role("combobox", name="Folder to open")).to_have_value(str(folder / "nothing"))

        page.goto(served.address)
        expect(page.locator("a.card", has_text="broken")).to_contain_text("config.json:3:3")
        expect(page.locator("a.card", has_text="API fetch")).to_have_count(2)
        page.locator("a.card", has_text="broken").click()
        page.locator("#findings").get_by_role("link", name="config.json:3:3").click()
        expect(page.locator("li.asked-for")).to_contain_text('"version"')
        page.goto(f"{served.address}/integrations/broken/actions/go")
        expect(page.locator("#main")).to_contain_text("config.json:3:3")
        mended = {"name": "x", "version": "1", "display_name": "Mended", "actions": {"go": {}}, "entry_point": "x.py"}
        for content, notice in ((json.dumps(mended), ""), (text, "config.json:3:3"), (json.dumps(mended), "")):
            (broken / "config.json").write_text(content)  # the page follows by itself
            expect(page.locator("#config-state")).to_contain_text(re.compile(notice or r"^\s*$"))
            expect(page.locator("#request")).to_be_visible()
        page.goto(served.address)
        expect(page.locator("a.card", has_text="Mended")).to_be_visible()


@pytest.mark.exhaustive
def test_a_real_integration_runs_with_its_platform_token(
    corpus: Path, tmp_path: Path, echo_url: str, serve: Any, open_page: Callable[..., Page]
) -> None:
    shutil.copytree(corpus / "github", tmp_path / "github")
    (tmp_path / "github" / "github.py").write_text(CODE.format(url=echo_url))
    (tmp_path / "github" / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.1\n")
    with serve(tmp_path / "github") as served:
        page = open_page(served)
        page.get_by_role("link", name="GitHub").click()
        page.locator("#nav").get_by_role("link", name="Auth").click()
        page.get_by_label("Access token", exact=True).fill(TOKEN)
        page.get_by_role("button", name="Save credentials", exact=True).click()
        expect(page.get_by_label("context.auth", exact=True)).to_contain_text('"auth_type": "PlatformOauth2"')
        page.locator("#nav a[href$='/create_issue']").click()
        for label, text in (("owner", "ada"), ("repo", "engine"), ("title", "It stops")):
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_role("button", name="Run", exact=True).click()
        outcome = page.locator("#outcome")
        expect(outcome.locator(".pill").first).to_contain_text("Succeeded")
        outcome.get_by_role("tab", name="HTTP").click()
        sent = outcome.get_by_role("region", name="Request")
        expect(sent).to_contain_text("Bearer access_token")
        expect(sent).to_contain_text('"title": "It stops"')
        assert TOKEN not in page.content()
