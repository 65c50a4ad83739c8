"""The JSON text of a form with secrets: a mask for each, replaced, moved or kept; none of them is ever in the page."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from workbench import forms
from workbench.domain import ABSENT, JSON
from workbench.forms.held_secrets import HeldSecrets

from .conftest import Page

SECRET: JSON = {"type": "string", "format": "password", "label": "Key"}
SCHEMA: JSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "key": SECRET,
        "hosts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"url": {"type": "string"}, "token": {**SECRET, "label": "Token"}},
            },  # type: ignore[dict-item]
        },
    },
}
STORED: JSON = {
    "name": "n",
    "key": "s3cret-key",
    "hosts": [{"url": "a", "token": "s3cret-a"}, {"url": "b", "token": "s3cret-b"}],
}


class Kept:
    """A page that keeps secrets for its form."""

    def __init__(self, value: Any = ABSENT, schema: JSON = SCHEMA, *, masks: bool = False) -> None:
        self.schema, self.held = schema, HeldSecrets(value)
        self.page = Page(forms.open_form(schema, value, edit_url="/edit", masks_secrets=masks).markup)

    def act(self, op: str) -> "Kept":
        pairs = [*self.page.pairs(), ("inputs.op", op)]
        edit = forms.edit(self.schema, pairs, held=self.held)
        assert edit.held is not None
        self.held, self.page = edit.held, Page(edit.markup)
        assert "s3cret" not in self.page.html
        return self

    @property
    def text(self) -> str:
        return self.page.soup.select_one("textarea.code").get_text().removeprefix("\n")

    def type(self, text: str) -> "Kept":
        self.page.soup.select_one("textarea.code").string = text
        return self

    @property
    def value(self) -> Any:
        reading = forms.read(self.schema, self.page.pairs(), held=self.held)
        assert reading.errors == (), reading.errors
        return reading.value


def test_a_form_with_a_blank_secret_can_be_json() -> None:
    page = Kept().act(forms.AS_JSON)
    assert page.type('{"name": "x"}').value == {"name": "x"}
    assert page.act(forms.AS_FORM).value == {"name": "x"}


def test_set_secrets_are_masked_and_kept_there_and_back() -> None:
    page = Kept(STORED).act(forms.AS_JSON)
    assert '"key": "‹secret 1›"' in page.text
    shown = json.loads(page.text)
    assert shown["name"] == "n"
    assert len({shown["key"], *(host["token"] for host in shown["hosts"])}) == 3
    assert page.value == STORED
    assert page.act(forms.AS_FORM).value == STORED


def test_masks_go_where_they_are_moved_and_a_typed_text_replaces_one() -> None:
    page = Kept(STORED).act(forms.AS_JSON)
    shown = json.loads(page.text)
    changed = {"key": "s3cret-new", "hosts": [*reversed(shown["hosts"]), {"token": shown["key"]}]}
    wanted = {
        "key": "s3cret-new",
        "hosts": [{"url": "b", "token": "s3cret-b"}, {"url": "a", "token": "s3cret-a"}, {"token": "s3cret-key"}],
    }
    page.type(json.dumps(changed))
    assert page.value == wanted
    page.act("")  # a run that was refused renders the form again
    assert page.value == wanted
    assert page.act(forms.AS_FORM).value == wanted
    assert page.act(forms.AS_JSON).value == wanted


def test_a_secret_that_was_typed_into_the_form_is_in_the_json_as_a_mask() -> None:
    page = Kept()
    page.page.fill("Key", "s3cret-typed").fill("name", "x")
    page.act(forms.AS_JSON)
    assert page.value == {"name": "x", "key": "s3cret-typed"}
    assert page.act(forms.AS_FORM).value == {"name": "x", "key": "s3cret-typed"}


def test_a_secret_that_was_typed_into_a_row_is_kept_too() -> None:
    page = Kept({"hosts": [{"url": "a"}]})
    page.page.fill("Token", "s3cret-row")
    page.act(forms.AS_JSON)
    assert page.value == {"hosts": [{"url": "a", "token": "s3cret-row"}]}
    assert page.act(forms.AS_FORM).value == {"hosts": [{"url": "a", "token": "s3cret-row"}]}


@pytest.mark.parametrize("text", ['{"key": "s3cret-x", }', '{"key": "s3cret-x', '{"key" : "s3cret-x"} }'])
def test_text_that_is_no_json_has_masks_and_goes_on(text: str) -> None:
    page = Kept().act(forms.AS_JSON).type(text).act("")
    assert page.text.startswith('{"key"')
    assert page.type('{"key": "‹secret 1›"}').value == {"key": "s3cret-x"}


def test_a_mask_that_has_expired_is_an_error() -> None:
    page = Kept().act(forms.AS_JSON).type('{"key": "‹secret 7›"}')
    (error,) = forms.read(SCHEMA, page.page.pairs(), held=page.held).errors
    assert error.message == "“‹secret 7›” stands for a secret that this page no longer has. Type the secret itself."


def test_a_secret_object_is_one_mask(submit: Callable[..., Any]) -> None:
    schema: JSON = {"type": "object", "properties": {"auth": {"type": "object", "format": "password"}}}
    page = Kept({"auth": {"deep": "s3cret"}}, schema).act(forms.AS_JSON)
    assert json.loads(page.text) == {"auth": "‹secret 1›"}
    assert page.value == {"auth": {"deep": "s3cret"}}


def test_a_form_without_secrets_keeps_nothing() -> None:
    schema: JSON = {"type": "object", "properties": {"note": {"type": "string"}}}
    page = Kept({"note": "‹secret 1›"}, schema).act(forms.AS_JSON)
    assert page.held == HeldSecrets({"note": "‹secret 1›"})
    assert json.loads(page.text) == {"note": "‹secret 1›"}
    assert page.value == {"note": "‹secret 1›"}


NESTED: JSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "account": {"type": "object", "title": "Account", "properties": {"mail": {"type": "string"}, "key": SECRET}},
        "other": {"type": "object", "title": "Other", "properties": {"key": SECRET}},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"key": SECRET}}},
    },
}
HELD: JSON = {
    "name": "n",
    "account": {"mail": "a@b.c", "key": "s3cret-1"},
    "other": {"key": "s3cret-2"},
    "rows": [{"key": "s3cret-3"}],
}


def as_json(page: Kept, label: str) -> Kept:
    return page.act(page.page.button(f"Edit as JSON {label}")["value"])


def test_one_object_with_secrets_is_json_with_masks_and_a_form_again() -> None:
    page = Kept(HELD, NESTED, masks=True)
    as_json(page, "Account")
    assert json.loads(page.text) == {"mail": "a@b.c", "key": "‹secret 1›"}
    assert page.value == HELD
    assert page.act(page.page.button("Back to the form Account")["value"]).value == HELD


def test_masks_of_two_objects_do_not_meet_and_are_kept_replaced_and_dropped() -> None:
    page = Kept(HELD, NESTED, masks=True)
    as_json(as_json(page, "Account"), "Other")
    first, second = page.page.soup.select("textarea.code")
    assert (json.loads(first.text)["key"], json.loads(second.text)) == ("‹secret 1›", {"key": "‹secret 2›"})
    first.string, second.string = '{"mail": "x", "key": "s3cret-new"}', '{"key": "‹secret 1›"}'
    wanted = HELD | {"account": {"mail": "x", "key": "s3cret-new"}, "other": {"key": "s3cret-1"}}  # type: ignore[operator]
    assert page.value == wanted
    page.act("")  # a run that was refused renders the form again
    assert page.value == wanted
    page.act(page.page.button("Back to the form Other")["value"])
    page.act(page.page.button("Back to the form Account")["value"])
    assert page.value == wanted
    as_json(page, "Other").type("{}")
    assert page.act(page.page.button("Back to the form Other")["value"]).value == wanted | {"other": {}}


def test_a_secret_that_was_typed_is_a_mask_in_the_json_of_its_object() -> None:
    page = Kept({"account": {"mail": "m"}}, NESTED, masks=True)
    page.page.fill("Key", "s3cret-typed")
    as_json(page, "Account")
    assert page.value == {"account": {"mail": "m", "key": "s3cret-typed"}}
    assert page.act(page.page.button("Back to the form Account")["value"]).value == {
        "account": {"mail": "m", "key": "s3cret-typed"}
    }


def test_what_stands_in_a_row_has_no_json_of_its_own() -> None:
    names = [one.get_text(" ", strip=True) for one in Kept(HELD, NESTED, masks=True).page.soup.find_all("button")]
    assert [one for one in names if one.startswith("Edit as JSON")] == [
        f"Edit as JSON {label}" for label in ("name", "Account", "mail", "Other", "rows")
    ]
