"""What an outcome says of a change of ``config.json`` that it led to, or that it was run after."""

from dataclasses import dataclass

from workbench.domain import Run
from workbench.web.services.app_context import app_context
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
    lines = difference(write.change.before, write.change.after)
    return WrittenView(write.title, lines, write.is_undone, run.request.config_digest != write.digest)
