"""Credentials: kept in memory, masked on every page, three states apart: unchanged, replaced, cleared."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from tests.html_form import parsed
from workbench.domain import Credentials

AUTH = "/integrations/greeter/auth"
SECRET = 'p)%>+$:"é'
KEY = "key-of-the-greeter-0123456789"


@pytest.fixture
def visitor(live):
    live.app.extensions["workbench"].vault.forget("greeter")
    return live.inside()


@pytest.fixture
def kept(live):
    return lambda: live.app.extensions["workbench"].vault.get("greeter").values


def names(text):
    """The names of the auth form's controls by their labels."""
    page = parsed(text).find(id="auth-form")
    return {
        label.text.strip(): page.find(id=label["for"])["name"] for label in page.find_all("label") if label.get("for")
    }


def save(visitor, **typed):
    """Save the form with what was typed, the rest left as it stands."""
    text = visitor.get(AUTH).text
    data = {}
    for control in parsed(text).find(id="auth").find_all(["input", "select"]):
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            data[control["name"]] = chosen["value"]
        elif control.get("name"):
            data[control["name"]] = control.get("value", "")
    by_label = names(text)
    data |= {by_label.get(label.replace("_", " "), label): value for label, value in typed.items()}
    return visitor.post(AUTH, data | {"csrf_token": visitor.csrf})


def assert_nowhere(text, *secrets):
    text += html.unescape(text)
    for secret in secrets:
        for form in (
            secret,
            secret[:7],
            html.escape(secret),
            quote(secret, safe=""),
            json.dumps(secret)[1:-1],
            base64.b64encode(secret.encode()).decode(),
        ):
            assert form not in text, form


def test_saved_values_reach_the_handler_and_no_page(live, visitor, kept):
    assert save(visitor, User_name="ada", Password=SECRET, API_key=KEY).status_code == 303
    assert kept() == {"user_name": "ada", "password": SECRET, "api_key": KEY}
    page = visitor.get("/integrations/greeter/actions/greet?new=1").text
    name = parsed(page).find("label", string="name")
    control = parsed(page).find(id=name["for"])["name"]
    response = visitor.post("/integrations/greeter/actions/greet/runs", {control: "Ada"})
    run = live.store.get(response.headers["Location"].partition("?run=")[2], reveal=True)
    assert live.runner.wait(run.id, 60).outcome.status == "succeeded"
    revealed = live.store.get(run.id, reveal=True)
    assert revealed.outcome.returned.value["auth"] == {"user_name": "ada", "password": SECRET, "api_key": KEY}
    pages = [AUTH, "/", "/integrations/greeter", response.headers["Location"], "/runs", f"/runs/{run.id}"]
    for path in [*pages, f"/runs/{run.id}/export?form=json", f"/runs/{run.id}/export?form=har"]:
        assert_nowhere(visitor.get(path).text, SECRET, KEY)


def test_a_secret_is_unchanged_replaced_or_cleared(visitor, kept):
    save(visitor, User_name="ada", Password=SECRET, API_key=KEY)
    save(visitor, User_name="grace")
    assert kept() == {"user_name": "grace", "password": SECRET, "api_key": KEY}
    assert "unchanged" in visitor.get(AUTH).text
    save(visitor, Password="other")
    assert kept()["password"] == "other"
    text = visitor.get(AUTH).text
    blank = names(text)["API key"] + ".blank"
    choices = parsed(text).find("select", attrs={"name": blank}).find_all("option")
    assert {"keep", ""} <= {choice["value"] for choice in choices}
    save(visitor, **{blank: ""})
    assert "api_key" not in kept()
    assert kept()["password"] == "other"


def test_a_secret_that_breaks_its_schema_is_not_quoted(make_site, write_integration, config, tmp_path, runner):
    config["auth"]["fields"]["properties"]["password"] |= {"pattern": "^clinic-", "maxLength": 3}
    visitor = make_site(write_integration(tmp_path / "greeter", config), runner=runner).inside()
    save(visitor, Password=SECRET)
    text = visitor.get(AUTH).text
    assert_nowhere(text, SECRET)
    errors = parsed(text).find(id="auth-errors")
    assert "at most 3 characters" in errors.text


