"""The credentials of each integration, in memory until the workbench stops; never on disk, never in HTML."""

from threading import Lock

from workbench.domain import Credentials


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
