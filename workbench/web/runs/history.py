"""The last runs of one handler, above the outcome of one of them: one click to each, with its inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for

from workbench.domain import Run, RunState
from workbench.explain import durations, headline
from workbench.explain.statuses import status_word
from workbench.explain.text import plain, shorten
from workbench.web.runs.links import form_url
from workbench.web.runs.run_filter import RunFilter, handler_key
from workbench.web.ui.moments import Moment, moment

SHOWN = 8


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A run, to be shown in one line.

    ``words`` are its status, its duration and its headline; ``is_gap``: runs between it and the next are left out.
    """

    id: str
    url: str
    tone: str
    status: str
    words: str
    at: Moment
    is_shown: bool
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The runs, newest first; ``all_url`` is the list of all."""

    entries: tuple[HistoryEntry, ...]
    all_url: str


def history(run: Run, runs: Sequence[Run], *, is_run_page: bool, tab: str = "") -> History | None:
    """The latest of ``runs``, before them ``run`` itself if it is older; None where it is the only one.

    The links lead to the page of the handler, or with ``is_run_page`` to that of the run; ``tab`` stays open. While
    ``run`` goes on, and is rendered again and again, the headlines are left out.
    """
    is_live = run.outcome.state is not RunState.FINISHED
    latest = list(runs[:SHOWN])
    is_old = run.id not in {each.id for each in latest}
    if len(latest) + is_old < 2:
        return None
    entries = [_entry(each, run, is_live, is_run_page, tab) for each in latest]
    if is_old:
        entries.insert(0, replace(_entry(run, run, is_live, is_run_page, tab), is_gap=True))
    asked = run.request
    wanted = RunFilter(asked.integration_id, handler_key(asked.kind, asked.name))
    return History(tuple(entries), f"{url_for('runs.index')}?{wanted.query}")


def _entry(run: Run, shown: Run, is_live: bool, is_run_page: bool, tab: str) -> HistoryEntry:
    word = status_word(run)
    url = url_for("runs.show", run_id=run.id, tab=tab or None) if is_run_page else form_url(run, tab)
    took = run.outcome.finished_at
    words = [f"Run {run.id}: {word.text}" + (f", {durations.took(run.outcome)}" if took is not None else "")]
    words += [shorten(plain(headline.tell(run)), 160)] if took is not None and not is_live else []
    is_shown = run.id == shown.id
    return HistoryEntry(run.id, url, word.tone, word.text, ". ".join(words), moment(run.created_at), is_shown)