def test_what_the_handler_sees_is_shown_masked_in_both_shapes(visitor):
    save(visitor, User_name="ada", Password=SECRET, API_key=KEY)
    seen = BeautifulSoup(visitor.get(AUTH).text, "html.parser").find(id="auth-payload")
    assert [each.text for each in seen.find_all(class_="masked")] == ["password", "api_key"]
    assert '"user_name": "ada"' in seen.text
    assert "context.auth is flat, without an envelope: custom auth under contract 0.1." in seen.text
    save(visitor, shape="envelope")
    text = visitor.get(AUTH).text
    assert "credentials" in parsed(text).find(id="auth-payload").text
    assert_nowhere(text, SECRET, KEY)


def test_of_a_value_of_many_lines_the_first_are_shown(visitor, live):
    live.app.extensions["workbench"].vault.put("greeter", Credentials({"password": [KEY] * 1_500}))
    seen = parsed(visitor.get(AUTH).text).find(id="auth-payload").pre
    assert len(seen.find_all(class_="masked")) < 1_000
    assert seen.text.endswith("… 504 more lines")


def test_the_preview_masks_what_is_typed(visitor, kept):
    by_label = names(visitor.get(AUTH).text)
    data = {by_label["Password"]: SECRET, by_label["User name"]: "ada"}
    text = visitor.post(f"{AUTH}/preview", data, htmx=True).text
    assert_nowhere(text, SECRET)
    assert "ada" in text
    assert kept() == {}


def test_forgetting_drops_everything(visitor, kept):
    save(visitor, Password=SECRET)
    assert visitor.post(f"{AUTH}/removal").status_code == 303
    assert kept() == {}


def test_the_chip_tells_whether_the_credentials_fit(visitor):
    assert "not filled in" in visitor.get("/integrations/greeter").text
    save(visitor, User_name="ada")
    assert "incomplete" in visitor.get("/integrations/greeter").text
    save(visitor, Password=SECRET)
    assert "filled in" in visitor.get("/integrations/greeter").text


def test_platform_auth_asks_for_an_access_token(make_site, write_integration, config, tmp_path):
    auth = {"type": "platform", "provider": "github", "scopes": ["repo", "<i>"]}
    site = make_site(write_integration(tmp_path / "greeter", config | {"auth": auth}))
    visitor = site.inside()
    text = visitor.get(AUTH).text
    assert "github" in text
    assert "with the scopes below" in text
    assert ">repo</code>" in text
    assert "&lt;i&gt;" in text
    assert save(visitor, Access_token=KEY).status_code == 303
    assert site.app.extensions["workbench"].vault.get("greeter").values == {"access_token": KEY}
    text = visitor.get(AUTH).text
    assert_nowhere(text, KEY)
    assert '<span class="masked" title="masked">access_token</span>' in text


def test_platform_auth_without_its_token_is_incomplete(
    make_site, write_integration, config, tmp_path, runner, auth_form
):
    auth = {"type": "platform", "provider": "github", "scopes": []}
    site = make_site(write_integration(tmp_path / "greeter", config | {"auth": auth}), runner=runner)
    form = auth_form(site.inside())
    form.add("extra", "refresh_token", KEY)
    form.post()
    assert "auth <b>incomplete</b>" in form.text
    form.post("", {form.control("Access token"): KEY})
    assert "auth <b>filled in</b>" in form.text


def test_an_integration_without_auth_says_so(make_site, write_integration, config, tmp_path, runner):
    del config["auth"]
    visitor = make_site(write_integration(tmp_path / "greeter", config), runner=runner).inside()
    text = visitor.get(AUTH).text
    assert "needs no credentials" in text
    assert visitor.post(AUTH, {"shape": "flat"}).status_code == 303


def test_platform_auth_without_scopes_speaks_of_none(make_site, write_integration, config, tmp_path, runner):
    auth = {"type": "platform", "provider": "box", "scopes": []}
    site = make_site(write_integration(tmp_path / "greeter", config | {"auth": auth}), runner=runner)
    assert "scopes" not in site.inside().get(AUTH).text.lower()


def test_saving_leads_back_to_the_run_that_lacked_the_credentials(site, auth_form):
    form = auth_form(site.inside()).open("?back=/integrations/greeter/actions/greet?run%3D3")
    assert "Save credentials and go back" in form.text
    response = form.post("", {form.control("Password"): "p"})
    assert (response.status_code, response.headers["Location"]) == (303, "/integrations/greeter/actions/greet?run=3")


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"])
def test_saving_leads_nowhere_else(site, auth_form, back):
    form = auth_form(site.inside())
    response = form.post("", {form.control("Password"): "p", "back": back})
    assert response.headers["Location"].startswith("/integrations/greeter/auth")
