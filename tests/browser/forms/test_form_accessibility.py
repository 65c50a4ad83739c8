"""Every form by axe-core's rules, none of them left out, in the light and in the dark, in each of its states."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

HERE = "/integrations/every-kind"
Look = Callable[..., None]
RESTORE = re.compile(r"^Restore unsent draft from \d\d:\d\d$")
DEEP: dict[str, Any] = {"name": "1"}
for _name in "23456":
    DEEP = {"name": _name, "next": DEEP}
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
    "mixed": None,
    "either": [1],
    "tree": DEEP,
    "upload": {"name": "a", "contentType": "b", "content": ""},
    "undeclared": {"x": 1},
}


@pytest.fixture
def scripts() -> bool:
    """Axe is a script."""
    return True


AROUND = "#request > :not(#editor), #editor > :not(.form)"
UNTIED = """() => {
  const untied = [];
  const shown = [...document.querySelectorAll(".form :is(input:not([type=hidden]), select, textarea)")];
  for (const control of shown) {
    const labels = [...(control.labels ?? [])].map((label) => label.textContent);
    const name = control.getAttribute("aria-label") || labels.join("");
    if (!name.trim()) untied.push(`no name: ${control.outerHTML}`);
    for (const id of (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean)) {
      if (!document.getElementById(id)) untied.push(`no ${id}: ${control.outerHTML}`);
    }
  }
  for (const error of document.querySelectorAll(".form .error[id]")) {
    const tied = shown.some((control) => control.getAttribute("aria-describedby")?.split(" ").includes(error.id));
    if (!tied && !error.parentElement.matches(".form-root")) untied.push(`untied: ${error.outerHTML}`);
  }
  for (const group of document.querySelectorAll(".form fieldset")) {
    if (!group.querySelector(":scope > legend")?.textContent.trim()) untied.push(`no legend: ${group.id}`);
  }
  return untied;
}"""
OPEN = """(open) => {
  const kinds = new Set();
  for (const menu of document.querySelectorAll("#main details")) {
    const kind = [menu, ...menu.querySelectorAll("*")].map((one) => one.tagName + one.className).join();
    menu.removeAttribute("name");
    menu.open = open && !kinds.has(kind);
    kinds.add(kind);
  }
  return kinds.size;
}"""


@pytest.fixture
def look(axe: Callable[..., None]) -> Callable[..., None]:
    """Fails with what axe finds in the pane, and with a nameless control; with ``menus`` again with some open.

    With a ``part``, that alone is looked at: where a form like it has been looked at before.
    """

    def look_at(page: Page, part: str = "#main", *, menus: bool = False) -> None:
        page.evaluate(OPEN, False)
        axe(page, part, within=part)
        if menus:
            assert page.evaluate(OPEN, True)
            axe(page, "#main details[open]", within="#main details[open]")
            page.evaluate(OPEN, False)
        assert page.evaluate(UNTIED) == []

    return look_at


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", ["actions/every_kind?new=1", "triggers/feed", "actions/secretive?new=1"])
def test_a_new_form(look: Look, open_form: Callable[..., Any], path: str) -> None:
    look(open_form(f"{HERE}/{path}").page, menus=True)


def test_platform_auth(axe: Callable[..., None], open_form: Callable[..., Any]) -> None:
    page = open_form("/integrations/zoom/auth").page
    expect(page.get_by_role("main")).to_contain_text("calendar:write:event")
    axe(page)


@pytest.mark.parametrize("action", ["some_kinds"])
def test_raw_json(look: Look, form: Any) -> None:
    form.tab("JSON")
    form.fill_json('{"title": 1_0}')
    form.refused()
    look(form.page)


def test_loaded_with_its_nodes_open_and_refused(look: Look, form: Any) -> None:
    form.write(json.dumps(LOADED))
    form.tab("Form")
    form.field("ratio").fill("1_0")
    form.press("Add property to Headers")
    form.refused()
    look(form.page, menus=True)


@pytest.mark.exhaustive
def test_rows_of_every_kind_and_files(look: Look, form: Any) -> None:
    for name in ("tags", "People", "grid", "Pictures", "pair"):
        form.press(f"Add item to {name}")
    form.press("Add property to Headers")
    form.take("Upload", "send")
    form.take("Address", "send")
    form.kind("either", "a list")
    form.kind("anything", "object")
    look(form.page, menus=True)


@pytest.mark.exhaustive
def test_the_inputs_of_a_run(look: Look, ready: Any) -> None:
    ready.run()
    ready.result()
    ready.page.reload()
    expect(ready.around("Title").locator(".origin")).to_have_text("loaded")
    look(ready.page)


def test_new_and_kept_credentials(look: Look, open_form: Callable[..., Any]) -> None:
    page = open_form(f"{HERE}/auth").page
    look(page, menus=True)
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill("secret")
    page.get_by_role("button", name="Save credentials", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Credentials saved.")
    look(page)
    page.get_by_role("button", name="Discard credentials").click()
    expect(page.get_by_label("User name")).to_have_value("")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name", ["missive/actions/create_draft", "coda/actions/upsert_rows", "instagram/actions/create_post"]
)
def test_real_forms(look: Look, open_form: Callable[..., Any], name: str) -> None:
    look(open_form(f"/integrations/{name}?new=1").page)


@pytest.mark.parametrize("action", ["some_kinds"])
def test_a_draft_is_offered_and_a_changed_schema_is_said(look: Look, form: Any, integration: Path) -> None:
    form.field("note").fill("typed")
    form.page.get_by_role("link", name="Reset form").click()
    expect(form.page.get_by_role("button", name=RESTORE)).to_be_visible()
    look(form.page, AROUND)
    form.field("note").fill("again")
    text = (integration / "config.json").read_text("utf-8")
    try:
        (integration / "config.json").write_text(text.replace('"note"', '"remark"'), "utf-8")
        form.field("Title").fill("T")
        expect(form.page.get_by_role("button", name="Reload form")).to_be_visible()
        look(form.page, AROUND)
        form.press("Reload form")
        expect(form.page.get_by_role("alert")).to_contain_text("config.json changed")
        look(form.page, AROUND)
    finally:
        (integration / "config.json").write_text(text, "utf-8")
