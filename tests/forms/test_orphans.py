"""Texts of fields that the schema no longer has: shown and posted again until they are discarded, and never sent."""

from typing import Any

import pytest

from workbench import forms
from workbench.forms.orphans import DISCARD

TEXTS: Any = {"a": {"type": "string"}, "b": {"type": "string"}, "n": {"type": "integer"}}
OLD: Any = {"type": "object", "properties": TEXTS}
NEW: Any = {"type": "object", "properties": {"b": {"type": "string"}, "z": {"type": "string"}}}
VALUE = {"a": "<one>\n two", "b": "kept", "n": 7}


def texts(opened: Any) -> list[str]:
    return [box.get_text().removeprefix("\n") for box in opened.soup.select(".orphans textarea[readonly]")]


@pytest.fixture
def posted(page: Any) -> list[tuple[str, str]]:
    """What a form of the old schema posts."""
    return list(page(forms.open_form(OLD, VALUE).markup).pairs())


def test_they_are_shown_and_do_not_keep_the_rest_from_being_sent(page: Any, posted: list[tuple[str, str]]) -> None:
    assert (forms.read(NEW, posted).value, forms.read(NEW, posted).errors) == ({"b": "kept"}, ())
    opened = page(forms.edit(NEW, posted).markup)
    assert texts(opened) == ["<one>\n two", "7"]
    assert opened.soup.select_one(".orphans h2").text == "No longer in the schema"


def test_they_stay_from_one_edit_to_the_next_until_they_are_discarded(page: Any, posted: list[tuple[str, str]]) -> None:
    again = page(forms.edit(NEW, posted).markup).pairs()
    opened = page(forms.edit(NEW, [*again, ("inputs.op", "open:none")]).markup)
    assert texts(opened) == ["<one>\n two", "7"]
    discarded = page(forms.edit(NEW, [*opened.pairs(), ("inputs.op", DISCARD)]).markup)
    assert texts(discarded) == []
    assert forms.read(NEW, discarded.pairs()).value == {"b": "kept"}


def test_they_go_back_to_their_fields_with_the_schema(page: Any, posted: list[tuple[str, str]]) -> None:
    opened = page(forms.edit(NEW, posted).markup)
    assert forms.read(OLD, opened.pairs()).value == VALUE
    migrated = forms.migrate_pairs(NEW, {"type": "object", "properties": {"y": {}}}, opened.pairs())
    assert migrated is not None
    assert {"<one>\n two", "7"} <= {text for _, text in migrated}


@pytest.mark.usefixtures("small_page")
def test_closed_values_side_by_side_are_kept_as_json(page: Any) -> None:
    old = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(85)}}
    new = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(84)}}
    value = {f"p{n}": "v" for n in range(85)}
    opened = page(forms.edit(new, page(forms.open_form(old, value).markup).pairs()).markup)
    assert texts(opened) == ['{"p84": "v"}']
    assert texts(page(forms.edit(new, opened.pairs()).markup)) == ['{"p84": "v"}']


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_a_secret_among_them_is_named_and_not_shown(page: Any, kind: str) -> None:
    old = {"type": "object", "properties": {"token": {"type": kind, "format": "password"}}}
    opened = page(forms.open_form(old).markup)
    pairs = [(name, "90125" if name == secret_name(opened) else text) for name, text in opened.pairs()]
    assert "90125" in dict(pairs).values()
    markup = forms.edit(NEW, pairs).markup
    assert "90125" not in markup
    assert "A secret, which is not shown." in markup


def secret_name(opened: Any) -> str:
    return str(opened.soup.select_one("input[type=password]")["name"])
