"""The values of the auth forms, in memory until the workbench stops; never on disk, never in HTML."""

from dataclasses import dataclass, field
from threading import Lock

from workbench.domain import JSON, AuthShape


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was saved for one integration. ``shape`` is None where the contract decides how the handler receives it."""

    values: JSON = field(default_factory=dict, repr=False)
    shape: AuthShape | None = None


class Vault:
    """The credentials of each integration, by its id."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._saved: dict[str, Credentials] = {}

    def get(self, integration_id: str) -> Credentials:
        """What was saved, or empty credentials."""
        with self._lock:
            return self._saved.get(integration_id, Credentials())

    def put(self, integration_id: str, credentials: Credentials) -> None:
        """Replace what was saved."""
        with self._lock:
            self._saved[integration_id] = credentials

    def forget(self, integration_id: str) -> None:
        """Drop what was saved."""
        with self._lock:
            self._saved.pop(integration_id, None)
