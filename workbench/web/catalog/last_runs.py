"""The last run of each integration, in a line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.domain import Run
from workbench.explain.statuses import status_word
from workbench.web.ui.moments import Moment, moment


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run: its status in a word and a tone, what ran and when."""

    id: str
    status: str
    tone: str
    name: str
    at: Moment


def last_runs(runs: Iterable[Run]) -> Mapping[str, LastRun]:
    """By the integration's id, of the ``runs``, which are the newest first; pasted ones and imports are none."""
    found: dict[str, LastRun] = {}
    for run in runs:
        asked = run.request
        if asked.integration_id not in found and not asked.pasted and not asked.load_only:
            word = status_word(run)
            found[asked.integration_id] = LastRun(run.id, word.text, word.tone, asked.name, moment(run.created_at))
    return found
