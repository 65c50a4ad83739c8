"""Named sets of credentials: in memory, and on this machine where the person says so. Pages and commands use them."""

from workbench.profiles.private_folder import FileTrouble, ProfilesError
from workbench.profiles.profile import DEFAULT, InvalidName, Profile, checked_name
from workbench.profiles.profile_store import ProfileStore
from workbench.profiles.saved_profiles import Place, SavedProfiles, SavedSet

__all__ = [
    "DEFAULT",
    "FileTrouble",
    "InvalidName",
    "Place",
    "Profile",
    "ProfileStore",
    "ProfilesError",
    "SavedProfiles",
    "SavedSet",
    "checked_name",
]
