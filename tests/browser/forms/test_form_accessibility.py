"""Every form by axe-core's rules, none of them left out, in the light and in the dark, in each of its states."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

HERE = "/integrations/every-kind"
RESTORE = re.compile(r"^Restore unsent draft from \d\d:\d\d$")
DRAW_ANEW = "() => { const d = document.documentElement; d.hidden = true; void d.offsetHeight; d.hidden = false; }"
DEEP: dict[str, Any] = {"name": "1", "next": {"name": "2", "next": {"name": "3"}}}
LOADED = {
    "title": "T",
    "agree": True,
    "text": "a\nb",
    "mail": "nobody",
    "order": "never",
    "address": {"street": "s", "zip": "x", "geo": {"lat": 0, "lon": 1}},
    "tags": ["a", 5, "a"],
    "people": [{"name": "Ada"}, {"age": 1}],
    "grid": [[1], []],
    "headers": {"": "x", "b": "y"},
    "anything": [None, {"a": [True]}],
    "pair": ["l", 1],
    "pictures": ["http://127.0.0.1/a"],
    "body": {"part": "p"},
    "tree": DEEP,
    "upload": {"name": "a", "contentType": "b", "content": ""},
    "undeclared": {"x": 1},
}


@pytest.fixture(scope="module")
def bench(serve: Callable[..., Any], integration: Path) -> Iterator[Any]:
    """A workbench with an echo server, so that files can be served."""
    with serve(integration, Path(__file__).parents[2] / "corpus", echo=True) as served:
        yield served


@pytest.fixture
def scripts() -> bool:
    """Axe is a script."""
    return True


def look(page: Page) -> None:
    """Fail with what axe finds in the pane, its menus shut and open, in both schemes of colours."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # a literal
        page.evaluate(DRAW_ANEW)
        for opened in (False, True):
            page.evaluate(
                "(open) => { for (const one of document.querySelectorAll('#main details'))"
                " { one.removeAttribute('name'); one.open = open; } }",
                opened,
            )
            found = Axe().run(page, context="#main").response["violations"]
            told = [
                f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]
            ]
            assert told == [], f"{page.url} in the {scheme}:\n" + "\n".join(told)
        page.evaluate("() => { for (const one of document.querySelectorAll('#main details')) one.open = false; }")


@pytest.mark.parametrize("path", ["auth", "triggers/feed", "actions/secretive?new=1", "actions/every_kind?new=1"])
def test_a_new_form(open_form: Callable[..., Any], path: str) -> None:
    look(open_form(f"{HERE}/{path}").page)


def test_raw_json(form: Any) -> None:
    form.tab("JSON")
    look(form.page)
    form.page.get_by_label("JSON", exact=True).last.fill('{"title": 1_0}')
    form.refused()
    look(form.page)


def test_loaded_with_its_nodes_open_and_refused(form: Any) -> None:
    form.write(json.dumps(LOADED))
    form.tab("Form")
    look(form.page)
    form.field("ratio").fill("1_0")
    form.press("Add property to Headers")
    form.refused()
    look(form.page)


def test_rows_of_every_kind_and_files(form: Any) -> None:
    for name in ("tags", "People", "grid", "Pictures", "pair"):
        form.press(f"Add item to {name}")
    form.press("Add property to Headers")
    form.take("Upload", "included")
    form.take("Address", "included")
    form.kind("either", "a list")
    form.kind("anything", "object")
    look(form.page)


def test_the_inputs_of_a_run(ready: Any) -> None:
    ready.run()
    ready.result()
    ready.page.reload()
    expect(ready.around("Title").locator(".origin")).to_have_text("loaded")
    look(ready.page)


def test_kept_credentials(open_form: Callable[..., Any]) -> None:
    page = open_form(f"{HERE}/auth").page
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill("secret")
    look(page)
    page.get_by_role("button", name="Save credentials", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Credentials saved in memory.")
    look(page)


@pytest.mark.parametrize(
    "name", ["missive/actions/create_draft", "coda/actions/upsert_rows", "instagram/actions/create_post"]
)
def test_real_forms(open_form: Callable[..., Any], name: str) -> None:
    look(open_form(f"/integrations/{name}?new=1").page)


def test_a_draft_is_offered_and_a_changed_schema_is_said(form: Any, integration: Path) -> None:
    form.field("note").fill("typed")
    form.page.get_by_role("link", name="Reset form").click()
    expect(form.page.get_by_role("button", name=RESTORE)).to_be_visible()
    look(form.page)
    form.field("note").fill("again")
    text = (integration / "config.json").read_text("utf-8")
    try:
        (integration / "config.json").write_text(text.replace('"note"', '"remark"'), "utf-8")
        form.field("Title").fill("T")
        expect(form.page.get_by_role("button", name="Reload form")).to_be_visible()
        look(form.page)
        form.press("Reload form")
        expect(form.page.get_by_role("alert")).to_contain_text("config.json changed")
        look(form.page)
    finally:
        (integration / "config.json").write_text(text, "utf-8")
