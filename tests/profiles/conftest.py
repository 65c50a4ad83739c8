"""A folder for saved profiles, and keyrings that really store."""

from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from workbench.domain import AuthShape, Credentials, EnvironmentVariable
from workbench.profiles import Profile, SavedProfiles

SECRET = 'p)%>+$:"é'


class MemoryKeyring(KeyringBackend):
    """A keyring in memory. While ``locked``, it gives and takes nothing."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def _check(self) -> None:
        if self.locked:
            raise KeyringLocked("The keyring is locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.entries[service, username]


@pytest.fixture
def profile() -> Profile:
    """A profile that uses everything that one can hold."""
    credentials = Credentials(
        values={"api_key": SECRET, "pin": 1234, "nested": {"a": [1, None, "\ud800"]}},
        shape=AuthShape.ENVELOPE,
        auth_type="StorefrontPrivate",
        metadata={"dc": "us21"},
        environment=(EnvironmentVariable("TOKEN", SECRET), EnvironmentVariable("GONE", None)),
        secret_names=frozenset({"a"}),
        public_names=frozenset({"b", "c"}),
    )
    return Profile("staging", credentials, "list_items")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where profiles are saved."""
    return tmp_path / "config" / "profiles"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of an integration."""
    return tmp_path / "greeter"


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system has no keyring."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())


@pytest.fixture
def system_keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """The system has a keyring."""
    backend = MemoryKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def in_file(folder: Path, no_keyring: None) -> SavedProfiles:
    """Saved profiles in files."""
    return SavedProfiles(folder)
