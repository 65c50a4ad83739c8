"""Secrets: unchanged, replaced and cleared are three things, and none of them is ever written into the page."""

from collections.abc import Callable
from typing import Any

from workbench import forms

type Open = Callable[..., Any]

SECRET = {"type": "string", "format": "password", "label": "Password"}
AUTH = {
    "type": "object",
    "properties": {"user": {"type": "string", "label": "User name"}, "password": SECRET},
    "required": ["user", "password"],
}
STORED = {"user": "ada", "password": 'p)%>+$:"é'}


def test_a_stored_secret_is_masked_and_stays_as_it_is(session: Open) -> None:
    form = session(AUTH, STORED, STORED)
    assert "p)%" not in form.page.html
    field = form.page.control("Password")
    assert (field["type"], field["value"], field["autocomplete"]) == ("password", "", "new-password")
    assert form.read().value == STORED
    assert form.read().unchanged == ("/password",)


def test_without_the_stored_value_an_unchanged_secret_is_left_out_and_named(session: Open) -> None:
    form = session(AUTH, STORED)
    assert form.read().value == {"user": "ada"}
    assert form.read().unchanged == ("/password",)


def test_a_secret_is_replaced(session: Open) -> None:
    form = session(AUTH, STORED, STORED)
    form.page.fill("Password", "new")
    assert form.read().value == {"user": "ada", "password": "new"}
    assert form.read().unchanged == ()


def test_a_secret_of_several_lines_is_kept_as_it_is_typed(session: Open) -> None:
    form = session(AUTH, STORED, STORED).press("Write several lines Password")
    assert form.page.control("Password").name == "textarea"
    assert form.read().value == STORED
    form.page.fill("Password", "-----BEGIN KEY-----\nabc\n")
    assert form.read().value == {"user": "ada", "password": "-----BEGIN KEY-----\nabc\n"}


def test_a_secret_is_cleared_or_emptied(session: Open) -> None:
    form = session(AUTH, STORED, STORED)
    form.page.blank("Password", "cleared")
    assert form.read().value == {"user": "ada"}
    form.page.blank("Password", 'send ""')
    assert form.read().value == {"user": "ada", "password": ""}


def test_a_secret_that_was_never_set_is_absent(session: Open) -> None:
    form = session(AUTH, {"user": "ada"}, {"user": "ada"})
    assert "unchanged" not in form.page.text()
    assert form.read().value == {"user": "ada"}


def test_secrets_known_by_name_alone_are_unchanged() -> None:
    assert "unchanged" in forms.open_form(AUTH, {"user": "ada"}, secrets=["password"]).markup


def test_what_was_typed_is_not_sent_back_after_an_edit(session: Open) -> None:
    schema = {**AUTH, "properties": {**AUTH["properties"], "hosts": {"type": "array", "items": {"type": "string"}}}}
    form = session(schema, STORED, STORED)
    form.page.fill("Password", "typed-secret")
    form.press("Add item to hosts")
    assert "typed-secret" not in form.page.html
    assert "Type it again" in form.page.text()


def test_no_json_text_is_offered_of_a_form_with_secrets(session: Open, submit: Callable[..., Any]) -> None:
    form = session(AUTH, STORED, STORED)
    buttons = [" ".join(one.get_text().split()) for one in form.page.soup.find_all("button")]
    assert [one for one in buttons if "JSON" in one] == ["Edit as JSON User name"]
    edit = forms.edit(AUTH, [*form.page.pairs(), ("inputs.op", forms.AS_JSON)], previous=STORED)
    assert "p)%" not in edit.markup
    assert "Edit it as a form, not as JSON" in edit.markup
    assert edit.reading.value == STORED


def test_a_stored_secret_of_a_wrong_type_is_not_shown(session: Open) -> None:
    form = session(
        AUTH, {"user": "ada", "password": {"deep": "geheim"}}, {"user": "ada", "password": {"deep": "geheim"}}
    )
    assert "geheim" not in form.page.html
    assert form.read().value == {"user": "ada", "password": {"deep": "geheim"}}


def test_secrets_inside_of_what_cannot_be_shown_stay_out_of_the_page(session: Open) -> None:
    inner = {"type": "object", "properties": {"key": SECRET}}
    schema = {"type": "object", "properties": {"list": {"type": "array", "items": inner}, "one": inner}}
    stored = {"list": [{"key": "geheim-1"}] * 3000, "one": {"key": "geheim-2"}}
    form = session(schema, stored, stored)
    assert "geheim" not in form.page.html
    assert form.read().value == stored


def test_a_removed_row_takes_its_own_secret_with_it(session: Open) -> None:
    schema = {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}, "key": SECRET}}}
    stored = [{"name": name, "key": f"secret of {name}"} for name in ("a", "b", "c")]
    form = session(schema, stored, stored).press("Remove Item 1 of Value").press("Move down Item 1 of Value")
    assert form.read().value == [stored[2], stored[1]]
    form.press("Duplicate Item 1 of Value")
    assert form.read().value == [stored[2], {"name": "c"}, stored[1]], "a copy has no secret until one is typed"
