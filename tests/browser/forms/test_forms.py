"""Forms as a person uses them, with scripts and without: what the run's result shows is exactly what was typed."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LEAST = {"title": "T", "agree": False}
sent_alike = pytest.mark.exhaustive
"""Of these ``tests/web/run_form/test_without_scripts.py`` sends the same fields, and the server decides."""


@sent_alike
def test_a_new_form_sends_its_defaults_and_nothing_else(form: Any) -> None:
    form.field("Title").fill("T")
    form.take("Agreed", "true")
    assert form.sent() == {"title": "T", "text": "one\ntwo", "greeting": "hello", "count": 20, "agree": True}


@sent_alike
def test_text_is_typed_cleared_sent_empty_and_null(ready: Any) -> None:
    ready.field("Title").fill('  "é" <b> ')
    ready.blank("note", 'send ""')
    ready.blank("Greeting", "send null")
    ready.field("Long text").fill("\n a\n\nb \n")
    assert ready.sent() == LEAST | {
        "title": '  "é" <b> ',
        "note": "",
        "greeting": None,
        "text": "\n a\n\nb \n",
    }
    expect(ready.field("count")).to_have_value("")  # a default that was cleared stays cleared
    ready.page.reload()
    expect(ready.field("count")).to_have_value("")


@sent_alike
def test_numbers_are_exact_and_what_is_none_stays_as_typed(ready: Any) -> None:
    ready.field("count").fill("9007199254740993")
    ready.field("ratio").fill("1_0")
    expect(ready.refused()).to_contain_text("ratio")
    expect(ready.field("ratio")).to_have_value("1_0")
    expect(ready.field("ratio")).to_have_attribute("aria-invalid", "true")
    ready.field("ratio").fill("1.0")
    ready.run()
    assert re.search(r'"count":\s*9007199254740993\b', text := ready.result())
    assert re.search(r'"ratio":\s*1\.0\b', text)


@sent_alike
def test_options_dates_and_formats(ready: Any) -> None:
    ready.take("verbose", "false")
    ready.field("Order").select_option("null")
    ready.field("mark").select_option("v1")
    ready.field("day").fill("2026-11-01")
    ready.field("moment").fill("2026-11-01T09:30:00+13:00")
    ready.field("mail").fill("nobody")
    ready.field("link").fill("https://example.com/?a=1&b=2")
    ready.field("Picture").fill("https://example.com/p.png")
    assert ready.sent() == LEAST | {
        "verbose": False,
        "order": None,
        "mark": "v1",
        "day": "2026-11-01",
        "moment": "2026-11-01T09:30:00+13:00",
        "mail": "nobody",
        "link": "https://example.com/?a=1&b=2",
        "picture": "https://example.com/p.png",
    }
    expect(ready.around("mail")).to_contain_text("This is not a valid email")


def test_an_object_is_sent_only_when_it_is_included(ready: Any) -> None:
    expect(ready.field("street")).to_be_hidden()
    ready.take("Address", "send")
    ready.field("street").fill("High Street")
    ready.take("geo", "send")
    ready.field("lat").fill("-0.5")
    ready.field("lon").fill("1e3")
    ready.take("Tree", "send")
    ready.group("Tree").first.get_by_label("name", exact=True).fill("root")
    for option in ("omit", "send"):
        ready.take("geo", option)
        ready.take("Tree", option)
    expect(ready.field("lat")).to_have_value("-0.5")
    ready.take("Tree", "omit")
    ready.field("street").press("Enter")  # runs it, from any field of one line
    assert ready.received() == LEAST | {"address": {"street": "High Street", "geo": {"lat": -0.5, "lon": 1000.0}}}


@sent_alike
def test_rows_are_added_moved_duplicated_and_removed(ready: Any) -> None:
    for number, text in enumerate(("one", "two", "three"), 1):
        ready.press("Add item to tags")
        ready.field(f"Item {number}").fill(text)
    ready.press("Move up Item 3 of tags")
    ready.press("Remove Item 1 of tags")
    ready.press("Add item to People")
    ready.field("name").fill("Ada")
    ready.field("age").fill("36")
    ready.press("Duplicate Item 1 of People")
    ready.field("age", 1).fill("")
    ready.press("Add item to grid")
    ready.press("Add item to Item 1")
    ready.group("Item 1").last.get_by_label("Item 1", exact=True).fill("1.5")
    assert ready.sent() == LEAST | {
        "tags": ["three", "two"],
        "people": [{"name": "Ada", "age": 36}, {"name": "Ada"}],
        "grid": [[1.5]],
    }


@sent_alike
def test_a_name_that_is_blank_or_given_twice_is_an_error_and_no_loss(ready: Any) -> None:
    for value in ("first", "second", "third"):
        ready.press("Add property to Headers")
        number = {"first": 1, "second": 2, "third": 3}[value]
        ready.field(f"Value {number}").fill(value)
    names = ready.group("Headers").locator(".row-key .input")
    names.nth(0).fill("a.b")
    names.nth(1).fill("a.b")
    expect(ready.refused().get_by_role("listitem")).not_to_have_count(0)
    expect(names.nth(1)).to_have_value("a.b")
    expect(ready.group("Headers").locator(".error")).not_to_have_count(0)
    names.nth(1).fill("c")
    ready.group("Headers").get_by_label("If the name is empty").nth(2).select_option('named ""')
    assert ready.sent()["headers"] == {"a.b": "first", "c": "second", "": "third"}


@sent_alike
def test_a_value_of_any_kind_nests(ready: Any) -> None:
    ready.kind("anything", "object")
    ready.press("Add property to anything")
    ready.group("anything").locator(".row-key .input").first.fill("key")
    ready.group("anything").first.get_by_label("Value 1", exact=True).last.fill("v")
    ready.press("Add item to pair")
    ready.press("Add item to pair")
    ready.group("pair").locator("input.input").nth(0).fill("left")
    ready.group("pair").locator("input.input").nth(1).fill("2")
    assert ready.sent() == LEAST | {"anything": {"key": "v"}, "pair": ["left", 2]}


@sent_alike
def test_each_branch_keeps_its_draft(ready: Any) -> None:
    ready.group("Body").get_by_label("Body").last.fill("some words")
    ready.kind("Body", "parts")
    ready.field("part").fill("a part")
    ready.kind("Body", "words")
    expect(ready.group("Body").get_by_label("Body").last).to_have_value("some words")
    ready.kind("Body", "parts")
    expect(ready.field("part")).to_have_value("a part")
    ready.kind("mixed", "null")
    assert ready.sent() == LEAST | {"body": {"part": "a part"}, "mixed": None}


@sent_alike
def test_recursion_opens_step_by_step_and_a_condition_adds_a_field(ready: Any) -> None:
    ready.take("Tree", "send")
    ready.group("Tree").first.get_by_label("name", exact=True).fill("root")
    ready.press("Include next")
    ready.group("next").first.get_by_label("name", exact=True).fill("leaf")
    ready.take("verbose", "true")
    ready.field("Reason").fill("because")
    assert ready.sent() == LEAST | {
        "verbose": True,
        "tree": {"name": "root", "next": {"name": "leaf"}},
        "reason": "because",
    }


def test_one_field_as_json_and_back(ready: Any) -> None:
    ready.press("Add item to tags")
    ready.field("Item 1").fill("one")
    ready.menu("tags", "Edit as JSON")
    text = ready.field("tags")
    assert json.loads(text.input_value()) == ["one"]
    ready.fill_json('["one",\n "two" "three"]')
    ready.menu("tags", "Back to the form")
    expect(text).to_have_value('["one",\n "two" "three"]')
    expect(ready.refused()).to_contain_text("Line 2, column 8")
    ready.fill_json("[NaN]")
    expect(ready.refused()).to_contain_text("NaN")
    expect(ready.field("tags")).to_have_value("[NaN]")
    ready.fill_json('["three", "four"]')
    ready.menu("tags", "Back to the form")
    expect(ready.field("Item 2")).to_have_value("four")
    assert ready.sent() == LEAST | {"tags": ["three", "four"]}


@sent_alike
def test_all_of_it_as_json_and_back(form: Any) -> None:
    text = '{"zz": {"b": [1, 1.0, null]}, "title": "T", "agree": true, "count": 9007199254740993, "tags": "no list"}'
    form.write(text)
    form.tab("Form")
    expect(form.field("Title")).to_have_value("T")
    expect(form.around("tags")).to_contain_text('Must be an array, but is the string "no list".')
    assert json.dumps(json.loads(form.text())) == text
    form.fill_json('{"title": "T",\n}')
    form.tab("Form")
    expect(form.page.locator("#inputs-form textarea")).to_have_value('{"title": "T",\n}')
    expect(form.refused()).to_contain_text("Line 1, column 14")
    form.fill_json('{"title": "T", "agree": true, "own": [1]}')
    assert form.sent() == {"title": "T", "agree": True, "own": [1]}


@sent_alike
def test_a_file_is_sent_as_its_name_type_and_content(ready: Any) -> None:
    ready.take("Upload", "send")
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"\x00hi\n"}
    ready.group("Upload").locator("input[type=file]").set_input_files(file)
    if ready.scripts:
        expect(ready.field("content")).to_have_value("AGhpCg==")
    assert ready.sent() == LEAST | {"upload": {"name": "a.txt", "contentType": "text/plain", "content": "AGhpCg=="}}


@pytest.mark.parametrize(
    "scripts",
    [pytest.param(True, marks=pytest.mark.exhaustive), False],
    ids=["scripts", "no scripts"],
    indirect=True,
)  # what a browser does by itself: submit
def test_enter_in_a_field_runs_it(ready: Any) -> None:
    ready.press("Add item to tags")
    ready.field("Item 1").fill("one")
    ready.page.keyboard.press("Enter")
    assert ready.received() == LEAST | {"tags": ["one"]}


def test_what_is_required_is_said_at_its_field(form: Any, scripts: bool) -> None:
    form.run()
    if not scripts:
        form.look_again(form.page)
    summary = form.page.locator("#inputs-errors")
    expect(summary).to_contain_text("Title")
    summary.get_by_role("link", name="Title").click()
    expect(form.field("Title")).to_be_focused()
    expect(form.field("Title")).to_have_attribute("aria-invalid", "true")
    error = form.field("Title").get_attribute("aria-describedby") or ""
    assert any("Is required, but is missing." in form.page.locator(f"#{one}").inner_text() for one in error.split())
