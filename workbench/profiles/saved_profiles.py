"""``SavedProfiles``: profiles on this machine, in the system's keyring or else in a file that only the owner can read.

One file for each integration says where its profiles are. Where they are in the keyring, nothing secret is in the file.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from workbench.domain import JSON
from workbench.profiles.private_folder import FileTrouble, PrivateFolder, ProfilesError
from workbench.profiles.profile import Profile, from_document, to_document
from workbench.profiles.system_keyring import KeyringError, SystemKeyring

_FORMAT: Final = "autohive-workbench-profiles"
_VERSION: Final = 1
_SET_ASIDE: Final = frozenset({FileTrouble.DAMAGED, FileTrouble.FOREIGN, FileTrouble.NEWER, FileTrouble.TOO_LARGE})


class Place(StrEnum):
    """Where a profile is."""

    SESSION = "session"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SavedSet:
    """The saved profiles of one integration.

    ``place`` is SESSION where none are saved. ``path`` is their file. ``selected`` is the name of the one that was
    selected last, empty where there is none. ``error`` says why they were not read;
    ``set_aside`` is where a file that could not be read is now; ``keyring_error`` is what the keyring said when it did
    not take them, so that they are in the file.
    """

    path: Path
    profiles: tuple[Profile, ...] = ()
    place: Place = Place.SESSION
    error: ProfilesError | None = None
    set_aside: Path | None = None
    keyring_error: str = ""
    selected: str = ""

    def get(self, name: str) -> Profile | None:
        """The profile called ``name``, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)


