"""Examples into blank fields: valid, required first, never over what was typed; what has none is named."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench import forms
from workbench.domain import ABSENT, JSON
from workbench.schema import diagnose
from workbench.schema.pattern_text import text_for
from workbench.schema.patterns import matches

type Open = Callable[..., Any]
type Named = list[tuple[str, JSON]]
type Submit = Callable[..., list[tuple[str, str]]]

TEXT: JSON = {"type": "string"}


def fill(form: Any) -> JSON:
    """The value after the button was pressed."""
    form.press("Fill with examples")
    value = form.read().value
    assert value is not ABSENT
    return value


def form_of(session: Open, schema: JSON, *, required: bool = True, value: Any = ABSENT) -> Any:
    whole: JSON = {"type": "object", "properties": {"x": schema}, **({"required": ["x"]} if required else {})}
    return session(whole) if value is ABSENT else session(whole, value)


def test_every_action_of_the_corpus_is_filled_with_a_valid_value(
    corpus_inputs: Named, spread: Callable[[Named], Named], submit: Submit
) -> None:
    for name, schema in spread(corpus_inputs):
        blank = submit(forms.open_form(schema).markup)
        made = forms.edit(schema, [*blank, ("inputs.op", forms.FILL)])
        reading = forms.read(schema, submit(made.markup))
        assert reading.errors == (), name
        assert diagnose(schema, reading.value).valid, name
        required = set(schema.get("required", ())) if isinstance(schema, dict) else set()
        assert required <= set(reading.value), name  # type: ignore[arg-type]


@each_case(
    ("schema", "wanted"),
    [
        ({"type": "string", "examples": ["a", "b"]}, "a"),
        ({"type": "string", "examples": [5], "default": "d"}, "d"),
        ({"enum": ["p", "q"]}, "p"),
        ({"const": 7}, 7),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"type": "string", "minLength": 12}, "Exampleeeeee"),
        ({"type": "string", "maxLength": 3}, "Exa"),
        ({"type": "string", "format": "date"}, "2026-01-15"),
        ({"type": "string", "format": "uuid"}, "123e4567-e89b-12d3-a456-426614174000"),
        ({"type": "string", "format": "email", "maxLength": 3}, "Exa"),
        ({"type": "string", "pattern": "^[A-Z]{3}-\\d+$"}, "AAA-0"),
        ({"type": "string", "pattern": "^\\w+$", "minLength": 5}, "aaaaa"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 10, "multipleOf": 7}, 14),
        ({"type": "integer", "exclusiveMaximum": 0}, -1),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True}, [1, 2, 3]),
        ({"type": "array", "items": [TEXT, {"type": "integer"}], "additionalItems": False}, ["Example", 1]),
        ({"type": "object", "properties": {"a": TEXT, "b": TEXT}, "required": ["a"]}, {"a": "Example"}),
        ({"type": "object", "required": ["k"], "additionalProperties": {"type": "integer"}}, {"k": 1}),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
            {"example1": 1, "example2": 1},
        ),
        ({"oneOf": [{"type": "integer", "minimum": 5, "maximum": 1}, {"type": "string"}]}, "Example"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 1),
        ({"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b"]}, "minItems": 2}, ["a", "b"]),
    ],
)
def test_a_required_property_gets_a_valid_value(schema: JSON, wanted: JSON, session: Open) -> None:
    value = fill(form_of(session, schema))
    assert json.dumps(value) == json.dumps({"x": wanted})
    assert diagnose(schema, wanted).valid


def test_a_file_gets_all_of_its_members(session: Open) -> None:
    value = fill(form_of(session, {"type": "object", "format": "file"}))
    assert value == {"x": {"name": "example.txt", "contentType": "text/plain", "content": "RXhhbXBsZQ=="}}


@pytest.mark.parametrize(
    ("schema", "sent"), [(TEXT, {}), ({**TEXT, "examples": ["e"]}, {"x": "e"}), ({**TEXT, "default": 5}, {})]
)
def test_an_optional_property_is_filled_where_the_schema_has_an_example(
    schema: JSON, sent: JSON, session: Open
) -> None:  # type: ignore[misc]
    assert fill(form_of(session, schema, required=False)) == sent


def test_nothing_that_was_typed_loaded_or_chosen_is_changed(session: Open) -> None:
    properties: JSON = {name: {**TEXT, "examples": ["e"]} for name in ("typed", "empty", "blank")}
    schema: JSON = {
        "type": "object",
        "properties": {
            **properties,  # type: ignore[dict-item]
            "number": {"type": "integer", "examples": [5]},
            "list": {"type": "array", "items": TEXT, "examples": [["e"]]},
            "maybe": {"type": ["object", "null"], "examples": [{"a": 1}]},
        },
        "required": ["typed", "blank"],
    }
    form = session(schema, {"empty": "", "list": ["x"], "maybe": None, "other": 1})
    form.page.fill("typed", "mine").fill("number", "not a number yet")
    form.press("Fill with examples")
    assert form.page.control("number")["value"] == "not a number yet"
    assert form.read().value == {"typed": "mine", "empty": "", "blank": "e", "list": ["x"], "maybe": None, "other": 1}
    assert "Blank fields were filled in with examples. Check them before you run." in form.page.text()


def test_what_a_branch_or_a_condition_requires_is_filled_too(session: Open) -> None:
    schema: JSON = {
        "type": "object",
        "properties": {"a": TEXT, "b": TEXT, "kind": {"enum": ["x"]}},
        "required": ["kind"],
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        "if": {"properties": {"kind": {"const": "x"}}},
        "then": {"required": ["z"], "properties": {"z": {"type": "integer"}}},
    }
    value = fill(session(schema))
    assert value == {"a": "Example", "kind": "x", "z": 1}


def test_a_secret_is_left_blank_and_named(session: Open) -> None:
    form = form_of(session, {**TEXT, "format": "password", "label": "Key"})  # type: ignore[dict-item]
    assert fill(form) == {}
    assert [line.get_text() for line in form.page.soup.select(".errors li")] == ["Key: Is required, but is missing."]


def test_it_is_said_where_there_is_nothing_to_fill_in(session: Open) -> None:
    form = form_of(session, TEXT, required=False)
    fill(form)
    assert "No field was filled in" in form.page.text()
    assert "Blank fields" not in form.page.text()


@pytest.mark.parametrize(
    ("pattern", "shortest"),
    [("^https?://.+$", 0), ("^(a|b)c?$", 0), ("^[^a-z]+$", 4), (r"^\+?[1-9]\d{1,14}$", 0), ("x", 3), (r"^\S{40}$", 0)],
)
def test_a_simple_pattern_has_a_text(pattern: str, shortest: int) -> None:
    text = text_for(pattern, shortest)
    assert text is not None
    assert matches(pattern, text)
    assert len(text) >= shortest


HOSTILE: list[JSON] = [
    {"type": "integer", "multipleOf": 5e-324},
    {"type": "integer", "minimum": 10**400},
    {"type": "number", "multipleOf": -1, "minimum": 1e308},
    {"type": "string", "minLength": 10**12},
    {"type": "string", "pattern": "^" + "(" * 9 + "a" + "{200})" * 9 + "$"},
    {"type": "array", "minItems": 10**12, "items": {"type": "integer"}},
    {"type": "object", "minProperties": 10**12},
    {"$ref": "#/definitions/endless"},
    {"$ref": "#/definitions/d0"},
]


@each_case("schema", HOSTILE)
def test_a_schema_without_a_value_in_reach_is_left_blank_soon(schema: JSON, session: Open) -> None:
    endless: JSON = {"type": "object", "properties": {"n": {"$ref": "#/definitions/endless"}}, "required": ["n"]}
    tens: dict[str, JSON] = {f"d{n}": {"anyOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 10} for n in range(12)}
    definitions: JSON = {"endless": endless, **tens, "d12": False}
    form = session({"type": "object", "properties": {"x": schema}, "required": ["x"], "definitions": definitions})
    assert fill(form) in ({}, {"x": 1}, {"x": {}}, {"x": {"n": {}}})


@pytest.mark.parametrize("pattern", ["(", r"^(a)\1$", "^(?=b)a$", "^$", 5 * "(a{1,9}){1,9}"])
def test_another_pattern_has_none_or_a_text_that_it_matches(pattern: str) -> None:
    text = text_for(pattern, 1, 20)
    assert text is None or matches(pattern, text)
