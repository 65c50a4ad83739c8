"""Edits as htmx sees them: one node comes back, and only its own button's operation happens."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench import forms

type Open = Callable[..., Any]

SCHEMA = {
    "type": "object",
    "properties": {
        "a": {"type": "string"},
        "l": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "file": {"type": "object", "format": "file"},
    },
}


def test_buttons_post_the_form_and_swap_their_own_node(page: Callable[[str], Any]) -> None:
    opened = page(forms.open_form(SCHEMA, {"l": [{}]}, edit_url="/edit?x=1").markup)
    for button in opened.soup.select("button[name]"):
        assert button["hx-post"] == button["formaction"] == "/edit?x=1"
        assert button["hx-swap"] == "outerMorph"
        assert opened.soup.find(id=button["hx-target"][1:]) is not None
        assert button["name"] == "inputs.op"


def test_without_addresses_there_is_no_htmx(page: Callable[[str], Any]) -> None:
    assert "hx-" not in forms.open_form(SCHEMA, {"l": [{}]}).markup


def test_the_form_posts_itself_for_a_preview(page: Callable[[str], Any]) -> None:
    form = page(forms.open_form(SCHEMA, preview_url="/preview").markup).soup.find(id="inputs-form")
    assert (form["hx-post"], form["hx-target"], form["hx-sync"]) == ("/preview", "#inputs-payload", "this:replace")


def test_an_edit_returns_the_one_node_that_changed(page: Callable[[str], Any]) -> None:
    opened = page(forms.open_form(SCHEMA, {"a": "x"}, edit_url="/edit").markup)
    button = opened.button("Add item to l")
    edit = forms.edit(SCHEMA, opened.pairs(button), edit_url="/edit")
    assert f"#{edit.node_id}" == button["hx-target"]
    node = page(edit.node_markup).soup
    assert [one.get("id") for one in node.find_all(recursive=False)] == [edit.node_id]
    assert edit.node_markup.strip() in edit.markup
    opened.soup.find(id=edit.node_id).replace_with(node)
    opened.fill("n", "5")
    assert forms.read(SCHEMA, opened.pairs()).value == {"a": "x", "l": [{"n": 5}]}


def test_an_edit_of_the_whole_form_returns_all_of_it(page: Callable[[str], Any]) -> None:
    edit = forms.edit(SCHEMA, [("inputs.op", forms.AS_JSON)])
    assert edit.node_id == "inputs-form"
    assert edit.node_markup == edit.markup


@each_case(
    "op",
    [
        "",
        "add",
        "add:root",
        "remove:root:9",
        "nonsense:root",
        "up:root:x",
        "open:root",
        "form:root",
        "add:n123:",
        "branch:root",
        "::",
    ],
)
def test_an_operation_without_meaning_changes_nothing(session: Open, op: str) -> None:
    form = session(SCHEMA, {"a": "x"})
    edit = forms.edit(SCHEMA, [*form.page.pairs(), ("inputs.op", op)])
    assert edit.reading.value == {"a": "x"}


def test_enter_in_a_field_presses_no_button_of_the_form(page: Callable[[str], Any]) -> None:
    first = page(forms.open_form(SCHEMA, {"l": [{}]}).markup).soup.find("button")
    assert first.get("name") is None


def test_a_file_without_scripts_is_read_from_what_the_browser_posts(session: Open) -> None:
    form = session(SCHEMA)
    picker = form.page.soup.select("input[type=file]")[0]
    pairs = [pair for pair in form.page.pairs() if pair[0] != picker["name"]]
    pairs.append(forms.file_part(picker["name"], "a.txt", "text/plain", b"\x00hi"))
    assert forms.read(SCHEMA, pairs).value == {
        "file": {"name": "a.txt", "contentType": "text/plain", "content": "AGhp"}
    }


def test_the_file_picker_names_the_fields_that_a_script_fills(session: Open) -> None:
    page = session(SCHEMA).page
    fields = page.soup.select("input[type=file]")[0]["data-file"].split()
    assert fields == [page.control(label)["id"] for label in ("name", "contentType", "content")]


def test_file_members_keep_what_else_was_loaded(session: Open) -> None:
    value = {"file": {"content": "AA==", "extra": 1, "name": "x"}}
    assert session(SCHEMA, value).json == json.dumps(value)


def test_what_the_form_posts_is_bounded() -> None:
    pairs = [(f"inputs.x{n}", "") for n in range(forms.MAX_PARTS + 1)]
    reading = forms.read(SCHEMA, pairs)
    assert reading.value is forms.ABSENT
    assert "more than" in reading.errors[0].message
    assert "more than" in forms.edit(SCHEMA, pairs).markup


def test_an_edit_that_would_make_too_many_parts_is_refused_and_nothing_is_lost(
    session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.forms.form_edit.MAX_PARTS", 40)
    form = session({"type": "array", "items": {"type": "string"}}, ["x"] * 12)
    form.press("Add item to Value").page.fill("Item 13", "last")
    form.press("Add item to Value")
    assert "Edit the value as JSON instead" in form.page.text()
    assert form.json == json.dumps(["x"] * 12 + ["last"])


def test_a_value_that_is_too_long_for_a_form_is_json(session: Open) -> None:
    value = {f"k{n}": n for n in range(5000)}
    form = session({"type": "object"}, value)
    assert form.json == json.dumps(value)
    assert "more in it than one page of form can carry" in form.page.text()


def test_a_schema_that_was_edited_meanwhile_moves_no_text_into_another_field(page: Callable[[str], Any]) -> None:
    inner = {"type": "object", "properties": {"d": {"type": "string"}}}
    old = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": inner}}
    pairs = page(forms.open_form(old, {"a": "1", "b": "2", "c": {"d": "3"}}).markup).pairs()
    assert forms.read(old, pairs).errors == ()
    new = {"type": "object", "properties": {"z": {"type": "string"}, "b": {"type": "string"}, "a": {"type": "string"}}}
    reading = forms.read(new, pairs)
    assert reading.value == {"b": "2", "a": "1"}
    assert reading.errors == ()
    edit = forms.edit(new, pairs)
    assert "The schema changed" in edit.markup
    assert forms.read(new, page(edit.markup).pairs()).errors == ()


def test_a_closed_object_opens_with_what_it_holds(session: Open) -> None:
    value: Any = {"leaf": "x", "n": [1.0]}
    for _ in range(14):
        value = {"in": value}
    form = session({"type": "object"}, value)
    assert form.json == json.dumps(value)
    for _ in range(2):
        assert form.press("Open in").json == json.dumps(value)
    assert form.page.control("leaf")["value"] == "x"
