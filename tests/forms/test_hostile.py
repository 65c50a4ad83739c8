"""Pairs that no form of ours posts, and schemas made to hurt: nothing raises, and nothing is lost unsaid."""

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench import forms
from workbench.domain import JSON
from workbench.forms import controls

type Entries = Callable[[str], list[tuple[str, str]]]
type Open = Callable[..., Any]

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "s": {"type": "string"},
        "n": {"type": "integer"},
        "b": {"type": ["boolean", "null"]},
        "e": {"enum": ["a", None, 3]},
        "o": {"type": "object", "properties": {"x": {"type": "string"}}},
        "l": {"type": "array", "items": {"type": "string"}},
        "m": {"type": "object", "patternProperties": {"^a": {"type": "integer"}, "b$": {}}},
        "c": {"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array"}]},
        "any": {},
        "next": {"$ref": "#"},
    },
}
SUFFIXES = ["", ".op", ".x"] + [value for name, value in vars(controls).items() if name.isupper() and value[0] == "."]
TEXTS = [
    "",
    "x",
    "in",
    "null",
    "filled",
    "empty",
    "keep",
    "0",
    "1",
    "-1",
    "²",
    "٣",
    "\0",
    "{",
    "[]",
    "null",
    '"a"',
    "{}",
]
TEXTS += ["x0 x1 x2", "0 1 2 3", "root", "p0-1", "p" + "9" * 5000, "x" + "9" * 5000, "9" * 5000, "[" * 100000, "d:l:x"]


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.exhaustive if seed % 8 else ()) for seed in range(40)]
)
def test_whatever_is_posted_is_read_and_drawn_again_as_it_was_read(seed: int, entries: Entries) -> None:
    draw = random.Random(seed)
    value: JSON = {"l": ["a", "b"], "m": {"ab": 1, "z": None}, "c": [1], "next": {"any": {"k": 1}}}
    markup = forms.open_form(SCHEMA, value, edit_url="/edit").markup
    ids = sorted({*re.findall(r"n[0-9a-f]{12}", markup), "root"})
    pairs = entries(markup)
    for _ in range(draw.randint(1, 12)):
        match draw.randrange(4):
            case 0:
                del pairs[draw.randrange(len(pairs))]
            case 1:
                draw.shuffle(pairs)
            case 2:
                pairs.append((draw.choice(pairs)[0], draw.choice(TEXTS)))
            case 3:
                pairs.append((f"inputs.{draw.choice(ids)}{draw.choice(SUFFIXES)}", draw.choice(TEXTS)))
    reading = forms.read(SCHEMA, pairs)
    ops = re.findall(r'name="inputs.op" value="([^"]*)"', markup)
    edit = forms.edit(SCHEMA, [*pairs, ("inputs.op", draw.choice(["", *ops]))])
    again = forms.read(SCHEMA, entries(edit.markup))
    assert json.dumps(again.value) == json.dumps(edit.reading.value)
    assert json.dumps(forms.read(SCHEMA, entries(forms.edit(SCHEMA, pairs).markup)).value) == json.dumps(reading.value)


@pytest.mark.parametrize(
    ("schema", "end", "text"),
    [
        ({"type": "string"}, ".blank", "null"),
        ({"type": "integer"}, ".blank", "empty"),
        ({"type": "string"}, ".blank", "keep"),
        ({"type": "object"}, ".in", "null"),
        ({"type": "array"}, ".in", "sent"),
        ({"anyOf": [{"type": "string"}, {"type": "array"}]}, ".branch", "2"),
    ],
    ids=str,
)
def test_a_state_that_the_schema_does_not_allow_is_said_and_not_sent(schema: JSON, end: str, text: str) -> None:
    inner: dict[str, JSON] = {"type": "object", "properties": {"a": schema}}
    id_ = re.findall(r'id="inputs-(n\w+)"', forms.open_form(inner).markup)[0]
    reading = forms.read(inner, [(f"inputs.{id_}{end}", text)])
    assert reading.value == {}
    assert "The schema changed after this form was loaded" in reading.errors[0].message


def test_a_character_that_no_page_can_carry_is_kept_as_json(session: Open) -> None:
    schema: JSON = {"type": "object", "properties": {"a": {"type": "string"}}}
    form = session(schema, {"a": "typed", "z": "y"})
    typed = {"typed": "x\0\ud800", "z": "k\0"}
    pairs = [(name, typed.get(value, value)) for name, value in form.page.pairs()]
    edit = forms.edit(schema, pairs)
    assert edit.reading.value == {"a": "x\0\ud800", "k\0": "y"}
    again = type(form.page)(edit.markup)
    assert json.loads(again.control("a").get_text()) == "x\0\ud800"
    assert forms.read(schema, again.pairs()).value == edit.reading.value


def test_a_row_s_number_and_a_slot_may_be_of_any_length(session: Open) -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"m": SCHEMA["properties"]["m"], "l": SCHEMA["properties"]["l"]},
    }
    form = session(schema, {"m": {"ab": 1}, "l": ["x"]})
    slots = [(n, "p" + "0-" * 500_000 if n.endswith(".slot") else v) for n, v in form.page.pairs()]
    assert forms.read(schema, slots).value == {"m": {"ab": 1}, "l": ["x"]}
    for token in ("9" * 5000, "x" + "9" * 5000):
        pairs = [*form.page.pairs(), *((n, token) for n, _ in form.page.pairs() if n.endswith(".row"))]
        assert forms.read(schema, pairs, previous={"l": ["y"]}).errors
        for op in re.findall(r'value="(add:[^"]*)"', form.page.html):
            assert token in forms.edit(schema, [*pairs, ("inputs.op", op)]).markup


@each_case(
    "ref",
    ["#/oneOf/" + "9" * 5000, "#/%", "#%zz", "#/a~2", "", "#/\ud800", "//[", "#/oneOf/-1"],
)
def test_a_reference_to_nowhere_is_a_form_all_the_same(ref: str, entries: Entries) -> None:
    schema: JSON = {"type": "object", "properties": {"a": {"$ref": ref}}, "oneOf": [{}]}
    reading = forms.read(schema, entries(forms.open_form(schema, {"a": [1.0]}).markup))
    assert json.dumps(reading.value) == '{"a": [1.0]}'


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("allOf", {"a": 5}),
        ("anyOf", forms.ABSENT),
        ("anyOf", {"a": {"x": "y"}}),
        pytest.param("allOf", forms.ABSENT, marks=pytest.mark.exhaustive),
        pytest.param("allOf", {"a": {"x": "y"}}, marks=pytest.mark.exhaustive),
        pytest.param("anyOf", {"a": 5}, marks=pytest.mark.exhaustive),
    ],
)
def test_parts_that_double_thirty_times_do_not_hang_a_form(keyword: str, value: JSON, entries: Entries) -> None:
    doubled = {f"d{n}": {keyword: [{"$ref": f"#/definitions/d{n + 1}"}] * 2} for n in range(30)}
    last: JSON = {"type": "object", "properties": {"x": {"type": "string"}}}
    schema: JSON = {
        "type": "object",
        "properties": {"a": {"$ref": "#/definitions/d0"}},
        "definitions": {**doubled, "d30": last},
    }
    reading = forms.read(schema, entries(forms.open_form(schema, value).markup))
    assert reading.value == ({} if value is forms.ABSENT else value)
