"""The history that a command keeps: opened by its URL, or why there is none."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from workbench.catalog import Catalog
from workbench.cli.failure import CannotRun
from workbench.domain import Run, RunSummary
from workbench.explain import run_summary
from workbench.explain.history import unavailable
from workbench.git_command import run_git
from workbench.history import History, HistoryArchive, HistoryUnavailable

NONE: Final = "none"
_GIT_TIMEOUT: Final = 5


def open_archive(url: str, catalog: Catalog, say: Callable[[str], None]) -> HistoryArchive | None:
    """The archive at ``url``, in the user's data folder where that is empty; None for ``none``.

    Raises :class:`CannotRun` where a database that was named cannot be used; without the usual one the workbench goes
    on, and ``say`` gets the reason.
    """
    if url == NONE:
        return None
    try:
        history = History.open(url or _usual())
    except HistoryUnavailable as error:
        if url:
            raise CannotRun(unavailable(error)) from error
        say(f"{unavailable(error)} Runs stay in memory until the workbench stops.")
        return None
    if history.database.set_aside:
        say(f"The history was damaged. It was moved to {history.database.set_aside}, and a new one begins.")
    return HistoryArchive(history, lambda run: _summary(run, catalog))


def open_history(url: str = "") -> History:
    """The history at ``url``, the usual one where that is empty, for reading. The caller closes it.

    Raises :class:`workbench.history.HistoryUnavailable`.
    """
    return History.open(url or _usual())


def _usual() -> str:
    import platformdirs

    return f"sqlite:///{platformdirs.user_data_path('autohive-workbench') / 'history.sqlite'}"


def _summary(run: Run, catalog: Catalog) -> RunSummary:
    integration = catalog.get(run.request.integration_id)
    revision, modified = _revision(run.request.root)
    title = integration.title if integration else ""
    return run_summary.summarize(run, title, revision=revision, modified=modified)


def _revision(root: Path) -> tuple[str, bool]:
    """The commit that the folder's repository is at, and whether files of the folder differ from it; empty without."""
    commit = _git(root, "rev-parse", "--short=12", "HEAD")
    return (commit, bool(_git(root, "status", "--porcelain", "--", "."))) if commit else ("", False)


def _git(root: Path, *arguments: str) -> str:
    """What a command prints; empty where it fails."""
    try:
        done = run_git(root, *arguments, timeout=_GIT_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
