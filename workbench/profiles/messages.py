"""The sentences about saved profiles, the same on pages and in the terminal."""

from pathlib import Path

from workbench.profiles.private_folder import FileTrouble, ProfilesError
from workbench.profiles.saved_profiles import Place, SavedSet

_NOT_LOADED = "The saved profiles were not loaded:"
_STAYS = "It stays as it is; the next profile that you remember on this machine renames it."
_TROUBLES = {
    FileTrouble.DAMAGED: f"{_NOT_LOADED} {{path}} is damaged. {_STAYS}",
    FileTrouble.FOREIGN: f"{_NOT_LOADED} the workbench did not write {{path}} for this folder. {_STAYS}",
    FileTrouble.NEWER: f"{_NOT_LOADED} a newer workbench wrote {{path}}. Update this one. {_STAYS}",
    FileTrouble.TOO_LARGE: f"{_NOT_LOADED} {{path}} is larger than 8 MiB. {_STAYS}",
    FileTrouble.SYMLINK: "Saved profiles are not used: {path} is a symbolic link. Replace it with a real one.",
    FileTrouble.NOT_OURS: "Saved profiles are not used: {path} is not a file or folder of yours. Remove it.",
    FileTrouble.FAILED: "Saved profiles are not used: {path} cannot be read or written ({detail}).",
    FileTrouble.KEYRING_FAILED: "The system keyring does not give access to the saved profiles. {detail} Unlock it and "
    "restart the workbench.",
    FileTrouble.KEYRING_EMPTY: f"{_NOT_LOADED} the entry of this integration in the system keyring was deleted. Save "
    "them again.",
}


def trouble(error: ProfilesError) -> str:
    """Why saved profiles were not read or written, and what to do."""
    detail = error.detail if error.detail.endswith((".", "!", "?")) or not error.detail else f"{error.detail}."
    shown = error.detail if error.trouble is FileTrouble.FAILED else detail
    return _TROUBLES[error.trouble].format(path=error.path, detail=shown)


def where(place: Place, path: Path | None) -> str:
    """Where a profile is, in a sentence."""
    if place is Place.KEYRING:
        return "Saved in the system keyring."
    if place is Place.FILE:
        return f"Saved in the file {path}, readable only by you."
    return "In memory until the workbench stops."


def next_place(place: Place, path: Path | None) -> str:
    """Where a profile will be that is remembered on this machine; empty where none can be."""
    if place is Place.KEYRING:
        return "in the system keyring"
    return f"in the file {path}, readable only by you" if place is Place.FILE else ""


def remarks(saved: SavedSet | None) -> list[str]:
    """What else there is to say about the saved profiles of an integration."""
    if saved is None:
        return []
    found = [trouble(saved.error)] if saved.error else []
    if saved.set_aside:
        found.append(f"A file that could not be read was renamed to {saved.set_aside}.")
    if saved.keyring_error:
        found.append(f"The system keyring did not store the profile ({saved.keyring_error.rstrip('.')}).")
    return found
