"""Profiles on this machine: in the keyring or a private file, whole or not at all, never lost."""

import json
import stat

import keyring
import pytest
from keyring.backends import fail

from workbench.profiles import FileTrouble, Place, Profile, ProfilesError, SavedProfiles, messages


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_of_the_owner_only(in_file, root, profile, folder):
    saved = in_file.put(root, profile)
    assert saved.place is Place.FILE
    assert (mode(folder), mode(saved.path)) == (0o700, 0o600)
    assert [each.name for each in folder.iterdir() if each.name != ".lock"] == [saved.path.name]
    again = SavedProfiles(folder).read(root)
    assert again.profiles == (profile,)
    assert messages.where(again.place, again.path) == f"Saved in the file {saved.path}, readable only by you."


def test_the_keyring_where_there_is_one(system_keyring, root, profile, folder):
    saved = SavedProfiles(folder).put(root, profile)
    assert saved.place is Place.KEYRING
    assert set(json.loads(saved.path.read_text())) == {"format", "version", "folder", "place", "selected"}
    [entry] = system_keyring.entries.values()
    assert json.loads(entry)["profiles"][0]["values"]["api_key"] == profile.credentials.values["api_key"]
    assert SavedProfiles(folder).read(root).profiles == (profile,)
    assert messages.where(saved.place, saved.path) == "Saved in the system keyring."


def test_a_profile_is_deleted_from_the_keyring_too(system_keyring, root, profile, folder):
    saved = SavedProfiles(folder)
    saved.put(root, profile)
    saved.put(root, Profile("other"))
    assert [one.name for one in saved.remove(root, "staging").profiles] == ["other"]
    assert "staging" not in "".join(system_keyring.entries.values())
    assert saved.remove(root, "other").place is Place.SESSION
    assert system_keyring.entries == {}
    assert list(folder.glob("*.json")) == []


def test_a_file_is_deleted_with_its_last_profile(in_file, root, profile, folder):
    in_file.put(root, profile)
    in_file.remove(root, "staging")
    assert list(folder.glob("*.json")) == []
    assert in_file.read(root).profiles == ()


def test_where_the_keyring_is_locked_a_file_is_written_and_said(system_keyring, root, profile, folder):
    system_keyring.locked = True
    saved = SavedProfiles(folder).put(root, profile)
    assert saved.place is Place.FILE
    assert messages.remarks(saved) == ["The system keyring did not store the profile (The keyring is locked)."]


def test_a_keyring_that_is_locked_later_loses_nothing(system_keyring, root, profile, folder):
    SavedProfiles(folder).put(root, profile)
    system_keyring.locked = True
    saved = SavedProfiles(folder)
    error = saved.read(root).error
    assert error.trouble is FileTrouble.KEYRING_FAILED
    assert "The keyring is locked. Unlock it" in messages.trouble(error)
    with pytest.raises(ProfilesError):
        saved.put(root, Profile("other"))
    with pytest.raises(ProfilesError):
        saved.remove(root, "staging")
    system_keyring.locked = False
    assert saved.read(root).profiles == (profile,)


def test_an_entry_that_was_deleted_elsewhere_is_said_and_written_again(system_keyring, root, profile, folder):
    saved = SavedProfiles(folder)
    saved.put(root, profile)
    system_keyring.entries.clear()
    assert saved.read(root).error.trouble is FileTrouble.KEYRING_EMPTY
    assert saved.put(root, Profile("other")).place is Place.KEYRING
    assert [one.name for one in saved.read(root).profiles] == ["other"]


def test_a_keyring_that_is_gone_is_said(system_keyring, root, profile, folder, monkeypatch):
    SavedProfiles(folder).put(root, profile)
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())
    saved = SavedProfiles(folder)
    assert "There is no keyring." in messages.trouble(saved.read(root).error)
    with pytest.raises(ProfilesError):
        saved.put(root, profile)
    assert len(system_keyring.entries) == 1


def test_a_symlink_is_not_followed(in_file, root, profile, tmp_path):
    canary = tmp_path / "canary"
    canary.write_text("a canary")
    saved = in_file.put(root, profile)
    saved.path.unlink()
    saved.path.symlink_to(canary)
    assert in_file.read(root).error.trouble is FileTrouble.SYMLINK
    with pytest.raises(ProfilesError, match="symlink"):
        in_file.put(root, profile)
    assert canary.read_text() == "a canary"


def test_a_folder_that_is_a_symlink_is_not_used(root, profile, tmp_path, no_keyring):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProfilesError) as error:
        SavedProfiles(tmp_path / "link").put(root, profile)
    assert "is a symbolic link" in messages.trouble(error.value)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        (lambda text: text[:-9], FileTrouble.DAMAGED),
        (lambda text: "[" * 100_000, FileTrouble.DAMAGED),
        (lambda text: "[]", FileTrouble.FOREIGN),
        (lambda text: "\xff", FileTrouble.DAMAGED),
        (lambda text: text.replace('"version": 1', '"version": 2'), FileTrouble.NEWER),
        (lambda text: text.replace("greeter", "other"), FileTrouble.FOREIGN),
        (lambda text: text.replace('"name": "staging"', '"name": 5'), FileTrouble.DAMAGED),
        (lambda text: text.replace('"envelope"', '"round"'), FileTrouble.DAMAGED),
        (lambda text: " " * 8_400_000 + text, FileTrouble.TOO_LARGE),
    ],
    ids=["cut", "deep", "other-json", "not-utf-8", "newer", "other-folder", "other-type", "other-shape", "large"],
)
def test_a_file_that_cannot_be_read_is_renamed_when_another_is_written(in_file, root, profile, change, trouble):
    path = in_file.put(root, profile).path
    damaged = change(path.read_text()).encode("latin-1")
    path.write_bytes(damaged)
    error = in_file.read(root).error
    assert error.trouble is trouble
    assert str(path) in messages.trouble(error)
    assert path.read_bytes() == damaged
    saved = in_file.put(root, Profile("new"))
    assert saved.set_aside.read_bytes() == damaged
    assert mode(saved.set_aside) == 0o600
    assert [one.name for one in in_file.read(root).profiles] == ["new"]


def test_two_folders_of_one_name_have_their_own(in_file, tmp_path, profile):
    in_file.put(tmp_path / "a" / "greeter", profile)
    assert in_file.read(tmp_path / "b" / "greeter").profiles == ()


def test_a_file_that_others_could_read_is_closed(in_file, root, profile):
    path = in_file.put(root, profile).path
    path.chmod(0o644)
    in_file.read(root)
    assert mode(path) == 0o600


def test_two_processes_keep_each_others_profiles(folder, root, profile, no_keyring):
    one, other = SavedProfiles(folder), SavedProfiles(folder)
    one.put(root, profile)
    other.put(root, Profile("other"))
    assert [each.name for each in one.put(root, Profile("third")).profiles] == ["staging", "other", "third"]
