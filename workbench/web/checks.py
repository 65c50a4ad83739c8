"""The findings of each integration's last full check, so that every page tells the same number of them."""

from threading import Lock

from workbench.catalog import check
from workbench.domain import Finding, Integration


class Checks:
    """Checks an integration when its ``config.json`` is a new one, or when asked to look again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[Integration, tuple[Finding, ...]]] = {}

    def last(self, integration: Integration) -> tuple[Finding, ...]:
        """What the last check found; there is one for each state of the folder that the catalog has seen."""
        with self._lock:
            kept = self._kept.get(integration.id)
        return kept[1] if kept and kept[0] is integration else self.look(integration)

    def look(self, integration: Integration) -> tuple[Finding, ...]:
        """Check it now: the code may have been edited while ``config.json`` was not."""
        found = tuple(check(integration))
        with self._lock:
            self._kept[integration.id] = integration, found
        return found
