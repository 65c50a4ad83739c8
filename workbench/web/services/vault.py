"""``Vault``: the profiles of each integration, by its id; the selected one where none is named. Never in HTML."""

from pathlib import Path

from workbench.catalog import Catalog
from workbench.domain import Credentials
from workbench.profiles import Profile, ProfileStore


class Vault:
    """What runs get besides their inputs. ``profiles`` are the same by the integration's folder."""

    def __init__(self, profiles: ProfileStore, known: Catalog) -> None:
        self.profiles = profiles
        self._catalog = known

    def profile(self, integration_id: str, name: str = "") -> Profile:
        """The profile called ``name``, else the selected one."""
        return self.profiles.get(self._root(integration_id), name)

    def get(self, integration_id: str) -> Credentials:
        """The credentials of the selected profile."""
        return self.profile(integration_id).credentials

    def put(self, integration_id: str, credentials: Credentials) -> None:
        """Replace the credentials of the selected profile. Raises :class:`workbench.profiles.ProfilesError`."""
        root = self._root(integration_id)
        old = self.profiles.get(root)
        self.profiles.put(root, Profile(old.name, credentials, old.check))

    def forget(self, integration_id: str) -> None:
        """Delete the selected profile. Raises :class:`workbench.profiles.ProfilesError`."""
        root = self._root(integration_id)
        self.profiles.forget(root, self.profiles.selected(root))

    def _root(self, integration_id: str) -> Path:
        found = self._catalog.get(integration_id)
        return found.root if found else Path(integration_id)
