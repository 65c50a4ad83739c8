"""Objects of thousands of members: those beyond a page stand in runs, and are posted with what they hold."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from workbench import forms
from workbench.domain import JSON

type Open = Callable[..., Any]
type Submit = Callable[..., list[tuple[str, str]]]

KINDS: list[JSON] = [
    {"type": "string"},
    {"type": "integer"},
    {"type": "boolean"},
    {"enum": ["a", None]},
    {},
    {"type": "object", "properties": {"x": {"type": "string"}}},
    {"type": "array", "items": {"type": "string"}},
    {"oneOf": [{"type": "integer"}, {"type": "object"}]},
    {"not": {}, "$ref": "#/nowhere"},
]
VALUES: list[JSON] = ["", 1, True, None, {"k": [1.0]}, {"x": "y"}, ["\n"], {"z": {}}, 9007199254740993]


def wide(size: int, kinds: list[JSON] = KINDS) -> dict[str, Any]:
    return {"type": "object", "properties": {f"p{n}": kinds[n % len(kinds)] for n in range(size)}}


def lines(page: Any) -> list[str]:
    return [one.get_text(" ", strip=True) for one in page.soup.select(".range")]


def test_fields_beyond_a_page_stand_in_runs_and_open_when_asked(session: Open) -> None:
    form = session(wide(470, [{"type": "string"}]), {"p469": "set", "p460": ""})
    assert form.page.control("p469")["value"] == "set"
    assert lines(form.page)[0] == "p250 … p449 200 more fields Show 200 fields p250 … p449"
    form.press("Show 200 fields p250 … p449")
    assert form.page.control("p250").has_attr("autofocus")
    form.page.fill("p300", "x")
    assert json.loads(form.json) == {"p300": "x", "p460": "", "p469": "set"}
    assert len(form.page.pairs()) < forms.MAX_PARTS


@pytest.mark.usefixtures("small_page")
def test_showing_a_run_changes_nothing_that_is_sent(session: Open) -> None:
    value = {f"p{n}": VALUES[n % len(VALUES)] for n in range(100) if n % 7}
    form = session(wide(100), value)
    assert form.json == json.dumps(value)
    form.press(re.sub(r".*(Show)", r"\1", lines(form.page)[0]))
    assert form.json == json.dumps(value)


def test_a_run_says_how_much_in_it_is_required_and_filled(page: Callable[[str], Any]) -> None:
    schema = {**wide(450, [{"type": "integer", "default": 1}]), "required": ["p420", "p430"]}
    assert "51 more fields, 2 required, 51 filled" in lines(page(forms.open_form(schema).markup))[0]


@pytest.mark.usefixtures("small_page")
@pytest.mark.parametrize("size", [235, pytest.param(5000, marks=pytest.mark.exhaustive)])
def test_what_is_held_in_runs_comes_back(size: int, submit: Submit) -> None:
    schema = wide(size)
    for value in ({}, {f"p{n}": VALUES[n % len(VALUES)] for n in range(size)}, {f"p{size - 1}": "wrong", "zz": 1}):
        pairs = submit(forms.open_form(schema, value).markup)
        assert len(pairs) < forms.MAX_PARTS / 2
        reading = forms.read(schema, pairs)
        assert (json.dumps(reading.value), reading.errors) == (json.dumps(value), ())


def test_a_blank_form_of_thousands_of_members_gives_only_their_defaults(submit: Submit) -> None:
    schema = wide(2000, [{"type": "string"}, {"type": "integer", "default": 7}])
    defaults = {f"p{n}": 7 for n in range(1, 2000, 2)}
    assert forms.read(schema, submit(forms.open_form(schema).markup)).value == defaults


@pytest.mark.usefixtures("small_page")
def test_runs_travel_with_an_object_that_is_not_shown(session: Open) -> None:
    schema = {"type": "object", "properties": {"o": wide(100)}}
    value = {"o": {f"p{n}": VALUES[n % len(VALUES)] for n in range(100)}}
    form = session(schema, value)
    form.press("Open o")
    assert lines(form.page)
    assert form.json == json.dumps(value)
    form.press("Edit as JSON o").press("Back to the form o")
    assert form.json == json.dumps(value)


@pytest.mark.usefixtures("small_page")
def test_an_error_in_a_run_opens_its_field(page: Callable[[str], Any]) -> None:
    opened = page(forms.open_form(wide(900, [{"type": "string"}]), errors=[forms.FieldError("/p600", "wrong")]).markup)
    assert opened.control("p600")["aria-invalid"] == "true"
    assert not opened.soup.find("label", string="p601")


@pytest.mark.usefixtures("small_page")
def test_a_secret_stays_out_of_runs(session: Open) -> None:
    schema = wide(
        150, [{"type": "string"}, {"type": "object", "properties": {"k": {"type": "string", "format": "password"}}}]
    )
    value: dict[str, JSON] = {f"p{n}": {"k": f"geheim-{n}"} if n % 2 else "v" for n in range(150)}
    form = session(schema, value, value)
    assert "geheim" not in form.page.html
    assert form.read().value == value


def test_a_run_that_no_longer_is_what_it_was_loses_nothing_unsaid() -> None:
    schema = wide(900, [{"type": "string"}])
    value = {f"p{n}": "v" for n in range(900)}
    name = re.findall(r'name="(inputs\.n\w+\.rest)"', forms.open_form(schema, value).markup)[0]
    gone = forms.read(schema, [(name, '{"p700": "x", "gone": 1}')])
    assert gone.value == {"p700": "x"}
    assert gone.errors == ()
    assert "&#34;gone&#34;: 1" in forms.edit(schema, [(name, '{"p700": "x", "gone": 1}')]).markup
    broken = forms.read(schema, [(name, '{"p700": ')])
    assert (broken.value, broken.errors[0].text) == ({}, '{"p700": ')


def test_a_blank_page_of_five_thousand_members_stays_small() -> None:
    assert len(forms.open_form(wide(5000, [{"type": "string"}]), edit_url="/edit").markup) < 400_000
