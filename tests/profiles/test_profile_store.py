"""The profiles of a session: made, renamed, selected, deleted, and saved where asked."""

import threading
from dataclasses import replace

import pytest

from workbench.domain import Credentials
from workbench.profiles import DEFAULT, InvalidName, Place, Profile, ProfilesError, ProfileStore, SavedProfiles


@pytest.fixture
def store(in_file):
    return ProfileStore(in_file)


def test_there_is_always_one(store, root):
    assert store.names(root) == (DEFAULT,)
    assert store.get(root) == Profile()
    store.forget(root, DEFAULT)
    assert store.names(root) == (DEFAULT,)


def test_profiles_of_a_session_are_not_saved(store, root, profile, folder):
    store.put(root, profile)
    assert store.place(root, "staging") is Place.SESSION
    assert not folder.exists()
    assert ProfileStore(SavedProfiles(folder)).names(root) == (DEFAULT,)


def test_a_remembered_profile_is_there_again(store, root, profile, folder):
    store.put(root, profile, remember=True)
    assert store.place(root, "staging") is Place.FILE
    again = ProfileStore(SavedProfiles(folder))
    assert again.names(root) == ("staging",)
    assert again.get(root) == profile
    assert again.place(root, "staging") is Place.FILE


def test_a_remembered_profile_is_saved_again_until_it_is_not(store, root, profile, folder):
    store.put(root, profile, remember=True)
    store.put(root, Profile("staging", Credentials({"a": 1})))
    assert ProfileStore(SavedProfiles(folder)).get(root).credentials.values == {"a": 1}
    store.put(root, profile, remember=False)
    assert store.get(root, "staging") == profile
    assert ProfileStore(SavedProfiles(folder)).names(root) == (DEFAULT,)


def test_add_duplicate_rename_select_delete(store, root, profile, folder):
    store.put(root, profile, remember=True)
    assert store.add(root, " copy ", like="staging") == "copy"
    assert store.selected(root) == "copy"
    assert store.get(root).credentials == profile.credentials
    assert store.place(root, "copy") is Place.SESSION
    store.rename(root, "staging", "live")
    assert store.names(root) == (DEFAULT, "live", "copy")
    assert ProfileStore(SavedProfiles(folder)).names(root) == ("live",)
    store.select(root, "live")
    store.select(root, "nothing of that name")
    assert store.selected(root) == "live"
    store.forget(root, "live")
    assert store.selected(root) == DEFAULT
    assert ProfileStore(SavedProfiles(folder)).names(root) == (DEFAULT,)


@pytest.mark.parametrize("keyring", ["no_keyring", "system_keyring"])
def test_the_selected_profile_is_selected_again(root, profile, folder, keyring, request):
    backend = request.getfixturevalue(keyring)
    store = ProfileStore(SavedProfiles(folder))
    for name in ("staging", "live", "test"):
        store.put(root, replace(profile, name=name), remember=True)
    store.select(root, "live")
    if backend:
        backend.locked = True
        store.select(root, "test")
        store.select(root, "live")  # the names are in the file: no keyring has to be unlocked
        backend.locked = False
    store.select(root, DEFAULT)  # which is not saved
    assert store.selected(root) == DEFAULT
    assert ProfileStore(SavedProfiles(folder)).selected(root) == "live"
    again = ProfileStore(SavedProfiles(folder))
    again.put(root, replace(profile, name="staging", check="other"))
    again.rename(root, "live", "production")
    assert ProfileStore(SavedProfiles(folder)).selected(root) == "production"
    again.forget(root, "production")
    assert ProfileStore(SavedProfiles(folder)).selected(root) == "staging"


def test_a_keyring_that_asks_the_person_keeps_no_other_integration_waiting(root, profile, folder, system_keyring):
    ProfileStore(SavedProfiles(folder)).put(root, profile, remember=True)
    asked, unlocked = threading.Event(), threading.Event()

    def get_password(service, username):
        asked.set()
        assert unlocked.wait(20)
        return system_keyring.entries.get((service, username))

    system_keyring.get_password = get_password
    store = ProfileStore(SavedProfiles(folder))
    waiting = threading.Thread(target=store.names, args=(root,))
    waiting.start()
    assert asked.wait(20)
    assert store.names(root.with_name("other")) == (DEFAULT,)
    unlocked.set()
    waiting.join(20)
    assert store.names(root) == ("staging",)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "\0", "staging"])
def test_a_name_that_cannot_be_one(store, root, profile, name):
    store.put(root, profile)
    with pytest.raises(InvalidName):
        store.add(root, name)
    with pytest.raises(InvalidName):
        store.rename(root, DEFAULT, name)
    assert store.names(root) == (DEFAULT, "staging")


def test_what_cannot_be_saved_is_in_memory(root, profile, tmp_path, no_keyring):
    (tmp_path / "file").write_text("")
    store = ProfileStore(SavedProfiles(tmp_path / "file" / "profiles"))
    with pytest.raises(ProfilesError):
        store.put(root, profile, remember=True)
    assert store.get(root, "staging") == profile
    assert store.place(root, "staging") is Place.SESSION
