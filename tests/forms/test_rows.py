"""Arrays and maps: rows that are added, moved, duplicated and removed; names that are blank, double or strange."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench import forms

type Open = Callable[..., Any]

TEXTS = {
    "type": "object",
    "properties": {"l": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 4}},
}
MAP = {"type": "object", "properties": {"m": {"type": "object", "additionalProperties": {"type": "integer"}}}}
PEOPLE = {
    "type": "array",
    "items": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "default": 1}}},
}
TUPLE = {
    "type": "object",
    "properties": {
        "t": {
            "type": "array",
            "items": [{"type": "string"}, {"type": "integer"}],
            "additionalItems": {"type": "boolean"},
        }
    },
}


def test_rows_are_added_and_filled(session: Open) -> None:
    form = session(TEXTS)
    assert form.json == "{}", "an array that nobody asked for is not sent"
    form.press("Add item to l")
    assert form.page.control("Item 1").has_attr("autofocus")
    form.page.fill("Item 1", "a")
    form.press("Add item to l").page.fill("Item 2", "b")
    assert form.json == '{"l": ["a", "b"]}'


def test_an_empty_array_can_be_sent(session: Open) -> None:
    form = session(TEXTS)
    form.page.take("l", "send")
    assert form.json == '{"l": []}'


def test_rows_move_and_keep_their_ids(session: Open) -> None:
    form = session(TEXTS, {"l": ["a", "b", "c"]})
    ids = [form.page.control(f"Item {n}")["id"] for n in (1, 2, 3)]
    form.press("Move down Item 1 of l")
    assert form.json == '{"l": ["b", "a", "c"]}'
    form.press("Move up Item 3 of l")
    assert form.json == '{"l": ["b", "c", "a"]}'
    assert [form.page.control(f"Item {n}")["id"] for n in (1, 2, 3)] == [ids[1], ids[2], ids[0]]


def test_the_first_row_cannot_move_up_nor_the_last_one_down(session: Open) -> None:
    buttons = session(TEXTS, {"l": ["a", "b"]}).page.soup.select("button.tool[disabled]")
    assert [one.get_text() for one in buttons] == ["Move up Item 1 of l", "Move down Item 2 of l"]


def test_rows_are_removed_and_the_rest_stays(session: Open) -> None:
    form = session(TEXTS, {"l": ["a", "b", "c"]})
    form.press("Remove Item 2 of l")
    assert form.json == '{"l": ["a", "c"]}'
    form.press("Add item to l").page.fill("Item 3", "new")
    assert form.json == '{"l": ["a", "c", "new"]}'


def test_a_duplicate_is_a_copy_of_its_own_with_what_was_typed(session: Open) -> None:
    form = session(PEOPLE, [{"name": "Ada", "age": 36, "x": [1]}])
    form.page.fill("age", "no number")
    form.press("Duplicate Item 1 of Value")
    assert [form.page.control("age", n)["value"] for n in (0, 1)] == ["no number", "no number"]
    form.page.fill("age", "1", 0).fill("age", "2", 1).fill("name", "Grace", 1)
    assert json.loads(form.json) == [{"name": "Ada", "age": 1, "x": [1]}, {"name": "Grace", "age": 2, "x": [1]}]


def test_a_new_row_has_its_defaults(session: Open) -> None:
    assert session(PEOPLE, []).press("Add item to Value").json == '[{"age": 1}]'


def test_a_row_without_a_value_is_an_error(session: Open) -> None:
    form = session(TEXTS, {"l": ["a"]}).press("Add item to l")
    reading = form.read()
    assert [(one.pointer, one.message) for one in reading.errors] == [
        ("/l/1", "Item 2 has no value yet. Fill it or remove it.")
    ]
    form.page.blank("Item 2", 'send ""')
    assert form.json == '{"l": ["a", ""]}'


def test_the_bounds_are_said(session: Open) -> None:
    assert "array of string · 1–4 items" in session(TEXTS).page.text()


def test_map_rows_have_names_and_values_in_order(session: Open) -> None:
    form = session(MAP).press("Add property to m")
    form.page.fill("Name of Value 1", "b").fill("Value 1", "2")
    form.press("Add property to m").page.fill("Name of Value 2", "a").fill("Value 2", "1")
    assert form.json == '{"m": {"b": 2, "a": 1}}'
    assert form.press("Move up Value 2 of m").json == '{"m": {"a": 1, "b": 2}}'


@each_case("name", ["a.b", "a/b", "~", " ", "__proto__", "é", "root", "op"])
def test_strange_names_are_legal(session: Open, name: str) -> None:
    form = session(MAP).press("Add property to m")
    form.page.fill("Name of Value 1", name).fill("Value 1", "1")
    assert form.json == json.dumps({"m": {name: 1}})


def test_the_empty_name_is_legal_when_it_is_meant(session: Open) -> None:
    form = session(MAP).press("Add property to m")
    form.page.fill("Value 1", "1").blank("Name of Value 1", 'named ""')
    assert form.json == '{"m": {"": 1}}'
    assert session(MAP, {"m": {"": 5}}).json == '{"m": {"": 5}}'


def test_a_blank_name_is_an_error_and_nothing_is_lost(session: Open) -> None:
    form = session(MAP, {"m": {"a": 1}}).press("Add property to m")
    form.page.fill("Value 2", "2")
    reading = form.read()
    assert reading.value == {"m": {"a": 1}}
    assert "has no name yet" in reading.errors[0].message
    form.press("Add property to m")
    assert form.page.control("Value 2")["value"] == "2"


def test_a_double_name_is_an_error_at_the_second_one_and_nothing_is_lost(session: Open) -> None:
    schema = {**MAP, "properties": {**MAP["properties"], "known": {"type": "string"}}}
    form = session(schema, {"known": "k", "m": {"a": 1, "b": 2}})
    form.page.fill("Name of b", "a")
    reading = form.read()
    assert reading.value == {"known": "k", "m": {"a": 1}}
    assert (reading.errors[0].pointer, reading.errors[0].text) == ("/m/a", "a")
    assert "is already used" in reading.errors[0].message
    form.press("Add property to m")
    second = form.page.control("Name of a", 1)
    assert (second["value"], second["aria-invalid"]) == ("a", "true")
    assert form.page.soup.find(id=second["aria-describedby"]).get_text().startswith("The key “a” is already used")


def test_an_undeclared_member_cannot_take_a_declared_name(session: Open) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    form = session(schema, {"a": "x", "zz": 1})
    form.page.fill("Name of zz", "a")
    assert form.read().value == {"a": "x"}
    assert "is already used" in form.read().errors[0].message


def test_a_tuple_has_a_schema_for_each_place_and_rows_that_stay_there(session: Open) -> None:
    form = session(TUPLE)
    for text, control in (("a", "Item 1"), ("5", "Item 2")):
        form.press("Add item to t").page.fill(control, text)
    form.press("Add item to t").page.take("Item 3", "true")
    assert form.json == '{"t": ["a", 5, true]}'
    assert [one.get_text() for one in form.page.soup.select("button.tool:not([disabled])")] == ["Remove Item 3 of t"]


def test_an_added_member_of_a_pattern_takes_its_schema(session: Open) -> None:
    schema = {"type": "object", "patternProperties": {"^n": {"type": "integer"}}, "additionalProperties": False}
    form = session(schema).press("Add property like ^n")
    form.page.fill("Name of Value 1", "n1").fill("Value 1", "5")
    assert form.json == '{"n1": 5}'
    assert "Add property" not in [one.get_text(strip=True) for one in form.page.soup.select("button")]


def test_the_order_of_members_is_kept_through_edits(session: Open) -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "array"}, "c": {"type": "string"}},
    }
    value = {"zz": 1, "c": "3", "b": [1], "a": "1"}
    form = session(schema, value).press("Add item to b")
    form.page.fill("Item 2", "x")
    assert form.json == '{"zz": 1, "c": "3", "b": [1, "x"], "a": "1"}'
    assert form.press("Remove zz").json == '{"c": "3", "b": [1, "x"], "a": "1"}'


def focused(form: Any) -> str:
    """What the page says has the focus: the label of a control or the text of a button."""
    (element,) = form.page.soup.select("[autofocus]")
    label = form.page.soup.find("label", attrs={"for": element.get("id")}) if element.name != "button" else element
    return str(label.get_text())


def test_the_focus_goes_along_with_the_rows(session: Open) -> None:
    form = session(TEXTS, {"l": ["a", "b", "c"]})
    assert focused(form.press("Move down Item 2 of l")) == "Move up Item 3 of l", "it is the last one now"
    assert focused(form.press("Move up Item 3 of l")) == "Move up Item 2 of l"
    assert focused(form.press("Duplicate Item 2 of l")) == "Item 3"
    assert focused(form.press("Remove Item 2 of l")) == "Item 2", "the one that took its place"
    assert focused(form.press("Remove Item 3 of l")) == "Item 2", "the one before, where none came after"
    form.press("Remove Item 1 of l")
    assert focused(form.press("Remove Item 1 of l")) == "Add item to l"


def test_a_new_form_leaves_the_focus_where_it_is() -> None:
    assert "autofocus" not in forms.edit(TEXTS, [("inputs.op", forms.RESET)]).markup


def test_a_new_row_has_the_focus_in_its_first_control(session: Open) -> None:
    people = {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}}
    headers = {"type": "object", "additionalProperties": {"type": "string"}}
    form = session({"type": "object", "properties": {"people": people, "headers": headers}})
    assert focused(form.press("Add item to people")) == "name"
    assert focused(form.press("Add property to headers")) == "Name of Value 1"


NAMED: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    "asks",
    [
        {"required": ["a", "zz"]},
        {"allOf": [{"required": ["zz"]}]},
        {"anyOf": [{"required": ["zz"]}, {"required": ["yy"]}]},
    ],
)
@pytest.mark.parametrize("within", [False, True])
def test_a_name_that_is_asked_for_and_not_declared_can_be_added(session: Open, asks: Any, within: bool) -> None:
    schema = NAMED | asks
    form = session({"type": "object", "properties": {"in": schema}} if within else schema)
    form.press("Add property to in" if within else "Add property").page.fill("Name of Value 1", "zz")
    (error,) = form.read().errors
    assert (error.pointer, error.message) == (
        "/in/zz" if within else "/zz",
        "“zz” has no value yet. Fill it or remove it.",
    )


def offered(form: Any) -> list[str]:
    """The buttons that add a property and are in no menu."""
    return [one.get_text(strip=True) for one in form.page.soup.select(".adders button")]


def test_nothing_is_offered_where_no_other_name_is_allowed(session: Open) -> None:
    schema = NAMED | {"required": ["zz"], "additionalProperties": False}
    assert offered(session(schema)) == []
    assert offered(session({"type": "object", "properties": {"in": schema}, "additionalProperties": False})) == []


def test_a_property_can_be_added_at_the_root(session: Open) -> None:
    form = session(NAMED)
    form.press("Add property").page.fill("Name of Value 1", "zz").fill("Value 1", "new")
    assert form.json == '{"zz": "new"}'


@pytest.mark.parametrize(("others", "openly"), [({"type": "integer"}, True), (True, False)])
def test_it_is_offered_openly_where_other_properties_have_a_schema(session: Open, others: Any, openly: bool) -> None:
    inner = NAMED | {"additionalProperties": others}
    form = session({"type": "object", "properties": {"in": inner}, "additionalProperties": False})
    assert offered(form) == ["Add propertyto in"] * openly
    form.press("Add property to in")


def test_prefix_items_are_fields_by_position_and_what_follows_is_as_items_says(session: Open) -> None:
    first: Any = [{"type": "string", "title": "Name"}, {"enum": ["m", "km"]}]
    form = session({"type": "object", "properties": {"pair": {"prefixItems": first, "items": {"type": "integer"}}}})
    for _ in range(3):
        form.press("Add item to pair")
    form.page.fill("Item 1", "Ada").fill("Item 2", "km").fill("Item 3", "7")
    assert form.json == '{"pair": ["Ada", "km", 7]}'
    texts = [one.get_text() for one in form.page.soup.find_all("button")]
    assert not any(text.startswith("Move up") for text in texts), "each item has its own place"
    assert session({"prefixItems": first}, ["x", "m", {"any": 1}]).json == '["x", "m", {"any": 1}]'
