"""The installations of requirements that pages have started: at most one for each integration."""

import threading

from workbench.domain import InstallProgress, Integration
from workbench.installer import Installation, install_requirements


class Installs:
    """The last installation of each integration. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, Installation] = {}

    def start(self, integration: Integration) -> None:
        """Install the requirements, unless that goes on already.

        Raises ``FolderBusy``, ``NoInstallTool`` and :class:`OSError`.
        """
        with self._lock:
            last = self._last.get(integration.id)
            if last is None or not last.is_running:
                self._last[integration.id] = install_requirements(integration.root)

    def progress(self, integration: Integration) -> InstallProgress | None:
        """How far the last one has come; None where there was none."""
        last = self._get(integration)
        return last.progress if last else None

    def wait(self, integration: Integration, seconds: float) -> None:
        """Wait for the end of the running one, at most ``seconds``."""
        if last := self._get(integration):
            last.wait(seconds)

    def cancel(self, integration: Integration) -> None:
        """End the running one."""
        if last := self._get(integration):
            last.cancel()

    def close(self) -> None:
        """End all that are running and wait until their processes are gone."""
        with self._lock:
            running = list(self._last.values())
        for one in running:
            one.cancel()
        for one in running:
            one.wait()

    def _get(self, integration: Integration) -> Installation | None:
        with self._lock:
            return self._last.get(integration.id)
