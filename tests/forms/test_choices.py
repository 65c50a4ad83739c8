"""Branches: the one that a value belongs to is shown, the others keep their drafts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from workbench import forms

type Open = Callable[..., Any]

EITHER = {
    "type": "object",
    "properties": {
        "x": {
            "description": "Either of them",
            "oneOf": [
                {"type": "string", "title": "A word"},
                {"type": "object", "title": "A pair", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"type": "array", "title": "A list", "items": {"type": "string"}},
            ],
        }
    },
}


def kind(form: Any) -> str:
    return form.page.soup.select("select[data-switch] option[selected]")[0].get_text()


def switch(form: Any, label: str, to: str) -> None:
    select = form.page.soup.select("select[data-switch]")[0]
    for option in select.find_all("option"):
        del option["selected"]
        if option.get_text() == to:
            option["selected"] = ""
    form.press(f"Switch the kind of {label}")


@pytest.mark.parametrize(
    ("value", "wanted"), [("w", "A word"), ({"a": 1}, "A pair"), (["w"], "A list"), ({}, "A pair")]
)
def test_the_branch_of_the_value_is_shown(session: Open, value: Any, wanted: str) -> None:
    form = session(EITHER, {"x": value})
    assert kind(form) == wanted
    assert form.json == json.dumps({"x": value})


def test_a_blank_choice_sends_nothing(session: Open) -> None:
    assert session(EITHER).json == "{}"


def test_each_branch_keeps_its_draft_while_another_is_shown(session: Open) -> None:
    form = session(EITHER)
    form.page.fill("x", "a word")
    switch(form, "x", "A pair")
    assert form.json == '{"x": {}}', "an object that was chosen is included"
    form.page.fill("a", "not yet a number")
    switch(form, "x", "A word")
    assert form.json == '{"x": "a word"}'
    switch(form, "x", "A pair")
    assert form.page.control("a")["value"] == "not yet a number"
    form.page.fill("a", "7")
    assert form.json == '{"x": {"a": 7}}'


def test_a_kind_that_was_chosen_but_not_switched_to_is_an_error(session: Open) -> None:
    form = session(EITHER, {"x": "w"})
    select = form.page.soup.select("select[data-switch]")[0]
    del select.find_all("option")[0]["selected"]
    select.find_all("option")[1]["selected"] = ""
    assert "Press Switch" in form.read().errors[0].message


def test_of_alike_branches_the_valid_one_is_chosen_and_on_a_tie_the_closest(session: Open) -> None:
    card = {"properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["kind", "number"]}
    bank = {"properties": {"kind": {"const": "bank"}, "iban": {"type": "string"}}, "required": ["kind", "iban"]}
    schema = {"type": "object", "oneOf": [card, bank]}
    assert kind(session(schema, {"kind": "bank", "iban": "x"})) == "kind bank"
    assert kind(session(schema, {"kind": "bank"})) == "kind bank"
    assert kind(session(schema, {"iban": 5})) == "kind bank"
    either = {"anyOf": [{"type": "object", "title": "loose"}, {**bank, "type": "object"}]}
    assert kind(session(either, {"kind": "bank", "iban": ""})) == "kind bank"


def test_type_lists_offer_each_type(session: Open) -> None:
    schema = {"type": "object", "properties": {"x": {"type": ["string", "number", "object", "null"]}}}
    form = session(schema)
    assert form.json == "{}"
    form.page.fill("x", "5")
    assert form.json == '{"x": "5"}'
    switch(form, "x", "number")
    form.page.fill("x", "5")
    assert form.json == '{"x": 5}'
    switch(form, "x", "null")
    assert form.json == '{"x": null}'
    switch(form, "x", "object")
    assert form.json == '{"x": {}}'
    switch(form, "x", "string")
    assert form.json == '{"x": "5"}'


def test_any_value_is_a_typed_node_that_nests(session: Open) -> None:
    form = session({"type": "object", "properties": {"x": {}}})
    switch(form, "x", "array")
    form.press("Add item to x").page.fill("Item 1", "deep")
    assert form.json == '{"x": ["deep"]}'


def test_titled_constants_are_options(session: Open) -> None:
    form = session({"type": "object", "properties": {"x": {"oneOf": [{"const": 1, "title": "One"}, {"const": "2"}]}}})
    form.page.fill("x", "One")
    assert form.json == '{"x": 1}'
    form.page.fill("x", "2")
    assert form.json == '{"x": "2"}'


def test_branches_that_only_ask_for_members_are_no_choice(session: Open) -> None:
    both = {"a": {"type": "string"}, "b": {"type": "string"}}
    form = session({"type": "object", "properties": both, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]})
    form.page.fill("a", "1").fill("b", "2")
    assert form.json == '{"a": "1", "b": "2"}'


def test_all_of_is_merged(session: Open) -> None:
    first = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    second = {"properties": {"a": {"maxLength": 3}, "b": {"type": "integer", "minimum": 2}}}
    form = session({"type": "object", "allOf": [first, second]})
    form.page.fill("a", "x").fill("b", "5")
    assert form.json == '{"a": "x", "b": 5}'
    assert "string · up to 3 characters" in form.page.text()


def test_conditional_members_are_shown_with_their_condition(session: Open) -> None:
    schema = {
        "type": "object",
        "properties": {"kind": {"enum": ["card", "bank"]}},
        "if": {"properties": {"kind": {"const": "card"}}},
        "then": {"properties": {"number": {"type": "string"}}},
        "else": {"properties": {"iban": {"type": "string"}}},
        "dependencies": {"kind": {"properties": {"note": {"type": "string"}}}},
    }
    form = session(schema)
    form.page.fill("iban", "x").fill("note", "n")
    assert form.json == '{"iban": "x", "note": "n"}'
    for words in ("Applies when kind is card.", "Applies unless kind is card.", "Applies with kind."):
        assert words in form.page.text()


def test_recursion_is_followed_one_step_at_a_time(session: Open) -> None:
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "next": {"$ref": "#"}},
    }
    form = session(schema)
    assert len(form.page.soup.select("input.input")) == 2, "itself and one more"
    form.page.take("next", "send").fill("name", "n1", 1)
    for depth in (2, 3):
        form.press("Include next")
        form.page.fill("name", f"n{depth}", depth)
    assert form.json == '{"next": {"name": "n1", "next": {"name": "n2", "next": {"name": "n3"}}}}'


def test_a_remote_reference_is_named_and_not_fetched(session: Open) -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "http://127.0.0.1:9/x.json"}, "b": {"$ref": "file:///etc/passwd"}},
    }
    form = session(schema, {"a": 1, "b": {"c": []}})
    assert form.json == '{"a": 1, "b": {"c": []}}'
    for ref in ("http://127.0.0.1:9/x.json", "file:///etc/passwd"):
        assert f"$ref “{ref}” leaves this schema. It is not fetched" in form.page.text()


def test_a_pattern_that_backtracks_does_not_hang_the_form() -> None:
    schema = {"type": "object", "patternProperties": {"(a+)+$": {"type": "string"}, "(": {}}}
    value = {"a" * 40 + "!": "x"}
    assert "(a+)+$" in forms.open_form(schema, value).markup
