"""Schemas as pydantic 2 and zod 4 write them: each kind has the control of its type, its words and its default."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from workbench import forms
from workbench.domain import JSON

type Open = Callable[..., Any]

NULL: JSON = {"type": "null"}
DEFINITIONS: dict[str, JSON] = {
    "Address": {
        "properties": {
            "street": {"title": "Street", "type": "string"},
            "city": {"default": "Bern", "title": "City", "type": "string"},
        },
        "required": ["street"],
        "title": "Address",
        "type": "object",
    },
    "Color": {"enum": ["red", "green"], "title": "Color", "type": "string"},
    "Cat": {
        "properties": {
            "kind": {"const": "cat", "title": "Kind", "type": "string"},
            "lives": {"default": 9, "title": "Lives", "type": "integer"},
        },
        "required": ["kind"],
        "title": "Cat",
        "type": "object",
    },
    "Dog": {
        "properties": {
            "kind": {"const": "dog", "title": "Kind", "type": "string"},
            "bark": {"title": "Bark", "type": "boolean"},
        },
        "required": ["kind", "bark"],
        "title": "Dog",
        "type": "object",
    },
    "Node": {
        "properties": {
            "name": {"title": "Name", "type": "string"},
            "next": {"anyOf": [{"$ref": "#/$defs/Node"}, NULL], "default": None},
            "children": {"default": [], "items": {"$ref": "#/$defs/Node"}, "title": "Children", "type": "array"},
        },
        "required": ["name"],
        "title": "Node",
        "type": "object",
    },
}
PETS: JSON = {
    "discriminator": {"mapping": {"cat": "#/$defs/Cat", "dog": "#/$defs/Dog"}, "propertyName": "kind"},
    "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
}
BASIL = {"kind": "cat", "lives": 3}
REX = {"kind": "dog", "bark": True}


@dataclass(frozen=True)
class Case:
    """A property as a library writes it: its label, its type line, and values that it can have.

    ``choices`` is how many branches a person chooses from, 0 where the field is one control. ``new`` is what a new form
    sends for it, the text of nothing where it sends nothing.
    """

    schema: JSON
    label: str
    line: str
    values: tuple[JSON, ...]
    new: str = ""
    choices: int = 0


PYDANTIC = {
    "model": Case({"$ref": "#/$defs/Address"}, "x", "object · Address", ({"street": "a"},)),
    "Optional[model]": Case(
        {"anyOf": [{"$ref": "#/$defs/Address"}, NULL], "default": None},
        "x",
        "object · Address or null",
        (None, {"street": "a"}),
        "null",
    ),
    "Optional[Enum]": Case(
        {"anyOf": [{"$ref": "#/$defs/Color"}, NULL], "default": None, "description": "A colour", "examples": ["red"]},
        "x",
        "string · one of 2 or null",
        (None, "green"),
        "null",
    ),
    "Enum with a default": Case(
        {"$ref": "#/$defs/Color", "default": "red"}, "x", "string · one of 2", ("green",), '"red"'
    ),
    "Optional[bool]": Case(
        {"anyOf": [{"type": "boolean"}, NULL], "default": None, "title": "Flag"},
        "Flag",
        "x · boolean or null",
        (None, True, False),
        "null",
    ),
    "Optional[Literal]": Case(
        {"anyOf": [{"enum": ["a", "b"], "type": "string"}, NULL], "default": "a", "title": "Letter"},
        "Letter",
        "x · string · one of 2 or null",
        (None, "b"),
        '"a"',
    ),
    "Optional[Literal of one]": Case(
        {"anyOf": [{"const": "x", "type": "string"}, NULL], "title": "One"},
        "One",
        "x · string · constant or null",
        (None, "x"),
    ),
    "Optional[int]": Case(
        {
            "anyOf": [{"minimum": 1, "type": "integer"}, NULL],
            "default": 5,
            "title": "Number",
            "description": "How many",
        },
        "Number",
        "x · integer, at least 1 or null",
        (None, 7),
        "5",
    ),
    "Optional[datetime]": Case(
        {"anyOf": [{"format": "date-time", "type": "string"}, NULL], "default": None, "title": "When"},
        "When",
        "x · string · date-time or null",
        (None, "2026-11-01T09:30:00+01:00"),
        "null",
    ),
    "date": Case({"format": "date", "title": "Day", "type": "string"}, "Day", "x · string · date", ("2026-11-01",)),
    "Optional[list]": Case(
        {"anyOf": [{"items": {"type": "string"}, "type": "array"}, NULL], "default": None, "title": "Tags"},
        "Tags",
        "x · array of string or null",
        (None, [], ["a"]),
        "null",
    ),
    "set[Enum]": Case(
        {"default": [], "items": {"$ref": "#/$defs/Color"}, "title": "Colors", "type": "array", "uniqueItems": True},
        "Colors",
        "x · array · any of 2",
        ([], ["green", "red"]),
        "[]",
    ),
    "Optional[list[Optional[model]]]": Case(
        {
            "anyOf": [{"items": {"anyOf": [{"$ref": "#/$defs/Address"}, NULL]}, "type": "array"}, NULL],
            "title": "Nested",
        },
        "Nested",
        "x · array or null",
        (None, [None, {"street": "a"}]),
    ),
    "dict[str, model]": Case(
        {"additionalProperties": {"$ref": "#/$defs/Address"}, "default": {}, "title": "By Name", "type": "object"},
        "By Name",
        "x · object",
        ({"home": {"street": "a"}},),
        "{}",
    ),
    "Optional[Any]": Case(
        {"anyOf": [{}, NULL], "default": None, "title": "Maybe"}, "Maybe", "x · any value", (None, [1], "a"), "null", 6
    ),
    "Union[int, str, None]": Case(
        {"anyOf": [{"type": "integer"}, {"type": "string"}, NULL], "default": None, "title": "Both"},
        "Both",
        "x · one of 3",
        (None, 1, "1"),
        "null",
        3,
    ),
    "discriminated union": Case({**PETS, "title": "Pet"}, "Pet", "x · one of 2", (BASIL, REX), choices=2),
    "Optional[discriminated union]": Case(
        {"anyOf": [PETS, NULL], "default": None, "title": "Pet"}, "Pet", "x · one of 3", (None, BASIL, REX), "null", 3
    ),
    "recursion": Case(
        {"$ref": "#/$defs/Node"},
        "x",
        "object · Node",
        ({"name": "a", "next": {"name": "b", "next": None}, "children": [{"name": "c"}]},),
    ),
    "tuple": Case(
        {"maxItems": 2, "minItems": 2, "prefixItems": [{"type": "integer"}], "title": "Pair", "type": "array"},
        "Pair",
        "x · array · 2 items",
        ([1, "a"],),
    ),
    "Decimal": Case(
        {"anyOf": [{"type": "number"}, {"type": "string"}], "title": "Price"},
        "Price",
        "x · one of 2",
        (1.5, "1.50"),
        "",
        2,
    ),
}
ZOD = {
    "nullable string": Case(
        {"description": "A name", "anyOf": [{"type": "string", "minLength": 1}, NULL]},
        "x",
        "string · at least 1 character or null",
        (None, "a"),
    ),
    "nullable enum": Case(
        {"anyOf": [{"type": "string", "enum": ["a", "b"]}, NULL], "default": "b"},
        "x",
        "string · one of 2 or null",
        (None, "a"),
        '"b"',
    ),
    "literal": Case({"type": "string", "const": "a"}, "x", "constant", ("a",)),
    "nullable literal null": Case(
        {"anyOf": [{"const": 1, "type": "number"}, {"const": None}]}, "x", "one of 2", (None, 1)
    ),
    "nullable nullable": Case(
        {"anyOf": [{"anyOf": [{"type": "boolean"}, NULL]}, NULL], "title": "Flag"},
        "Flag",
        "x · boolean or null",
        (None, True),
    ),
    "nullable union": Case(
        {"anyOf": [{"anyOf": [{"type": "string"}, {"type": "number"}]}, NULL]}, "x", "one of 3", (None, "a", 1.5), "", 3
    ),
    "record": Case(
        {"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": {"type": "number"}},
        "x",
        "object",
        ({"a": 1},),
    ),
    "tuple": Case(
        {"type": "array", "items": [{"type": "string"}, {"type": "number"}], "additionalItems": False},
        "x",
        "array",
        (["a", 1],),
    ),
    "recursion": Case(
        {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/properties/x"}, NULL]}}},
        "x",
        "object",
        ({"next": {"next": None}}, {"next": {"next": {}}}),
    ),
    "intersection": Case(
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "number"}}},
            ],
            "title": "Both",
        },
        "Both",
        "x · object",
        ({"a": "x", "b": 1},),
    ),
    "union of one": Case(
        {"anyOf": [{"type": "integer", "title": "Other"}], "title": "Number"}, "Number", "x · integer", (1,)
    ),
    "any of one reference": Case(
        {"allOf": [{"$ref": "#/$defs/Color"}], "default": "red", "label": "Shade"},
        "Shade",
        "x · string · one of 2",
        ("green",),
        '"red"',
    ),
}
CASES = [pytest.param(case, id=f"pydantic {name}") for name, case in PYDANTIC.items()]
CASES += [pytest.param(case, id=f"zod {name}") for name, case in ZOD.items()]


def document(schema: JSON, *, required: bool = False) -> JSON:
    return {
        "$defs": DEFINITIONS,
        "type": "object",
        "properties": {"x": schema},
        **({"required": ["x"]} if required else {}),
    }


@pytest.mark.parametrize("case", CASES)
def test_a_property_of_a_library_has_the_control_of_its_type(case: Case, session: Open) -> None:
    form = session(document(case.schema))
    assert form.json == (f'{{"x": {case.new}}}' if case.new else "{}")
    label = form.page.soup.select_one(".form-root > .field > legend, .form-root > .field > .field-head label")
    line = form.page.soup.select_one(".form-root > .field > .field-head .type")
    assert label is not None
    assert line is not None
    assert (label.get_text(), line.get_text()) == (case.label, case.line)
    kinds = form.page.soup.select("select[data-switch]")
    outer = [one for one in kinds if one.find_parent(class_="rows") is None][: 1 if case.choices else None]
    assert [len(one.find_all("option")) for one in outer] == ([case.choices] if case.choices else [])
    help_ = case.schema.get("description") if isinstance(case.schema, dict) else None
    assert help_ is None or str(help_) in form.page.text()


@pytest.mark.parametrize("case", CASES)
def test_its_values_come_back_and_have_fields(case: Case, session: Open) -> None:
    for value in case.values:
        form = session(document(case.schema), {"x": value})
        assert form.json == json.dumps({"x": value})
        assert not form.page.soup.select("textarea.code"), f"{value} has fields, not a text of JSON"


def test_two_references_to_one_definition_are_told_apart_by_their_keys(session: Open) -> None:
    address: JSON = {"$ref": "#/$defs/Address"}
    properties: JSON = {"ship_to": address, "bill_to": {**address, "title": "Bill to"}, "old": {"allOf": [address]}}
    form = session({"$defs": DEFINITIONS, "type": "object", "properties": properties})
    legends = [one.get_text() for one in form.page.soup.select(".form-root > fieldset > legend")]
    assert legends == ["ship_to", "Bill to", "old"]


def test_the_branches_of_a_union_have_the_names_of_their_definitions(session: Open) -> None:
    form = session(document(PETS))
    assert [one.get_text() for one in form.page.soup.select("select[data-switch] option")] == ["Cat", "Dog"]


def test_what_stands_beside_a_union_is_said_once(session: Open) -> None:
    schema: JSON = {"anyOf": [{"type": "string"}, {"type": "integer"}], "examples": ["a"], "description": "Either"}
    text = session(document(schema)).page.text()
    assert text.count("For example a.") == 1
    assert text.count("Either") == 1


@pytest.mark.parametrize("of_root", [True, False])
def test_the_branch_that_a_new_form_begins_with_has_its_constants(session: Open, of_root: bool) -> None:
    form = session({"$defs": DEFINITIONS, **PETS} if of_root else document(PETS, required=True))  # type: ignore[dict-item]
    first = {"kind": "cat", "lives": 9}
    assert json.loads(form.json) == (first if of_root else {"x": first})


def test_a_branch_that_is_chosen_has_what_it_requires_with_one_value_nested_too(session: Open) -> None:
    meta: JSON = {
        "type": "object",
        "properties": {"v": {"enum": [2]}, "free": {"const": 1}, "text": {"type": "string"}},
        "required": ["v", "text"],
    }
    second: JSON = {
        "title": "Second",
        "type": "object",
        "properties": {"kind": {"const": "b"}, "meta": meta, "other": {"const": "not required"}},
        "required": ["kind", "meta"],
    }
    form = session(document({"oneOf": [{"type": "string", "title": "First"}, second]}))
    assert form.json == "{}"
    for option in form.page.soup.select("select[data-switch] option"):
        del option["selected"]
        if option.get_text() == "Second":
            option["selected"] = ""
    form.press("Switch the kind of x")
    assert json.loads(form.json) == {"x": {"kind": "b", "meta": {"v": 2}}}


def test_loaded_data_of_a_branch_is_left_alone(session: Open) -> None:
    assert session(document(PETS), {"x": {"bark": True}}).json == '{"x": {"bark": true}}'


@pytest.mark.parametrize(
    ("schema", "default"),
    [
        ({"type": "integer"}, "ten"),
        ({"type": "string", "enum": ["a", "b"]}, "c"),
        ({"type": "integer", "minimum": 5}, 1),
        ({"$ref": "#/$defs/Address"}, {"city": "Bern"}),
        ({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, "ten"),
        ({"type": "string"}, None),
    ],
)
def test_a_default_that_its_own_schema_rejects_is_not_filled_in(schema: JSON, default: JSON, session: Open) -> None:
    form = session(document({**schema, "default": default}))  # type: ignore[dict-item]
    assert form.json == "{}"
    assert f"Default: {json.dumps(default)}, not filled in because its own schema rejects it." in form.page.text()
    assert "rejects it" not in session(document(schema)).page.text()


def test_a_form_of_all_of_them_is_read_back_without_errors() -> None:
    properties = {name: case.schema for name, case in (PYDANTIC | ZOD).items() if "recursion" not in name}
    schema: JSON = {"$defs": DEFINITIONS, "type": "object", "properties": properties}
    value = {name: case.values[-1] for name, case in (PYDANTIC | ZOD).items() if name in properties}
    opened = forms.open_form(schema, value)
    assert opened.reading == forms.FormData(value)
