"""The last runs of one handler, above the outcome of one of them: one click to each, with its inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for

from workbench.domain import Run, RunState
from workbench.explain import durations, headline
from workbench.explain.statuses import status_word, word_of_state
from workbench.explain.text import plain, shorten
from workbench.history import Entry
from workbench.web.runs.history.run_filter import RunFilter, handler_key
from workbench.web.runs.links import form_url
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
    """The runs, newest first; ``all_url`` is the list of all, ``previous_url`` compares with the run before."""

    entries: tuple[HistoryEntry, ...]
    all_url: str
    previous_url: str = ""


def history(
    run: Run, runs: Sequence[Run], kept: Sequence[Entry] = (), *, is_run_page: bool, tab: str = ""
) -> History | None:
    """The latest of ``runs`` and of the ``kept`` ones that are not among them; None where ``run`` is the only one.

    ``run`` itself stands before them if it is older.

    The links lead to the page of the handler, or with ``is_run_page`` to that of the run; ``tab`` stays open. While
    ``run`` goes on, and is rendered again and again, the headlines are left out.
    """
    is_live = run.outcome.state is not RunState.FINISHED
    known = {each.id for each in runs}
    earlier = [entry for entry in kept if str(entry.id) not in known]
    entries = [_entry(each, run, is_live, is_run_page, tab) for each in runs]
    entries += [_kept_entry(each, run, is_run_page, tab) for each in earlier]
    entries = entries[:SHOWN]
    is_old = run.id not in {each.id for each in entries}
    if len(entries) + is_old < 2:
        return None
    if is_old:
        entries.insert(0, replace(_entry(run, run, is_live, is_run_page, tab), is_gap=True))
    asked = run.request
    wanted = RunFilter(asked.integration_id, handler_key(asked.kind, asked.name))
    has_previous = not is_live and not asked.pasted and entries[-1].id != run.id
    previous_url = url_for("comparison.previous", run_id=run.id) if has_previous else ""
    return History(tuple(entries), f"{url_for('runs.index')}?{wanted.query}", previous_url)


def _entry(run: Run, shown: Run, is_live: bool, is_run_page: bool, tab: str) -> HistoryEntry:
    word = status_word(run)
    url = _url(run.id, run, is_run_page, tab)
    took = run.outcome.finished_at
    words = [f"Run {run.id}: {word.text}" + (f", {durations.took(run.outcome)}" if took is not None else "")]
    words += [shorten(plain(headline.tell(run)), 160)] if took is not None and not is_live else []
    is_shown = run.id == shown.id
    return HistoryEntry(run.id, url, word.tone, word.text, ". ".join(words), moment(run.created_at), is_shown)


def _kept_entry(kept: Entry, shown: Run, is_run_page: bool, tab: str) -> HistoryEntry:
    word, number = word_of_state(kept.summary.state, pasted=kept.pasted), str(kept.id)
    took = durations.took_in(kept.duration, kept.handler_seconds)
    words = f"Run {number}: {word.text}, {took}. {shorten(kept.summary.headline, 160)}"
    url = _url(number, shown, is_run_page, tab)
    return HistoryEntry(number, url, word.tone, word.text, words, moment(kept.created_at), number == shown.id)


def _url(run_id: str, shown: Run, is_run_page: bool, tab: str) -> str:
    """The page of a run of the same handler as the one that is ``shown``."""
    if is_run_page:
        return url_for("runs.show", run_id=run_id, tab=tab or None)
    return form_url(replace(shown, id=run_id), tab)
