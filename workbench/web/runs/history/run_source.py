"""The runs that a list shows: those in memory, or with a history those in progress and what was kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.domain import Kind, Run, RunState
from workbench.explain.run_summary import LIVE, state
from workbench.history import Cause, EntryFilter, HistoryArchive
from workbench.store import Store
from workbench.web.runs.history.listed_run import ListedRun, of_entry, of_run
from workbench.web.runs.history.run_filter import RunFilter, handler_key

ALL: Final = 500
"""Runs of the store that are looked at: as many as it holds."""

_SOON: Final = 0.5
"""Seconds for which a list waits for runs that have just ended to be written."""


@dataclass(frozen=True, slots=True)
class Found:
    """Runs, newest first, and how many more there are: ``total`` that match, ``every`` that exist.

    ``integrations``, ``handlers`` (``kind:name``) and ``states`` are what the filters can be set to. ``queued`` is
    how many wait for a worker, ``causes`` are failures that happened more than once.
    """

    runs: Sequence[ListedRun]
    total: int
    every: int
    left: int
    integrations: Sequence[str]
    handlers: Sequence[str]
    states: Sequence[str]
    queued: int = 0
    causes: Sequence[Cause] = ()


def find(store: Store, archive: HistoryArchive | None, wanted: RunFilter, shown: int) -> Found:
    """The first ``shown`` runs that ``wanted`` lets through. Imports for a check ran no handler and are left out."""
    return _in_memory(store, wanted, shown) if archive is None else _in_history(store, archive, wanted, shown)


def _in_memory(store: Store, wanted: RunFilter, shown: int) -> Found:
    every = [run for run in store.list(limit=ALL) if not run.request.load_only]
    total = sum(map(replace(wanted, before="").lets_through, every))
    found = [run for run in every if wanted.lets_through(run)]
    own = [run.request for run in every if wanted.integration == run.request.integration_id]
    return Found(
        runs=[of_run(run) for run in found[:shown]],
        total=total,
        every=len(every),
        left=max(len(found) - shown, 0),
        integrations=list(dict.fromkeys(run.request.integration_id for run in every)),
        handlers=list(dict.fromkeys(handler_key(asked.kind, asked.name) for asked in own)),
        states=list(dict.fromkeys(map(state, every))),
        queued=_queued(every),
    )


def _in_history(store: Store, archive: HistoryArchive, wanted: RunFilter, shown: int) -> Found:
    archive.writer.flush(_SOON)
    history, kept = archive.history, wanted.of_history
    live = [run for run in store.list(limit=ALL) if state(run) == LIVE and not run.request.load_only]
    asked = [run for run in live if wanted.lets_through(run) and not wanted.q and not wanted.cause]
    entries = () if wanted.is_live else history.entries(kept, shown + 1)
    whole, rest = (0, 0) if wanted.is_live else history.counts(kept)
    own = history.handlers(wanted.integration) if wanted.integration else ()
    return Found(
        runs=[*map(of_run, asked), *map(of_entry, entries[:shown])],
        total=whole + len(asked),
        every=(history.count() if wanted.is_set else whole) + len(live),
        left=max(rest - shown, 0),
        integrations=list(dict.fromkeys([*(run.request.integration_id for run in live), *history.integrations()])),
        handlers=[handler_key(Kind(kind), name) for kind, name in own],
        states=[*([LIVE] if live else []), *history.states(EntryFilter(integration_id=kept.integration_id))],
        queued=_queued(live),
        causes=() if wanted.cause else [each for each in history.causes(kept) if each.count > 1],
    )


def _queued(runs: Sequence[Run]) -> int:
    return sum(run.outcome.state is RunState.QUEUED for run in runs)
