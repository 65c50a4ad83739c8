"""The markup itself: what a browser posts for it, what a screen reader says of it, whatever the schema's words are."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench import forms
from workbench.domain import JSON

type Entries = Callable[[str], list[tuple[str, str]]]
type Faults = Callable[[Any], list[str]]
type Open = Callable[[str], Any]

EVERY_KIND: dict[str, Any] = {
    "type": "object",
    "title": "Everything",
    "properties": {
        "text": {"type": "string", "help_text": "See https://example.com/a."},
        "number": {"type": ["number", "null"], "minimum": 1},
        "flag": {"type": "boolean", "label": "A flag"},
        "pick": {"enum": ["a", 1, None]},
        "date": {"type": "string", "format": "date"},
        "secret": {"type": "string", "format": "password"},
        "file": {"type": "object", "format": "file"},
        "list": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "map": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
        "either": {"oneOf": [{"type": "string"}, {"type": "array"}]},
        "any": {},
        "odd": {"$ref": "#/nowhere"},
        "next": {"$ref": "#"},
    },
    "required": ["text", "list", "map"],
}
FILLED: dict[str, JSON] = {
    "text": 5,
    "number": 0,
    "flag": "wrong",
    "pick": "b",
    "list": [{"n": 1, "zz": []}, {"n": "x"}, 3],
    "map": {"": "a", "b": "", "\n": 1},
    "either": ["x", {"y": [None]}],
    "any": {"deep": [[{}]]},
    "next": {"text": "t", "next": {"list": []}},
    "unknown": {"a": 1},
}


@each_case(
    ("html", "posted"),
    [
        ("<input name=a><input name=a value=2><input value=3>", [("a", ""), ("a", "2")]),
        ("<input type=checkbox name=a><input type=checkbox name=b checked>", [("b", "on")]),
        ("<input type=radio name=a value=1><input type=radio name=a value=2 checked>", [("a", "2")]),
        ("<input name=a disabled><input name=b form=other><input type=submit name=c>", []),
        (
            "<fieldset disabled><legend><input name=a></legend><legend><input name=b></legend><input name=c>",
            [("a", "")],
        ),
        ("<fieldset disabled><fieldset><legend><input name=a></legend></fieldset></fieldset>", []),
        ("<select name=a><option>One  two<option value=2></select>", [("a", "One two")]),
        ("<select name=a><option disabled value=1><option value=2></select>", [("a", "2")]),
        ("<select name=a><option value=1><option disabled selected value=2></select>", []),
        ("<select name=a><optgroup disabled><option value=1></optgroup><option value=2></select>", [("a", "2")]),
        ("<select name=a multiple><option value=1 selected><option value=2></select>", [("a", "1")]),
        ("<textarea name=a>\n\nx\ry</textarea>", [("a", "\r\nx\r\ny")]),
        ("<template><input name=a></template><datalist><input name=b></datalist>", []),
        ("<details><input name=a></details><p hidden><input name=b></p>", [("a", ""), ("b", "")]),
        ("<button name=a value=1></button>", []),
    ],
)
def test_the_browser_of_these_tests_follows_html(entries: Entries, html: str, posted: list[tuple[str, str]]) -> None:
    assert entries(html) == posted


@pytest.mark.parametrize(
    "value",
    [forms.ABSENT, pytest.param({}, marks=pytest.mark.exhaustive), FILLED],
    ids=["blank", "empty", "filled"],
)
def test_every_kind_of_field_is_named_described_and_tied_to_its_errors(value: JSON, page: Open, faults: Faults) -> None:
    said = [forms.FieldError(f"/{name}", f"{name} is wrong.") for name in (*EVERY_KIND["properties"], "list/0/n", "")]
    inputs = forms.open_form(EVERY_KIND, value, errors=said, edit_url="/edit", preview_url="/preview").markup
    auth = forms.open_form(EVERY_KIND, value, errors=said, prefix="auth", edit_url="/edit").markup
    opened = page(inputs + auth)
    assert faults(opened.soup) == []
    told = opened.soup.find_all(class_="error")
    assert sum(len(one.find_all("p")) for one in told) == 2 * len(said)
    for words in told:
        assert opened.soup.select(f'[aria-describedby~="{words["id"]}"]'), words


@pytest.mark.parametrize("kind", ["object", "array", "string", "boolean", "integer"])
def test_a_root_of_any_kind_has_a_name(kind: str, page: Open, faults: Faults) -> None:
    for schema in ({"type": kind}, {"type": [kind, "null"]}, {"oneOf": [{"type": kind}, {"type": "null"}]}):
        assert faults(page(forms.open_form(schema).markup).soup) == []


ODD = ["\0", "\ud800", "\x07", "\x85", "\ufffe", "\r", "\u2028", "</textarea>", "'\"", " "]


@each_case("word", ODD)
def test_words_that_a_page_cannot_carry_stop_nothing(word: str, entries: Entries, page: Open, faults: Faults) -> None:
    one: JSON = {"type": "string", "title": word, "description": word, "examples": [word], "default": word}
    schema: JSON = {
        "type": "object",
        "title": word,
        "properties": {
            word: one,
            "e": {"enum": [word, "x"]},
            "r": {"$ref": word},
            "p": {"patternProperties": {word: {}}},
        },
        "required": [word],
    }
    value: JSON = {"zz" + word: {word: [word]}, word: word, "e": word}
    for markup, wanted in (
        (forms.open_form(schema).markup, {word: word}),
        (forms.open_form(schema, value).markup, value),
    ):
        sent = markup.encode().decode()
        assert faults(page(sent).soup) == []
        assert json.dumps(forms.read(schema, entries(sent)).value) == json.dumps(wanted)


def test_ids_and_names_tell_nothing_of_the_schema(page: Open) -> None:
    schema: JSON = {"type": "object", "properties": {"prop": {"type": "object", "additionalProperties": True}}}
    opened = page(forms.open_form(schema, {"prop": {"member": {"leaf": [1]}}}).markup)
    for one in opened.soup.find_all(True):
        said = f"{one.get('id', '')} {one.get('name', '')} {one.get('for', '')}"
        assert not {"prop", "member", "leaf"} & set(said.replace("-", " ").replace(".", " ").split())
