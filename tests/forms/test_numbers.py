"""Numbers follow JSON's own grammar; what is no number stays as it was typed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.forms.jsontext import number

SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "number"}, "l": {"type": "array", "items": {"type": "integer"}}},
}


@each_case("text", ["0", "-0", "1", "1.0", "-0.0", "1e5", "1E+2", "9007199254740993", "1" * 400, "5e-324", "0.1"])
def test_what_json_calls_a_number_is_read_exactly(session: Callable[..., Any], text: str) -> None:
    form = session(SCHEMA)
    form.page.fill("n", text)
    assert form.json == json.dumps({"n": json.loads(text)})


@each_case(
    ("text", "advice"),
    [
        ("1_000", "Write 1000."),
        ("1,000", "Write 1000."),
        ("1 000", "Write 1000."),
        ("１２", "Write 12."),
        ("٣", "Write 3."),
        ("+5", "Write 5."),
        (".5", "Write 0.5."),
        ("5.", "Write 5."),
        ("007", "Write 7."),
        ("1,5", "Write 1.5."),
        ("nan", "Write digits"),
        ("NaN", "Write digits"),
        ("Infinity", "Write digits"),
        ("0x10", "Write digits"),
        ("1e999", "larger than"),
        ("9" * 5000, "more digits"),
        ("true", "Write digits"),
        ("1 2 x", "Write digits"),
        ("²", "Write digits"),
    ],
)
def test_what_is_no_number_stays_as_typed_and_is_an_error(session: Callable[..., Any], text: str, advice: str) -> None:
    form = session(SCHEMA)
    form.page.fill("n", text)
    reading = form.read()
    assert reading.value == {}
    (error,) = reading.errors
    assert (error.pointer, error.text) == ("/n", text)
    assert advice in error.message
    form.press("Add item to l")
    assert form.page.control("n")["value"] == text, "the text is still there after an edit"
    assert form.page.control("n")["aria-invalid"] == "true"
    assert advice in form.page.text()


def test_spaces_around_a_number_are_json_s_own() -> None:
    assert number(" 5\t") == 5
    with pytest.raises(ValueError, match="not a number"):
        number("\u00a05")
