"""Profiles on the auth page: several sets of credentials, saved where the page says, what was typed never lost."""

import stat

import keyring
import pytest
from bs4 import BeautifulSoup
from keyring.backends import fail

from workbench.profiles import ProfileStore, SavedProfiles

AUTH = "/integrations/greeter/auth"
SECRET = "a-password-of-the-greeter"


@pytest.fixture
def saved(tmp_path, monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())
    return SavedProfiles(tmp_path / "config" / "profiles")


@pytest.fixture
def site(make_site, greeter, runner, saved):
    return make_site(greeter, runner=runner, profiles=ProfileStore(saved))


@pytest.fixture
def form(site, auth_form):
    return auth_form(site.inside())


@pytest.fixture
def store(site):
    return site.app.extensions["workbench"].vault.profiles


def notices(form):
    return " ".join(each.text for each in form.page.find_all(class_="notice"))


def tabs(form):
    return [each.text for each in form.page.find("nav", {"aria-label": "Profiles"}).find_all("a")]


def test_a_profile_is_in_memory_until_it_is_remembered(form, saved, greeter):
    assert form.post("", {form.control("Password"): SECRET}).status_code == 303
    assert "Credentials saved. In memory until the workbench stops." in notices(form)
    assert saved.read(greeter).profiles == ()
    assert form.post("", {"remember": "1"}).status_code == 303
    path = saved.path(greeter)
    assert f"Saved in the file {path}, readable only by you." in notices(form)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert saved.read(greeter).get("default").credentials.values == {"password": SECRET}
    assert form.page.find("input", {"name": "remember"}).has_attr("checked")
    form.text = form.text.replace('name="remember" value="1" checked', 'name="remember" value="1"')
    assert form.post().status_code == 303
    assert saved.read(greeter).profiles == ()
    assert SECRET not in form.text


def test_new_duplicate_rename_and_delete(form, store, greeter, saved):
    form.post("", {form.control("Password"): SECRET, "remember": "1"})
    form.post("/profiles", {"profile_name": "empty"})
    assert tabs(form) == ["default", "empty"]
    assert "•••••••• unchanged" not in form.text
    form.open("?profile=default")
    form.post("/profiles", {"profile_name": "copy", "copy": "1", form.control("User name"): "ada"})
    assert tabs(form) == ["default", "empty", "copy"]
    assert "Not saved yet." in notices(form)
    assert form.post().status_code == 303
    assert store.get(greeter, "copy").credentials.values == {"user_name": "ada", "password": SECRET}
    form.open("?profile=default")
    form.post("/profiles/name", {"profile_name": "live", form.control("User name"): "typed before the name"})
    assert tabs(form) == ["live", "empty", "copy"]
    assert "typed before the name" in form.text
    assert [one.name for one in saved.read(greeter).profiles] == ["live"]
    draft = form.page.find("input", {"name": "draft"})["value"]
    form.post("/removal")
    assert tabs(form) == ["empty", "copy"]
    assert "typed before the name" not in form.visitor.get(f"{AUTH}?draft={draft}").text
    assert saved.read(greeter).profiles == ()


def test_a_profile_that_was_deleted_in_another_tab_is_saved_under_its_own_name(form, store, greeter):
    form.post("", {form.control("User name"): "of the default"})
    form.post("/profiles", {"profile_name": "staging"})
    store.forget(greeter, "staging")
    assert form.post("", {form.control("User name"): "of staging"}).status_code == 303
    assert store.get(greeter, "default").credentials.values == {"user_name": "of the default"}
    assert store.get(greeter, "staging").credentials.values == {"user_name": "of staging"}


@pytest.mark.parametrize("path", ["/profiles", "/profiles/name"])
def test_a_name_that_cannot_be_one_loses_nothing(form, path):
    form.post("/profiles", {"profile_name": "other"})
    typed = {form.control("Password"): SECRET, form.control("User name"): "ada", "profile_name": "default"}
    assert form.post(path, typed).status_code == 422
    assert "There is a profile “default” already" in notices(form)
    assert "ada" in form.text
    assert SECRET not in form.text
    assert form.post().status_code == 303
    assert "unchanged" in form.text


def test_what_cannot_be_saved_is_said_and_in_memory(form, saved, greeter, store):
    path = saved.path(greeter)
    path.parent.mkdir(parents=True)
    path.symlink_to("/nowhere")
    assert form.post("", {form.control("Password"): SECRET, "remember": "1"}).status_code == 422
    assert "In memory; what is saved did not change." in notices(form)
    assert "is a symbolic link" in notices(form)
    assert store.get(greeter).credentials.values == {"password": SECRET}


def test_a_damaged_file_is_named(make_site, greeter, runner, saved, auth_form):
    path = saved.path(greeter)
    path.parent.mkdir(parents=True)
    path.write_text("{")
    site = make_site(greeter, runner=runner, profiles=ProfileStore(saved))
    form = auth_form(site.inside())
    assert f"{path} is damaged" in notices(form)
    form.post("", {form.control("Password"): SECRET, "remember": "1"})
    assert "A file that could not be read was renamed to" in notices(form)


def test_old_addresses_and_the_old_form_still_work(form, store, greeter):
    response = form.visitor.post(AUTH, {form.control("Password"): SECRET, "shape": "envelope"})
    assert response.status_code == 303
    assert store.get(greeter).credentials.shape == "envelope"
    assert form.visitor.post(f"{AUTH}/removal").status_code == 303
    assert store.get(greeter).credentials.values == {}
    page = BeautifulSoup(form.visitor.get(f"{AUTH}?profile=nothing&draft=nothing&checked=9").text, "html.parser")
    assert page.find(id="auth")