class SavedProfiles:
    """The profiles of all integrations, each by its folder. Safe to use from several processes."""

    def __init__(self, folder: Path | None = None, keyring: SystemKeyring | None = None) -> None:
        """They are in ``folder`` (by default in the user's configuration folder) and in ``keyring``."""
        self._folder = PrivateFolder(folder or _default_folder())
        self._keyring = keyring or SystemKeyring()

    @property
    def next_place(self) -> Place:
        """Where a profile would be saved now."""
        return Place.KEYRING if self._keyring.usable else Place.FILE

    def path(self, root: Path) -> Path:
        """The file of the integration in ``root``."""
        return self._folder.path / _file_name(root)

    def read(self, root: Path) -> SavedSet:
        """The saved profiles; never raises: ``error`` says why there are none."""
        path = self.path(root)
        try:
            data = self._folder.read(path.name)
            return SavedSet(path) if data is None else self._decoded(path, root, data)
        except ProfilesError as error:
            return SavedSet(path, error=error)

    def put(self, root: Path, profile: Profile) -> SavedSet:
        """Save a profile, in place of one of the same name. Raises :class:`ProfilesError`."""

        def change(old: Sequence[Profile]) -> list[Profile]:
            if any(one.name == profile.name for one in old):
                return [profile if one.name == profile.name else one for one in old]
            return [*old, profile]

        return self._change(root, change)

    def select(self, root: Path, name: str) -> None:
        """Note which profile is selected, where some are saved; no keyring is asked. Raises :class:`ProfilesError`."""
        path = self.path(root)
        with self._folder.locked():
            data = self._folder.read(path.name)
            document = None if data is None else _document(path, data)
            if document is not None and document.get("folder") == os.fsdecode(root):
                self._folder.write(path.name, _bytes(document | {"selected": name}))

    def remove(self, root: Path, name: str) -> SavedSet:
        """Delete a profile, where it is saved. Raises :class:`ProfilesError`."""
        saved = self.read(root)
        if saved.error is None and saved.get(name) is None:
            return saved
        return self._change(root, lambda old: [one for one in old if one.name != name])

    def _change(self, root: Path, change: Callable[[Sequence[Profile]], list[Profile]]) -> SavedSet:
        path = self.path(root)
        with self._folder.locked():
            saved = self.read(root)
            aside = None
            if saved.error is not None and saved.error.trouble is not FileTrouble.KEYRING_EMPTY:
                if saved.error.trouble not in _SET_ASIDE:
                    raise saved.error
                aside = self._folder.set_aside(path.name)
            profiles = tuple(change(saved.profiles))
            if not profiles:
                return self._emptied(path, root, saved.place, aside)
            return self._written(path, root, profiles, saved, aside)

    def _emptied(self, path: Path, root: Path, place: Place, aside: Path | None) -> SavedSet:
        if place is Place.KEYRING:
            try:
                self._keyring.delete(str(root))
            except KeyringError as error:
                raise ProfilesError(FileTrouble.KEYRING_FAILED, path, str(error)) from error
        self._folder.remove(path.name)
        return SavedSet(path, set_aside=aside)

    def _written(
        self, path: Path, root: Path, profiles: tuple[Profile, ...], before: SavedSet, aside: Path | None
    ) -> SavedSet:
        documents: JSON = [to_document(profile) for profile in profiles]
        head: dict[str, JSON] = {"format": _FORMAT, "version": _VERSION, "folder": os.fsdecode(root)}
        known, keyring_error, selected = head | {"selected": before.selected}, "", before.selected
        if self._keyring.usable:
            try:
                self._keyring.set(str(root), _text(head | {"profiles": documents}))
                self._folder.write(path.name, _bytes(known | {"place": Place.KEYRING}))
                return SavedSet(path, profiles, Place.KEYRING, set_aside=aside, selected=selected)
            except KeyringError as error:
                keyring_error = str(error)
        if before.place is Place.KEYRING:  # not into a file what was promised to the keyring
            raise ProfilesError(FileTrouble.KEYRING_FAILED, path, keyring_error or "There is no keyring.")
        self._folder.write(path.name, _bytes(known | {"place": Place.FILE, "profiles": documents}))
        return SavedSet(path, profiles, Place.FILE, None, aside, keyring_error, selected)

    def _decoded(self, path: Path, root: Path, data: bytes) -> SavedSet:
        document = _document(path, data)
        if document.get("folder") != os.fsdecode(root):
            raise ProfilesError(FileTrouble.FOREIGN, path)
        selected = str(document.get("selected", ""))
        if document.get("place") == Place.FILE:
            return SavedSet(path, _profiles(path, document), Place.FILE, selected=selected)
        if document.get("place") != Place.KEYRING:
            raise ProfilesError(FileTrouble.FOREIGN, path)
        try:
            text = self._keyring.get(str(root))
        except KeyringError as error:
            raise ProfilesError(FileTrouble.KEYRING_FAILED, path, str(error)) from error
        if text is None:
            raise ProfilesError(FileTrouble.KEYRING_EMPTY, path)
        profiles = _profiles(path, _document(path, text.encode("utf-8", "surrogatepass")))
        return SavedSet(path, profiles, Place.KEYRING, selected=selected)


def _document(path: Path, data: bytes) -> dict[str, JSON]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProfilesError(FileTrouble.DAMAGED, path) from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise ProfilesError(FileTrouble.FOREIGN, path)
    version = document.get("version")
    if not isinstance(version, int):
        raise ProfilesError(FileTrouble.FOREIGN, path)
    if version > _VERSION:
        raise ProfilesError(FileTrouble.NEWER, path)
    return document


def _profiles(path: Path, document: dict[str, JSON]) -> tuple[Profile, ...]:
    found = document.get("profiles")
    try:
        if not isinstance(found, list):
            raise ValueError("profiles is not an array")
        profiles = tuple(map(from_document, found))
    except ValueError as error:
        raise ProfilesError(FileTrouble.DAMAGED, path) from error
    if len({profile.name for profile in profiles}) != len(profiles):
        raise ProfilesError(FileTrouble.DAMAGED, path)
    return profiles


def _text(document: JSON) -> str:
    return json.dumps(document, ensure_ascii=True)


def _bytes(document: JSON) -> bytes:
    return json.dumps(document, ensure_ascii=True, indent=1).encode() + b"\n"


def _file_name(root: Path) -> str:
    """The name of the integration's file: the folder's own, for people, and a digest of its path."""
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:24]
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in root.name)[:40]
    return f"{plain}-{digest}.json"


def _default_folder() -> Path:
    import platformdirs  # not needed where a folder is given

    return platformdirs.user_config_path("autohive-workbench") / "profiles"
