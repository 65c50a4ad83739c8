"""The import checks of integrations: their code loaded in a worker, on request."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path

from workbench import catalog
from workbench.catalog import Catalog
from workbench.domain import Credentials, Finding, Integration, Run, RunState, Status
from workbench.explain import endings
from workbench.runner import Runner, load_request
from workbench.store import Store

TIMEOUT = 20.0
"""Seconds that an import may take, as for ``workbench check``."""


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """The findings of a folder. ``load`` is the last import, None where none is stored.

    ``stale`` is whether files changed since; ``findings`` are then those of the static checks alone. ``possible`` is
    False where there is no code that could be imported.
    """

    findings: tuple[Finding, ...]
    load: Run | None = None
    stale: bool = False
    possible: bool = True

    @property
    def live(self) -> bool:
        """Whether the import is running."""
        return self.load is not None and self.load.outcome.state is not RunState.FINISHED


@dataclass(frozen=True, slots=True)
class _Import:
    """A requested import, the state of the folder at that time, and its findings once they are known."""

    run_id: str
    watched: tuple[Path, ...]
    folder: tuple[object, ...]
    findings: tuple[Finding, ...] | None = None


class ImportChecks:
    """The last import of each integration. Safe to use from several threads."""

    def __init__(self, known: Catalog, store: Store, runner: Runner) -> None:
        """Uses these parts of the workbench."""
        self._catalog, self._store, self._runner = known, store, runner
        self._lock = threading.Lock()
        self._last: dict[str, _Import] = {}

    def start(self, integration: Integration, credentials: Credentials) -> None:
        """Import it with the saved environment, unless an import is running.

        Raises ``RunnerBusy`` and ``RunnerClosed``.
        """
        if not catalog.can_load(integration) or self.checked(integration).live:
            return
        watched = self._catalog.files_to_watch(integration)
        folder = _folder(watched)
        run = self._runner.submit(load_request(integration, TIMEOUT, credentials))
        with self._lock:
            self._last[integration.id] = _Import(run.id, watched, folder)

    def wait(self, integration: Integration, seconds: float) -> None:
        """Wait for the end of the running import, at most ``seconds``."""
        with self._lock:
            last = self._last.get(integration.id)
        if last and self._store.get(last.run_id):
            self._store.wait_finished(last.run_id, seconds)

    def is_checked(self, integration: Integration) -> bool:
        """Whether :meth:`checked` would answer at once."""
        return self._catalog.is_checked(integration)

    def checked(self, integration: Integration) -> ImportCheck:
        """The folder's findings, with those of the last import if nothing has changed since."""
        alone, possible = self._catalog.check(integration), catalog.can_load(integration)
        with self._lock:
            last = self._last.get(integration.id)
        run = self._store.get(last.run_id) if last else None
        if last is None or run is None:
            return ImportCheck(alone, possible=possible)
        if run.outcome.status in (None, Status.CANCELLED) or endings.is_workbench_failure(run.outcome):
            return ImportCheck(alone, run, possible=possible)
        if not possible or _folder(last.watched) != last.folder:
            return ImportCheck(alone, run, stale=True, possible=possible)
        return ImportCheck(self._both(integration, last, run), run)

    def _both(self, integration: Integration, last: _Import, run: Run) -> tuple[Finding, ...]:
        if last.findings is None:
            found = self._catalog.check(integration, endings.with_message(run.outcome, run.request), timeout=TIMEOUT)
            last = replace(last, findings=found)
            with self._lock:
                if self._last[integration.id].run_id == last.run_id:
                    self._last[integration.id] = last
        return last.findings or ()


def _folder(paths: tuple[Path, ...]) -> tuple[object, ...]:
    """The state of files and folders; of a folder only its code counts, as an import writes its cache there."""
    return tuple(map(_state, paths))


def _state(path: Path) -> object:
    try:
        if path.is_dir():
            return tuple(sorted(each.name for each in path.glob("*.py")))
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
