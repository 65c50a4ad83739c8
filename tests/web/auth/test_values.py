"""Credentials that are not declared, metadata, variables: unchanged, replaced or cleared, and never in a page."""

import html

import pytest

SECRET = "rtk-0123456789"
OTHER = "another-0123456789"
LONG = "x" * 300_000


@pytest.fixture
def form(site, auth_form):
    return auth_form(site.inside())


@pytest.fixture
def saved(site):
    return lambda: site.app.extensions["workbench"].vault.get("greeter")


def assert_hidden(form, *secrets):
    text = form.text + html.unescape(form.text)
    assert [secret for secret in secrets if secret in text] == []


def test_other_credentials_are_marked_and_masked(form, saved):
    form.add("extra", "refresh_token", SECRET)
    form.add("extra", "shop_url", "acme.example.org")
    form.add("extra", "limits", '{"per_day": 5, "token": "inner-0123"}', kind="json")
    assert_hidden(form, SECRET, "inner-0123")
    assert "Not saved yet." in form.text
    assert form.post().status_code == 303
    assert saved().values == {
        "refresh_token": SECRET,
        "shop_url": "acme.example.org",
        "limits": {"per_day": 5, "token": "inner-0123"},
    }
    assert_hidden(form, SECRET, "inner-0123")
    assert "acme.example.org" in form.text
    assert form.text.count("not declared in auth.fields") == 3


def test_a_value_is_unchanged_replaced_cleared_or_removed(form, saved):
    form.post("", {"extra.row": ["a", "b", "c"], "extra.a.name": "one_key", "extra.a.value": SECRET} | {
        "extra.b.name": "two_key", "extra.b.value": "5", "extra.b.kind": "json", "extra.c.name": "three_key",
        "extra.c.value": OTHER,
    })  # fmt: skip
    assert form.post().status_code == 303
    assert saved().values == {"one_key": SECRET, "two_key": 5, "three_key": OTHER}
    one, two = form.row("extra", "one_key"), form.row("extra", "two_key")
    form.post("", {f"{one}.name": "renamed_key", f"{two}.value": "6"})
    assert saved().values == {"renamed_key": SECRET, "two_key": 6, "three_key": OTHER}
    form.post("", {f"{form.row('extra', 'two_key')}.empty": "empty"})
    assert saved().values == {"renamed_key": SECRET, "two_key": "", "three_key": OTHER}
    form.press(f"extra.remove:{form.row('extra', 'three_key').partition('.')[2]}")
    form.post()
    assert saved().values == {"renamed_key": SECRET, "two_key": ""}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "", "value": SECRET}, "There is no name."),
        ({"name": "my_token", "value": ""}, "There is no value."),
        ({"name": "password", "value": SECRET}, "is declared in auth.fields"),
        ({"name": "my_token", "value": f'{{"a": "{SECRET}', "kind": "json"}, "is not JSON: line 1, column"),
    ],
    ids=["name", "value", "declared", "json"],
)
def test_an_error_keeps_what_was_typed(form, saved, typed, words):
    form.press("extra.add:")
    row = {f"extra.r0.{part}": text for part, text in typed.items()}
    more = {form.control("User name"): "ada", form.control("Password"): "a-typed-password", "auth_type": "Own"}
    assert form.post("", row | more).status_code == 422
    assert words in html.unescape(form.text)
    assert_hidden(form, SECRET, "a-typed-password")
    assert 'value="ada"' in form.text
    assert 'value="Own"' in form.text
    assert saved().values == {}
    fixed = {
        "extra.r0.name": "fixed_token",
        "extra.r0.kind": "",
        "extra.r0.value": "" if typed["value"] == SECRET else "x",
    }
    assert form.post("", fixed).status_code == 303
    value = SECRET if typed["value"] == SECRET else "x"
    assert saved().values == {"user_name": "ada", "password": "a-typed-password", "fixed_token": value}


