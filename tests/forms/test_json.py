"""The form and its JSON text: switching either way loses nothing, and JSON is read strictly."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench import forms
from workbench.jsondoc.strict import JsonError, loads

type Open = Callable[..., Any]

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "n": {"type": "integer"}, "o": {"type": "object", "properties": {"b": {}}}},
}


def test_the_whole_form_becomes_json_and_a_form_again(session: Open) -> None:
    value = {"zz": [1.0], "n": 9007199254740993, "a": " x\n"}
    form = session(SCHEMA, value).press("Edit as JSON")
    assert form.page.soup.find("textarea").get_text().strip().startswith('{\n  "zz"')
    assert form.json == '{"zz": [1.0], "n": 9007199254740993, "a": " x\\n"}'
    assert form.press("Edit as form").json == '{"zz": [1.0], "n": 9007199254740993, "a": " x\\n"}'


def test_what_json_cannot_say_is_kept_behind_it(session: Open) -> None:
    form = session(SCHEMA, {"a": "x"})
    form.page.fill("n", "1_000")
    form.press("Edit as JSON")
    assert form.json == '{"a": "x"}'
    form.press("Edit as form")
    assert form.page.control("n")["value"] == "1_000"


def test_json_that_was_changed_becomes_the_form(session: Open) -> None:
    form = session(SCHEMA, {"a": "x"}).press("Edit as JSON")
    form.page.fill("JSON", '{"n": 5,\n "new": [1e2]}')
    form.press("Edit as form")
    assert form.page.control("n")["value"] == "5"
    assert form.json == '{"n": 5, "new": [100.0]}'


def test_json_that_does_not_parse_keeps_its_text_and_says_where(session: Open) -> None:
    form = session(SCHEMA).press("Edit as JSON")
    text = '{\n  "a": "x",\n  "n": }'
    form.page.fill("JSON", text)
    reading = form.read()
    assert reading.value is forms.ABSENT
    assert "Line 3, column 8" in reading.errors[0].message
    assert reading.errors[0].text == text
    form.press("Edit as form")
    assert form.page.control("JSON").get_text() == f"\n{text}", "it is still JSON, with the text as it was"
    assert "Line 3, column 8" in form.page.text()


@each_case(
    ("text", "line", "column", "words"),
    [
        ('{"a": NaN}', 1, 7, "NaN"),
        ("[1,\n -Infinity]", 2, 2, "-Infinity"),
        ('{"a": 1,\n "b": {"c": 1, "c": 2}}', 2, 16, "duplicate key"),
        ('{"a": [{"x": 1}, {"x": 2}], "\\u0061": 3}', 1, 29, "duplicate key"),
        ('{"NaN": 1, "b": 1e999}', 1, 17, "larger than"),
        ("", 1, 1, "expecting value"),
        ("{'a': 1}", 1, 2, "double quotes"),
        ('"a\nb"', 1, 3, "control character"),
        ("[1, 2,]", 1, 6, "trailing comma"),
        ("1 2", 1, 3, "extra data"),
        ("[" * 100000, 1, 1, "nested too deeply"),
        ("9" * 5000, 1, 1, "more digits"),
    ],
)
def test_json_is_refused_with_its_place(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(JsonError) as error:
        loads(text)
    assert words in str(error.value).lower() or words in str(error.value)
    assert (error.value.line, error.value.column) == (line, column)


def test_a_single_node_is_edited_as_json_and_back(session: Open) -> None:
    form = session(SCHEMA, {"o": {"b": 1}, "a": "x"}).press("Edit as JSON o")
    form.page.fill("o", '{"b": [true]}')
    assert form.json == '{"o": {"b": [true]}, "a": "x"}'
    form.press("Back to the form o")
    assert form.json == '{"o": {"b": [true]}, "a": "x"}'
    assert form.page.group("o").find(class_="switch") is not None


def test_a_blank_node_as_json_is_absent_and_any_json_can_be_sent_on_purpose(session: Open) -> None:
    form = session(SCHEMA).press("Edit as JSON n")
    assert form.json == "{}"
    form.page.fill("n", '"wrong on purpose"')
    assert form.json == '{"n": "wrong on purpose"}'
    assert 'Must be an integer, but is the string "wrong on purpose".' in form.press("Edit as JSON a").page.text()


def test_several_lines_can_be_written_in_any_text(session: Open) -> None:
    form = session(SCHEMA).press("Write several lines a")
    form.page.fill("a", "one\n\ntwo\n")
    assert form.json == '{"a": "one\\n\\ntwo\\n"}'


def test_reset_brings_the_defaults_back(page: Callable[[str], Any]) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "default": "d"}}}
    opened = page(forms.open_form(schema, {"a": "x"}).markup)
    edit = forms.edit(schema, [*opened.pairs(), ("inputs.op", forms.RESET)])
    assert edit.reading.value == {"a": "d"}


def test_the_value_as_python() -> None:
    value = {"a": [1, None, True], "b": {}, "c": "it's"}
    text = forms.python_text(value)
    assert eval(text) == value
    assert "    'a': [\n        1,\n        None," in text
