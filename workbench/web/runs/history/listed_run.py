"""A run as a list shows it, whether it is in memory or in the history."""

from dataclasses import dataclass

from workbench.domain import Kind, Run
from workbench.explain import durations, headline
from workbench.explain.run_summary import inputs_line, state
from workbench.explain.statuses import StatusWord, status_word, word_of_state
from workbench.explain.text import Sentence, sentence
from workbench.history import Entry


@dataclass(frozen=True, slots=True)
class ListedRun:
    """``took`` is in words, ``created_at`` in seconds since the epoch; ``is_saved``: it is in the history."""

    id: str
    integration_id: str
    integration: str
    kind: Kind
    name: str
    state: str
    word: StatusWord
    headline: Sentence
    inputs: str
    created_at: float
    took: str
    exchanges: int
    pasted: bool
    is_saved: bool = False
    pinned: bool = False
    profile: str = ""
    revision: str = ""
    modified: bool = False


def of_run(run: Run) -> ListedRun:
    """A run in memory."""
    asked = run.request
    return ListedRun(
        id=run.id,
        integration_id=asked.integration_id,
        integration="",
        kind=asked.kind,
        name=asked.name,
        state=state(run),
        word=status_word(run),
        headline=headline.tell(run),
        inputs=inputs_line(run),
        created_at=run.created_at,
        took=durations.took(run.outcome),
        exchanges=len(run.outcome.exchanges),
        pasted=asked.pasted,
        profile=asked.profile,
    )


def of_entry(entry: Entry) -> ListedRun:
    """A run in the history."""
    told = entry.summary
    return ListedRun(
        id=str(entry.id),
        integration_id=entry.integration_id,
        integration=told.integration,
        kind=entry.kind,
        name=entry.name,
        state=told.state,
        word=word_of_state(told.state, pasted=entry.pasted),
        headline=sentence(told.headline),
        inputs=told.inputs,
        created_at=entry.created_at,
        took=durations.took_in(entry.duration, entry.handler_seconds),
        exchanges=told.exchanges,
        pasted=entry.pasted,
        is_saved=True,
        pinned=entry.pinned,
        profile=entry.profile,
        revision=told.revision,
        modified=told.modified,
    )
