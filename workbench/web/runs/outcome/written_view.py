"""What an outcome says of a change of ``config.json`` that it led to, or that it was run after."""

from dataclasses import dataclass
from pathlib import Path

from workbench.domain import Run
from workbench.web.services.app_context import app_context
from workbench.web.services.config_writes import ConfigWrite
from workbench.web.ui.text_diff import DiffLine, difference


@dataclass(frozen=True, slots=True)
class WrittenView:
    """``title`` says what was changed, ``lines`` how; ``is_outdated`` that the run used the file before that."""

    title: str
    lines: tuple[DiffLine, ...]
    is_undone: bool
    is_outdated: bool


def written_view(run: Run) -> WrittenView | None:
    """The last change of the integration's ``config.json``; None where the run has nothing to do with it."""
    write = app_context().writes.of_run(run.request.root, run.id)
    if write is None:
        return None
    return _view(write, is_outdated=run.request.config_digest != write.digest)


def last_written(root: Path) -> WrittenView | None:
    """The last change of a folder's ``config.json``, whichever run led to it; None where it can no longer be undone."""
    write = app_context().writes.last(root)
    return None if write is None or write.is_undone else _view(write)


def _view(write: ConfigWrite, *, is_outdated: bool = False) -> WrittenView:
    lines = difference(write.change.before, write.change.after)
    return WrittenView(write.title, lines, write.is_undone, is_outdated)