def test_a_secret_that_is_not_json_is_not_typed_twice(form, saved):
    form.press("extra.add:")
    typed = {"extra.r0.name": "my_token", "extra.r0.value": f"[{SECRET}", "extra.r0.kind": "json"}
    assert form.post("", typed).status_code == 422
    form.press("metadata.add:")
    form.press("metadata.remove:r0")
    assert form.post().status_code == 422
    assert "The value is not JSON: line 1" in form.text
    assert_hidden(form, SECRET)
    assert form.post("", {"extra.r0.kind": ""}).status_code == 303
    assert saved().values == {"my_token": f"[{SECRET}"}


def test_what_the_schema_gets_wrong_is_not_blamed_on_a_field(
    make_site, write_integration, config, tmp_path, runner, auth_form
):
    config["auth"]["fields"]["properties"]["api_key"]["required"] = False
    form = auth_form(make_site(write_integration(tmp_path / "greeter", config), runner=runner).inside())
    form.post("", {form.control("User name"): "ada", form.control("Password"): SECRET})
    assert "This is required" not in form.text
    assert "filled in" in form.text


def test_pasted_json_fills_rows(form, saved):
    form.press("extra.paste", {"extra.json": f'{{"a_token": "{SECRET}", "n": 1, "nothing": null}}'})
    assert_hidden(form, SECRET)
    assert form.post("", {"metadata.json": '{"dc": "us21"}'}).status_code == 303
    assert saved().values == {"a_token": SECRET, "n": 1, "nothing": None}
    assert saved().metadata == {"dc": "us21"}
    assert form.post("", {"extra.json": f'["{OTHER}"'}).status_code == 422
    assert "The pasted text is not JSON: line 1" in form.text
    assert_hidden(form, OTHER)


def test_metadata_and_variables(form, saved):
    form.add("metadata", "api_token", SECRET)
    form.add("metadata", "dc", "us21")
    form.add("environment", "SERVICE", OTHER)
    form.add("environment", "DEBUG", "true")
    form.add("environment", "PROXY", "", empty="unset")
    assert form.post("", {"auth_type": "StorefrontPrivate"}).status_code == 303
    assert saved().metadata == {"api_token": SECRET, "dc": "us21"}
    assert [(one.name, one.value) for one in saved().environment] == [
        ("SERVICE", OTHER),
        ("DEBUG", "true"),
        ("PROXY", None),
    ]
    assert saved().auth_type == "StorefrontPrivate"
    assert_hidden(form, SECRET, OTHER)
    assert "us21" in form.text
    assert form.post().status_code == 303
    assert saved().environment[0].value == OTHER


def test_a_person_says_what_is_a_secret(form, saved):
    form.add("extra", "bundle_alias", "acme-bundle")
    assert_hidden(form, "acme-bundle")
    row = form.row("extra", "bundle_alias")
    names = [each["value"] for each in form.page.find_all("input", {"name": "secrecy.name"})]
    choices = ["yes" if name == "user_name" else "" for name in names]
    more = {f"{row}.secret": "no", "secrecy.choice": choices, form.control("User name"): "ada-the-user"}
    assert form.post("", more).status_code == 303
    assert saved().public_names == {"bundle_alias"}
    assert saved().secret_names == {"user_name"}
    assert "acme-bundle" in form.text
    assert_hidden(form, "ada-the-user")
    assert form.post().status_code == 303
    assert saved().values == {"user_name": "ada-the-user", "bundle_alias": "acme-bundle"}


