"""A form drawn of one schema and posted after the schema was edited: what was typed is kept, and placed or flagged."""

from typing import Any

import pytest

from workbench import forms
from workbench.forms.draft import ROOT_ID, member_id

OLD: Any = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "times": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "secret": {"type": "string", "format": "password"},
    },
}


def without(*names: str, **more: Any) -> Any:
    """The schema with properties taken out, and others put in."""
    kept = {name: one for name, one in OLD["properties"].items() if name not in names}
    return {**OLD, "properties": kept | more}


@pytest.fixture
def pairs(page: Any) -> list[tuple[str, str]]:
    """What a form of the old schema posts."""
    drawn = page(forms.open_form(OLD, {"name": "Ada", "times": 3, "tags": ["a", "b"]}).markup)
    return list(drawn.pairs())


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        without(more={"type": "string"}),
        without(name={"type": "string", "description": "Whose?", "maxLength": 2}),
        without(times={"type": "string"}),
    ],
)
def test_nothing_moves_where_everything_has_its_place(pairs: list[tuple[str, str]], new: Any) -> None:
    assert forms.migrate_pairs(OLD, new, pairs) is None


@pytest.mark.parametrize(
    "new",
    [
        without("name"),
        without("tags", "times"),
        without(tags={"type": "string"}),
        without("name", full_name={"type": "string"}),
        {"type": "array", "items": {}},
    ],
)
def test_the_value_is_the_same_as_before(pairs: list[tuple[str, str]], new: Any) -> None:
    moved = forms.migrate_pairs(OLD, new, pairs)
    assert moved is not None
    reading = forms.read(new, moved)
    assert reading.value == {"name": "Ada", "times": 3, "tags": ["a", "b"]}
    assert reading.errors == ()


def test_text_that_is_no_value_and_secrets_stay_in_their_fields(page: Any, pairs: list[tuple[str, str]]) -> None:
    (times,) = [name for name, value in pairs if value == "3"]
    secret = page(forms.open_form(OLD).markup).soup.select_one("input[type=password]")["name"]
    typed = [(name, "1_0" if name == times else "s" if name == secret else text) for name, text in pairs]
    new = without("name")
    moved = forms.migrate_pairs(OLD, new, typed)
    assert moved is not None
    reading = forms.read(new, moved)
    assert reading.value == {"name": "Ada", "tags": ["a", "b"], "secret": "s"}
    assert [error.text for error in reading.errors] == ["1_0"]


def test_texts_whose_field_is_gone_name_it_and_secrets_do_not_become_plain_text(page: Any) -> None:
    key = {"type": "string", "format": "password"}
    inner = {"type": "object", "properties": {"key": key, "n": {"type": "integer"}}}
    old = {"type": "object", "properties": {"a": {"type": "integer"}, "deep": inner, "b": {"type": "string"}}}
    new = {"type": "object", "properties": {"b": {"type": "string"}}}
    deep = member_id(ROOT_ID, "deep")
    typed = {"a": "1_0", "b": "kept"}
    pairs = [(f"inputs.{member_id(ROOT_ID, name)}", text) for name, text in typed.items()]
    pairs += [(f"inputs.{deep}.in", "in"), (f"inputs.{member_id(deep, 'n')}", "3")]
    pairs.append((f"inputs.{member_id(deep, 'key')}", "hunter22"))
    moved = forms.migrate_pairs(old, new, pairs)
    assert moved is not None
    assert forms.read(new, moved).value == {"b": "kept", "deep": {"n": 3}}
    for names in (["/a", "/deep/key"], ["/a"]):  # texts stay from one edit to the next, secrets do not
        markup = forms.edit(new, moved).markup
        assert "hunter22" not in markup
        opened = page(markup)
        assert [one.text for one in opened.soup.select(".orphans li code")] == names
        moved = list(opened.pairs())
    assert forms.read(old, moved).errors[0].text == "1_0"
