"""Secrets of every type: never in a page, unchanged, replaced or cleared, and kept by the page while it is edited."""

import pytest
from bs4 import BeautifulSoup

from workbench import forms

PIN = 987654321
SCHEMA = {
    "type": "object",
    "properties": {
        "pin": {"type": "integer", "format": "password"},
        "rate": {"type": "number", "format": "password"},
        "account": {"type": "object", "format": "password"},
        "keys": {"type": "array", "items": {"type": "string"}, "format": "password"},
        "any": {"format": "password"},
        "choice": {"type": ["string", "integer"], "format": "password"},
        "key": {"type": "string", "format": "password"},
        "host": {"type": "string"},
    },
}
VALUE = {
    "pin": PIN,
    "rate": 0.123456,
    "account": {"private_key": "MIIE-private"},
    "keys": ["one-of-the-keys"],
    "any": {"a": "inside-of-any"},
    "choice": 31415926,
    "key": "a-key-of-text",
    "host": "example.org",
}
SECRETS = (str(PIN), "0.123456", "MIIE-private", "one-of-the-keys", "inside-of-any", "31415926", "a-key-of-text")


def pairs_of(markup):
    """What a browser posts of the form as it stands."""
    found = []
    for control in BeautifulSoup(markup, "html.parser").find_all(["input", "select", "textarea"]):
        name = control.get("name")
        if name is None or (control.get("type") == "radio" and not control.has_attr("checked")):
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            found.append((name, chosen["value"]))
        else:
            found.append((name, control.text.removeprefix("\n") if control.name == "textarea" else control["value"]))
    return found


def test_secrets_of_every_type_stay_out_of_the_page_and_keep_their_type():
    markup = forms.open_form(SCHEMA, VALUE).markup
    assert not [secret for secret in SECRETS if secret in markup]
    assert "example.org" in markup
    reading = forms.read(SCHEMA, pairs_of(markup), previous=VALUE)
    assert reading.errors == ()
    assert reading.value == VALUE
    assert type(reading.value["pin"]) is int


def control(markup, label):
    page = BeautifulSoup(markup, "html.parser")
    return page.find(id=page.find("label", string=label)["for"])["name"]


@pytest.mark.parametrize(("typed", "value"), [("42", 42), ("", PIN)])
def test_an_integer_is_replaced_or_unchanged(typed, value):
    markup = forms.open_form(SCHEMA, VALUE).markup
    name = control(markup, "pin")
    pairs = [(one, typed if one == name else text) for one, text in pairs_of(markup)]
    assert forms.read(SCHEMA, pairs, previous=VALUE).value["pin"] == value


def test_an_integer_is_cleared():
    markup = forms.open_form(SCHEMA, VALUE).markup
    name = control(markup, "pin") + ".blank"
    pairs = [(one, "" if one == name else text) for one, text in pairs_of(markup)]
    assert "pin" not in forms.read(SCHEMA, pairs, previous=VALUE).value


def test_a_typed_secret_is_not_quoted_by_its_error():
    markup = forms.open_form(SCHEMA).markup
    name = control(markup, "pin")
    pairs = [(one, "12x34" if one == name else text) for one, text in pairs_of(markup)]
    edit = forms.edit(SCHEMA, pairs, errors=forms.read(SCHEMA, pairs).errors)
    assert "not a number in JSON" in edit.markup
    assert "12x34" not in edit.markup


def test_typed_secrets_are_stored_while_the_form_is_edited():
    markup = forms.open_form(SCHEMA).markup
    typed = {control(markup, "pin"): "777001", control(markup, "key"): "typed-key", control(markup, "host"): "a.org"}
    pairs = [(one, typed.get(one, text)) for one, text in pairs_of(markup)]
    edit = forms.edit(SCHEMA, pairs, store_secrets=True)
    assert edit.reading.stored == ("/pin", "/key")
    assert "777001" not in edit.markup
    assert "typed-key" not in edit.markup
    again = forms.read(SCHEMA, pairs_of(edit.markup), previous=edit.reading.value)
    assert again.value == {"pin": 777001, "key": "typed-key", "host": "a.org"}


def test_which_names_a_schema_declares():
    schema = {
        "properties": {"a": {}},
        "patternProperties": {"^x-": {}},
        "oneOf": [{"properties": {"b": {}}}, {"properties": {"c": {}}}],
    }
    assert [name for name in ("a", "b", "c", "x-y", "d") if forms.declares(schema, name)] == ["a", "b", "c", "x-y"]
    assert not forms.declares(None, "a")
    assert not forms.declares({"type": "array"}, "a")
