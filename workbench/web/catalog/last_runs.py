"""The last run of each integration, in a line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.domain import Kind, Run
from workbench.explain.statuses import status_word, word_of_state
from workbench.history import Entry
from workbench.web.ui.moments import Moment, moment


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run: its status in a word and a tone, what ran and when."""

    id: str
    status: str
    tone: str
    name: str
    at: Moment


def last_runs(runs: Iterable[Run], kept: Iterable[Entry] = ()) -> Mapping[str, LastRun]:
    """By the integration's id, of the ``runs``, which are the newest first; pasted ones, imports and
    requests that were sent again are none.

    Those that are no longer in memory come from the ``kept`` ones of the history.
    """
    found: dict[str, LastRun] = {}
    for run in runs:
        asked = run.request
        is_handler = not asked.pasted and not asked.load_only and asked.kind is not Kind.REQUEST
        if asked.integration_id not in found and is_handler:
            word = status_word(run)
            found[asked.integration_id] = LastRun(run.id, word.text, word.tone, asked.name, moment(run.created_at))
    for entry in kept:
        if entry.integration_id not in found and entry.kind is not Kind.REQUEST:
            word = word_of_state(entry.summary.state)
            found[entry.integration_id] = LastRun(
                str(entry.id), word.text, word.tone, entry.name, moment(entry.created_at)
            )
    return found
