"""The four states of a member: absent, null, empty, value. Each can be reached and seen."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from workbench import forms
from workbench.domain import JSON


def obj(required: list[str] | None = None, **properties: JSON) -> JSON:
    return {"type": "object", "properties": dict(properties), "required": list(required or [])}


type Open = Callable[..., Any]


@pytest.mark.parametrize("required", [[], ["a"]], ids=["optional", "required"])
def test_a_blank_string_is_absent_and_another_control_sends_the_empty_one(session: Open, required: list[str]) -> None:
    form = session(obj(required, a={"type": "string"}))
    assert form.json == "{}"
    form.page.blank("a", 'send ""')
    assert form.json == '{"a": ""}'
    form.page.fill("a", "x")
    assert form.json == '{"a": "x"}'


def test_a_nullable_string_can_be_absent_null_empty_or_a_text(session: Open) -> None:
    form = session(obj(a={"type": ["string", "null"]}))
    assert form.json == "{}"
    form.page.blank("a", "send null")
    assert form.json == '{"a": null}'
    form.page.blank("a", 'send ""')
    assert form.json == '{"a": ""}'
    form.page.fill("a", "null")
    assert form.json == '{"a": "null"}'


def test_a_nullable_number_can_be_absent_null_or_a_number(session: Open) -> None:
    form = session(obj(a={"type": ["integer", "null"]}))
    assert form.json == "{}"
    assert [one.get_text() for one in form.page.soup.select(".when-blank option")] == ["omit", "send null"]
    form.page.blank("a", "send null")
    assert form.json == '{"a": null}'
    form.page.fill("a", "0")
    assert form.json == '{"a": 0}'


@pytest.mark.parametrize("required", [[], ["a"]], ids=["optional", "required"])
def test_a_boolean_begins_unset_and_can_be_true_or_false(session: Open, required: list[str]) -> None:
    form = session(obj(required, a={"type": "boolean"}))
    assert form.json == "{}"
    for option, text in (("true", '{"a": true}'), ("false", '{"a": false}'), ("omit", "{}")):
        form.page.take("a", option)
        assert form.json == text


def test_a_nullable_boolean_has_a_fourth_segment(session: Open) -> None:
    form = session(obj(a={"type": ["boolean", "null"]}))
    form.page.take("a", "null")
    assert form.json == '{"a": null}'


def test_a_nullable_object_and_array_can_be_absent_null_empty_or_filled(session: Open) -> None:
    form = session(obj(o={"type": ["object", "null"]}, l={"type": ["array", "null"]}))
    assert form.json == "{}"
    form.page.take("o", "null").take("l", "null")
    assert form.json == '{"o": null, "l": null}'
    form.page.take("o", "send").take("l", "send")
    assert form.json == '{"o": {}, "l": []}'


def test_enum_options_carry_their_index_and_decode_to_the_typed_member(session: Open) -> None:
    form = session(obj(a={"enum": [1, "1", None, True, {"x": [1]}]}))
    options = form.page.control("a").find_all("option")
    assert [one["value"] for one in options] == ["", "0", "1", "2", "3", "4"]
    wanted = ["{}", '{"a": 1}', '{"a": "1"}', '{"a": null}', '{"a": true}', '{"a": {"x": [1]}}']
    for index, text in enumerate(wanted):
        for option in options:
            del option["selected"]
        options[index]["selected"] = ""
        assert form.json == text


def test_a_member_of_an_enum_that_is_written_another_way_is_kept(session: Open) -> None:
    form = session(obj(a={"enum": [1, 2]}), {"a": 1.0})
    assert form.json == '{"a": 1.0}'
    assert "Must be one of" not in form.page.text()
    assert "Must be one of 1, 2, but is the boolean true." in session(obj(a={"enum": [1, 2]}), {"a": True}).page.text()


def test_an_option_that_the_schema_no_longer_has_is_an_error_and_not_another_value() -> None:
    markup = forms.open_form(obj(a={"enum": ["x", "y"]}), {"a": "y"}).markup
    name = next(part for part in markup.split('"') if part.startswith("inputs.n"))
    reading = forms.read(obj(a={"enum": ["x"]}), [(name, "1")])
    assert reading.value == {}
    assert reading.errors[0].pointer == "/a"


def test_a_constant_is_sent_or_not(session: Open) -> None:
    form = session(obj(a={"const": {"k": 1}}))
    assert form.json == "{}"
    form.page.fill("a", '{"k": 1}')
    assert form.json == '{"a": {"k": 1}}'


DEFAULTED = obj(a={"type": "string", "default": "x"}, b={"type": "integer", "default": 3}, c={"type": "string"})


def test_a_default_fills_a_new_form_and_is_marked(session: Open) -> None:
    form = session(DEFAULTED)
    assert form.json == '{"a": "x", "b": 3}'
    assert [one.get_text() for one in form.page.soup.select(".origin")] == ["default", "default", "absent"]


def test_loaded_data_is_never_filled_with_defaults(session: Open) -> None:
    form = session(DEFAULTED, {"c": "z"})
    assert form.json == '{"c": "z"}'
    assert [one.get_text() for one in form.page.soup.select(".origin")] == ["absent", "absent", "loaded"]
    nested = obj(o=obj(a={"type": "string", "default": "x"}))
    assert session(nested, {}).json == "{}"
    assert session(nested, {"o": {}}).json == '{"o": {}}'


def test_a_cleared_default_stays_cleared_and_typing_is_marked(session: Open) -> None:
    form = session(
        {**DEFAULTED, "properties": {**DEFAULTED["properties"], "l": {"type": "array", "items": {"type": "string"}}}}
    )
    form.page.fill("a", "").fill("c", "typed")
    form.press("Add item to l")
    assert [one.get_text() for one in form.page.soup.select(".inside > .field .origin, .form-root > .field .origin")][
        :3
    ] == [
        "absent",
        "default",
        "typed",
    ]
    form.page.fill("Item 1", "i")
    assert form.json == '{"b": 3, "c": "typed", "l": ["i"]}'


def test_an_excluded_object_sends_no_key_and_its_required_members_ask_nothing(session: Open) -> None:
    form = session(obj(o=obj(["x"], x={"type": "string"}, n={"type": "integer"})))
    assert form.json == "{}"
    form.page.fill("n", "no number")
    assert form.json == "{}", "what is not sent cannot be wrong"
    form.page.take("o", "send")
    assert form.read().errors[0].pointer == "/o/n"
    form.page.fill("n", "")
    assert form.json == '{"o": {}}'
    form.page.fill("x", "y")
    assert form.json == '{"o": {"x": "y"}}'
    form.page.take("o", "omit")
    assert form.json == "{}"
    form.page.take("o", "send")
    assert form.json == '{"o": {"x": "y"}}', "the draft was kept while it was not sent"


def test_a_required_object_is_sent_as_soon_as_something_in_it_is(session: Open) -> None:
    form = session(obj(["o"], o=obj(["x"], x={"type": "string"})))
    assert form.json == "{}"
    form.page.fill("x", "y")
    assert form.json == '{"o": {"x": "y"}}'
    form.page.fill("x", "").take("o", "if empty: send {}")
    assert form.json == '{"o": {}}'


def test_the_root_is_always_there(submit: Callable[..., Any]) -> None:
    assert forms.read(obj(a={"type": "string"}), []).value == {}
    assert forms.read({"type": "array"}, []).value == []
    untyped: list[JSON] = [{}, True, [], 3, {"type": 7}, {"description": "Inputs"}, {"required": ["a"]}, {"$ref": "#"}]
    either: list[JSON] = [{"type": ["string", "object"]}, {"oneOf": [{"type": "array"}, obj(a={"type": "string"})]}]
    for schema in (*untyped, *either):
        assert forms.read(schema, submit(forms.open_form(schema).markup)).value == {}, schema
        assert forms.read(schema, []).value == {}, schema
    assert forms.read({"type": "string"}, submit(forms.open_form({"type": "string"}).markup)).value is forms.ABSENT
    assert forms.read({}, [("other.field", "1")]).errors == ()


def test_a_wrongly_typed_value_is_shown_raw_flagged_and_kept(session: Open) -> None:
    schema = obj(s={"type": "string"}, b={"type": "boolean"}, o={"type": "object"}, n={"type": "integer"})
    value: dict[str, JSON] = {"s": 5, "b": "true", "o": [], "n": "1"}
    form = session(schema, value)
    assert form.json == json.dumps(value)
    text = form.page.text()
    for remark in (
        "Must be a string, but is the integer 5.",
        'Must be a boolean, but is the string "true".',
        "Must be an object, but is an empty array.",
    ):
        assert remark in text
    form.press("Discard the value s")
    assert json.loads(form.json) == {"b": "true", "o": [], "n": "1"}
    form.page.fill("s", "text")
    assert json.loads(form.json)["s"] == "text"


def test_unknown_members_are_shown_editable_and_kept(session: Open) -> None:
    form = session({**obj(a={"type": "string"}), "additionalProperties": False}, {"zz": {"deep": [1]}, "a": "x"})
    assert form.json == '{"zz": {"deep": [1]}, "a": "x"}'
    form.page.fill("Name of zz", "renamed")
    assert form.json == '{"renamed": {"deep": [1]}, "a": "x"}'
    form.press("Remove zz")
    assert form.json == '{"a": "x"}'
