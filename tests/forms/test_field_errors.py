"""Errors stand at their field, with a summary that jumps there; what was said of a closed place opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbench import forms
from workbench.schema import diagnose

type Open = Callable[..., Any]


@dataclass(frozen=True)
class Said:
    pointer: str
    message: str


SCHEMA = {
    "type": "object",
    "properties": {
        "a": {"type": "string", "label": "First"},
        "l": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "b": {"type": "boolean"},
    },
    "required": ["a"],
}


def jumps(page: Any) -> list[tuple[str, str]]:
    return [(link.get_text(), link["href"][1:]) for link in page.soup.select(".errors a")]


def test_an_error_stands_at_its_field_and_in_the_summary(page: Callable[[str], Any]) -> None:
    opened = page(forms.open_form(SCHEMA, {}, errors=[Said("/a", "a is missing.")]).markup)
    control = opened.control("First")
    assert control["aria-invalid"] == "true"
    error = next(part for part in control["aria-describedby"].split() if part.endswith("-e"))
    assert opened.soup.find(id=error).get_text() == "a is missing."
    assert jumps(opened) == [("First", control["id"])]
    assert "1 error" in opened.text()


def test_every_jump_leads_to_an_element(page: Callable[[str], Any]) -> None:
    value = {"l": [{"n": "x"}], "b": 5, "zz": {"q": 1}}
    said = [
        Said(pointer, f"wrong: {pointer}") for pointer in ("/a", "/l/0/n", "/b", "/zz/q", "/l", "", "/nowhere/at/all")
    ]
    opened = page(forms.open_form(SCHEMA, value, errors=said).markup)
    assert len(jumps(opened)) == len(said)
    for _, target in jumps(opened):
        assert opened.soup.find(id=target) is not None


def test_faults_of_the_schema_room_fit(page: Callable[[str], Any]) -> None:
    faults = diagnose(SCHEMA, {"l": [{"n": 1.5}]}).errors
    opened = page(forms.open_form(SCHEMA, {"l": [{"n": 1.5}]}, errors=faults).markup)
    assert {label for label, _ in jumps(opened)} == {"First", "n"}


def test_an_error_about_a_closed_place_opens_it(page: Callable[[str], Any]) -> None:
    deep: Any = {"type": "object", "properties": {"leaf": {"type": "string"}}}
    for _ in range(9):
        deep = {"type": "object", "properties": {"in": deep}}
    pointer = "/in" * 9 + "/leaf"
    assert not page(forms.open_form(deep).markup).soup.find("label", string="leaf")
    opened = page(forms.open_form(deep, errors=[Said(pointer, "leaf is missing.")]).markup)
    assert jumps(opened) == [("leaf", opened.control("leaf")["id"])]


def test_an_error_in_what_is_posted_opens_its_place_too(session: Open) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#"}}}
    form = session(schema)
    edit = forms.edit(schema, form.page.pairs(), errors=[Said("/next/next/name", "missing")])
    assert edit.markup.count("missing") >= 2
    opened = type(form.page)(edit.markup)
    assert jumps(opened) == [("name", opened.control("name", 2)["id"])]


def test_the_form_s_own_word_comes_before_the_schema_s(session: Open) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    form = session(schema)
    form.page.fill("n", "many")
    edit = forms.edit(schema, form.page.pairs(), errors=[Said("/n", "/n is missing.")])
    assert "is not a number in JSON" in edit.markup
    assert "/n is missing." not in edit.markup


def test_a_redraw_without_an_operation_keeps_everything_as_typed(session: Open) -> None:
    form = session(SCHEMA)
    form.page.fill("First", " typed ").take("b", "true")
    edit = forms.edit(SCHEMA, form.page.pairs(), errors=[Said("/l", "l is missing.")])
    assert forms.read(SCHEMA, type(form.page)(edit.markup).pairs()).value == {"a": " typed ", "b": True}
