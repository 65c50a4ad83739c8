"""The credentials as JSON text: masks for what is set, kept, replaced, and never in the page."""

import json

import pytest

from workbench import forms

from .conftest import pairs_of


@pytest.fixture
def visitor(live):
    """Somebody on the page of a greeter without credentials."""
    live.app.extensions["workbench"].vault.forget("greeter")
    return live.inside()


@pytest.fixture
def kept(live):
    """What is saved."""
    return lambda: live.app.extensions["workbench"].vault.get("greeter").values


def test_the_form_is_json_text_with_masks_and_a_form_again(visitor, kept, auth_form):
    form = auth_form(visitor)
    form.post("", {form.control("Password"): "s3cret-one"})
    form.post("/form", {"auth.op": forms.AS_JSON})
    (name,) = (one["name"] for one in form.page.find(id="auth-form").find_all("textarea"))
    assert json.loads(pairs_of(form.text)[name])["password"] == "‹secret 1›"
    form.post("")  # saved as JSON: the mask stands for what it was
    assert kept()["password"] == "s3cret-one"
    form.post("/form", {"auth.op": forms.AS_JSON})
    form.post("/form", {name: '{"password": "s3cret-two"}', "auth.op": forms.AS_FORM})
    assert "s3cret" not in form.text
    assert form.page.find("button", string="Edit as JSON") is not None
    form.post("")
    assert kept()["password"] == "s3cret-two"


def test_a_switch_by_htmx_draws_the_whole_form_with_what_it_keeps(visitor, kept, auth_form):
    form = auth_form(visitor)
    form.post("", {form.control("Password"): "s3cret-one"})
    response = form.post("/form", {"auth.op": forms.AS_JSON}, headers={"HX-Request": "true"})
    assert response.headers["HX-Retarget"] == "#auth"
    form.post("")
    assert kept()["password"] == "s3cret-one"
    assert "s3cret" not in form.text


def test_text_that_is_no_json_is_said_at_its_field_and_not_saved(visitor, kept, auth_form):
    form = auth_form(visitor)
    form.post("/form", {"auth.op": forms.AS_JSON})
    (name,) = (one["name"] for one in form.page.find(id="auth-form").find_all("textarea"))
    assert form.post("", {name: '{"password": '}).status_code == 422
    assert "This is not JSON." in form.page.find(id="auth-errors").text


def test_the_editor_completes_the_declared_fields_and_no_secret(visitor, auth_form):
    form = auth_form(visitor)
    asks = form.page.find(id="auth-form")["data-completions"]
    names = visitor.get(asks).json["names"]
    assert "password" in [one["name"] for one in names]
    assert visitor.get(f"{asks}?pointer=/password").json == {"names": [], "values": []}
    shows = form.page.find(class_="shows")
    assert [one["value"] for one in shows.find_all("input")] == ["", "required", "set"]
    form.post("/form", {"auth.op": forms.AS_JSON})
    assert form.page.find(class_="shows") is None
