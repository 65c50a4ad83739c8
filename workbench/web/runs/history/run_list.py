"""The list of runs, filtered by integration, handler, status and words; each part leads to the next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workbench.domain import Integration, Kind
from workbench.explain.run_summary import LIVE
from workbench.explain.statuses import word_of_state
from workbench.explain.text import Sentence, count
from workbench.profiles.profile import DEFAULT
from workbench.web.runs.history.listed_run import ListedRun
from workbench.web.runs.history.run_filter import RunFilter
from workbench.web.runs.history.run_source import Found
from workbench.web.ui.folder_labels import folder_labels, full_titles
from workbench.web.ui.moments import Moment, moment
from workbench.web.ui.widgets import Option, Pill

MOST_CAUSES = 3
"""Causes of several failures that stand above the list."""

SHOWN = 50
"""Runs that are shown at first, and each time that more are loaded."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the list.

    ``folder`` tells integrations of one title from each other; ``can_repeat``: it was run. ``took_in_full`` also says
    what the handler took of the time. ``made_with`` says of what it was made: profile and revision.
    """

    id: str
    integration_id: str
    integration: str
    folder: str
    kind: str
    name: str
    pill: Pill
    headline: Sentence
    inputs: str
    at: Moment
    took: str
    took_in_full: str
    exchanges: str
    can_repeat: bool
    is_saved: bool
    pinned: bool
    made_with: str


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Failures of one cause: ``times`` in words, ``query`` the filter that shows them."""

    times: str
    name: str
    headline: str
    since: Moment
    query: str


@dataclass(frozen=True, slots=True)
class RunList:
    """The list, and the options of its filters. ``older`` is the query of the next part, empty where this is the last.

    ``any`` tells whether there are runs at all, ``summary`` how many the filter lets through, ``queue`` how many wait;
    ``can_search``: there is a history, which can be searched.
    """

    rows: tuple[RunRow, ...]
    integrations: tuple[Option, ...]
    handlers: tuple[Option, ...]
    statuses: tuple[Option, ...]
    filter: RunFilter
    any: bool
    summary: str
    older: str
    left: int
    queue: str
    can_search: bool
    causes: tuple[CauseRow, ...] = ()


def present(
    found: Found, wanted: RunFilter, integrations: Iterable[Integration] = (), *, can_search: bool = False
) -> RunList:
    """The page of what was ``found`` for ``wanted``."""
    known = tuple(integrations)
    titles, folders = {one.id: one.title for one in known}, folder_labels(known)
    every = count(found.every, "run")
    return RunList(
        rows=tuple(_row(run, titles, folders) for run in found.runs),
        integrations=_integrations(found, wanted, full_titles(known)),
        handlers=_handlers(found, wanted),
        statuses=_statuses(found, wanted),
        filter=wanted,
        any=bool(found.every),
        summary=every if found.total == found.every else f"{found.total} of {every}",
        older=replace(wanted, before=found.runs[-1].id).query if found.left and found.runs else "",
        left=found.left,
        queue=_queue(found.queued),
        can_search=can_search,
        causes=tuple(
            CauseRow(
                f"{one.count} times",
                one.name,
                one.headline,
                moment(one.since),
                replace(wanted, cause=one.cause, before="").query,
            )
            for one in found.causes[:MOST_CAUSES]
        ),
    )


def _queue(waiting: int) -> str:
    """How many runs wait for a worker; empty where none does."""
    return f"{count(waiting, 'run')} {'waits' if waiting == 1 else 'wait'} for a worker." if waiting else ""


def _integrations(found: Found, wanted: RunFilter, titles: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(one, titles.get(one, one), one == wanted.integration) for one in found.integrations)


def _handlers(found: Found, wanted: RunFilter) -> tuple[Option, ...]:
    """The handlers of the integration that is asked for; none without one."""
    keys = dict.fromkeys([*found.handlers, *([wanted.handler] if wanted.handler else [])])
    return tuple(Option(key, key.partition(":")[2], key == wanted.handler) for key in keys)


def _statuses(found: Found, wanted: RunFilter) -> tuple[Option, ...]:
    states = dict.fromkeys([*found.states, *([wanted.status] if wanted.status else [])])
    return tuple(
        Option(one, "Running" if one == LIVE else word_of_state(one).text, one == wanted.status) for one in states
    )


def _row(run: ListedRun, titles: Mapping[str, str], folders: Mapping[str, str]) -> RunRow:
    modified = ", modified" if run.modified else ""
    made_with = [f"profile {run.profile}"] if run.profile not in ("", DEFAULT) else []
    made_with += [f"revision {run.revision}{modified}"] if run.revision else []
    return RunRow(
        id=run.id,
        integration_id=run.integration_id,
        integration=titles.get(run.integration_id, run.integration or run.integration_id),
        folder=folders.get(run.integration_id, ""),
        kind="" if run.kind is Kind.ACTION else run.kind.value,
        name=run.name,
        pill=Pill(run.word.text, run.word.tone),
        headline=run.headline,
        inputs=run.inputs,
        at=moment(run.created_at),
        took=run.took.partition(",")[0],
        took_in_full=run.took,
        exchanges=count(run.exchanges, "exchange") if run.exchanges else "",
        can_repeat=not run.pasted and run.kind is not Kind.REQUEST and run.integration_id in titles,
        is_saved=run.is_saved,
        pinned=run.pinned,
        made_with=", ".join(made_with),
    )