def test_secrets_of_other_types_and_inside_of_urls(make_site, write_integration, config, tmp_path, runner, auth_form):
    config["auth"]["fields"]["properties"] |= {
        "pin": {"type": "integer", "label": "PIN"},
        "database_url": {"type": "string", "label": "Database URL"},
    }
    site = make_site(write_integration(tmp_path / "greeter", config), runner=runner)
    form, url = auth_form(site.inside()), "postgres://u:p4ssw0rd@h/db"
    vault = site.app.extensions["workbench"].vault
    typed = {form.control("PIN"): "987654", form.control("Database URL"): url, form.control("Password"): SECRET}
    assert form.post("", typed).status_code == 303
    assert_hidden(form, "987654", "p4ssw0rd")
    assert "postgres://u:" in form.page.find(id="auth-payload").text
    assert form.post("", {form.control("User name"): "ada"}).status_code == 303
    assert vault.get("greeter").values == {"user_name": "ada", "password": SECRET, "pin": 987654, "database_url": url}
    assert form.post("", {form.control("PIN"): "12x4"}).status_code == 422
    assert_hidden(form, "12x4")


def test_names_that_the_code_reads_are_offered_with_their_place(
    make_site, write_integration, config, tmp_path, runner, auth_form, monkeypatch
):
    code = """\
import os
from autohive_integrations_sdk import ActionHandler, Integration

greeter = Integration.load()
KEY = os.environ["GREETER_KEY"]
HERE = os.environ.get("IN_THE_ENVIRONMENT")


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        shop = context.auth["credentials"]["shop_url"]
        return {"shop": shop, "dc": context.metadata["dc"], "user": context.auth["credentials"]["user_name"]}
"""
    site = make_site(write_integration(tmp_path / "greeter", config, code), runner=runner)
    site.store.environ = {"IN_THE_ENVIRONMENT": "a value of the environment"}
    form = auth_form(site.inside())
    offers = {each.find("button").text: each.find("a").text for each in form.page.find_all(class_="offer")}
    assert offers == {"+ shop_url": "greeter.py:12", "+ dc": "greeter.py:13", "+ GREETER_KEY": "greeter.py:5"}
    inherited = form.page.find(class_="inherited").text
    assert "IN_THE_ENVIRONMENT" in inherited
    assert "a value of the environment" not in form.text
    form.press("extra.add:shop_url")
    assert form.row("extra", "shop_url")
    assert "+ shop_url" not in form.text
    assert "There is no value" not in form.text


def test_an_edit_by_htmx_swaps_the_form(form):
    response = form.post("/form", {"op": "extra.add:"}, htmx=True)
    assert response.text.lstrip().startswith("<form")
    assert 'name="extra.r0.name"' in response.text


def test_a_draft_of_another_integration_is_not_shown(make_site, write_integration, config, tmp_path, runner, auth_form):
    roots = [write_integration(tmp_path / name, config) for name in ("greeter", "other")]
    visitor = make_site(*roots, runner=runner).inside()
    form = auth_form(visitor)
    form.post("/profiles/name", {"profile_name": "named", form.control("User name"): "lovelace"})
    draft = form.page.find("input", {"name": "draft"})["value"]
    other = auth_form(visitor, "/integrations/other/auth").open(f"?draft={draft}")
    assert "lovelace" in form.text
    assert "lovelace" not in other.text


@pytest.mark.parametrize("name", ["A=B", "A\0B"])
def test_a_variable_that_no_process_can_have_is_an_error(form, saved, name):
    form.press("environment.add:")
    typed = {"environment.r0.name": name, "environment.r0.value": OTHER}
    assert form.post("", typed).status_code == 422
    assert saved().environment == ()
    assert_hidden(form, OTHER)
    assert form.post("", {"environment.r0.name": "GOOD"}).status_code == 303
    assert [(one.name, one.value) for one in saved().environment] == [("GOOD", OTHER)]


def test_values_of_any_depth_and_size(form, saved):
    deep = "[" * 3_000 + "]" * 3_000
    form.post("", {"metadata.json": f'{{"deep": {deep}}}', "extra.json": f'{{"long_token": "{LONG}"}}'})
    assert "nested too deep" in form.text
    typed = {"metadata.row": "x", "metadata.x.name": "deep", "metadata.x.value": deep, "metadata.x.kind": "json"}
    assert form.open().post("", typed).status_code == 422
    assert "Reduce nesting below 200 levels." in form.text
