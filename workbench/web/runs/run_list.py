"""The list of runs, filtered by integration, handler and status, and cut into parts of which each leads to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from workbench.domain import Integration, Kind, Run, RunState
from workbench.explain import durations, headline, run_warnings
from workbench.explain.statuses import STATUS_WORDS, WARNING_WORDS
from workbench.explain.text import Sentence, count
from workbench.web.runs.outcome_view import status_pill
from workbench.web.ui.folder_labels import folder_labels, full_titles
from workbench.web.ui.moments import Moment, moment
from workbench.web.ui.widgets import Option, Pill

SHOWN = 50
"""Runs that are shown at first, and each time that more are loaded."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What the URL asks for: ``handler`` is ``kind:name``, ``before`` the run that the list goes on behind."""

    integration: str = ""
    handler: str = ""
    status: str = ""
    before: str = ""

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> "RunFilter":
        """The filter of a URL's parameters. A handler counts only together with its integration."""
        integration, handler, status, before = (
            args.get(name, "")[:_LONGEST] for name in ("integration", "handler", "status", "before")
        )
        return cls(integration, handler if integration else "", status, before)

    @property
    def query(self) -> str:
        """The URL's parameters, without those that are empty."""
        given = {name: getattr(self, name) for name in ("integration", "handler", "status", "before")}
        return urlencode({name: value for name, value in given.items() if value}, errors="replace")

    def lets_through(self, run: Run) -> bool:
        """Whether the run is one of those that are asked for."""
        asked = run.request
        return (
            self.integration in ("", asked.integration_id)
            and self.handler in ("", handler_key(run))
            and self.status in ("", state(run))
        )


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the list.

    ``folder`` tells integrations of one title from each other; ``can_repeat``: it was run. ``took_in_full`` also says
    what the handler took of the time.
    """

    id: str
    integration_id: str
    integration: str
    folder: str
    kind: str
    name: str
    pill: Pill
    headline: Sentence
    at: Moment
    took: str
    took_in_full: str
    exchanges: str
    can_repeat: bool


@dataclass(frozen=True, slots=True)
class RunList:
    """The list, and the options of its filters. ``older`` is the query of the next part, empty where this is the last.

    ``any`` tells whether there are runs at all, ``summary`` how many the filter lets through, ``queue`` how many wait.
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


def present(runs: Sequence[Run], wanted: RunFilter, integrations: Iterable[Integration] = ()) -> RunList:
    """The ``runs``, newest first, that ``wanted`` lets through; ``live`` is the status of runs in progress.

    Imports for a check are not listed: they ran no handler, and the integration's page shows them.
    """
    runs = [run for run in runs if not run.request.load_only]
    known = tuple(integrations)
    titles, folders = {one.id: one.title for one in known}, folder_labels(known)
    found = [run for run in runs if wanted.lets_through(run)]
    start = next((place for place, run in enumerate(found) if _is_before(run, wanted.before)), len(found))
    shown = found[start : start + SHOWN]
    left = len(found) - start - len(shown)
    return RunList(
        rows=tuple(_row(run, titles, folders) for run in shown),
        integrations=_integrations(runs, wanted, full_titles(known)),
        handlers=_handlers(runs, wanted),
        statuses=_statuses(runs, wanted),
        filter=wanted,
        any=bool(runs),
        summary=count(len(found), "run") if len(found) == len(runs) else f"{len(found)} of {count(len(runs), 'run')}",
        older=replace(wanted, before=shown[-1].id).query if left else "",
        left=left,
        queue=_queue(sum(run.outcome.state is RunState.QUEUED for run in runs)),
    )


def _queue(waiting: int) -> str:
    """How many runs wait for a worker; empty where none does."""
    return f"{count(waiting, 'run')} {'waits' if waiting == 1 else 'wait'} for a worker." if waiting else ""


def state(run: Run) -> str:
    """The value of the run's status, or of the warning with which it succeeded; ``live`` while it runs."""
    outcome = run.outcome
    if outcome.status is None or outcome.state is not RunState.FINISHED:
        return "live"
    warning = run_warnings.doubt(run)
    return warning.kind.value if warning else outcome.status.value


def handler_key(run: Run) -> str:
    """What the URL calls the handler of a run: ``action:call_api``."""
    return f"{run.request.kind.value}:{run.request.name}"


def _is_before(run: Run, other: str) -> bool:
    """Whether the run is older than the one of the id ``other``, which may have been dropped since."""
    return int(run.id) < int(other) if other.isdecimal() and run.id.isdecimal() else True


def _integrations(runs: Sequence[Run], wanted: RunFilter, titles: Mapping[str, str]) -> tuple[Option, ...]:
    ids = dict.fromkeys(run.request.integration_id for run in runs)
    return tuple(Option(one, titles.get(one, one), one == wanted.integration) for one in ids)


def _handlers(runs: Sequence[Run], wanted: RunFilter) -> tuple[Option, ...]:
    """The handlers of the integration that is asked for; none without one."""
    own = [run for run in runs if wanted.integration and run.request.integration_id == wanted.integration]
    names = {handler_key(run): run.request.name for run in own}
    if wanted.handler:
        names.setdefault(wanted.handler, wanted.handler.partition(":")[2])
    return tuple(Option(key, name, key == wanted.handler) for key, name in names.items())


def _statuses(runs: Sequence[Run], wanted: RunFilter) -> tuple[Option, ...]:
    words = {state(run): status_pill(run).text if state(run) != "live" else "Running" for run in runs}
    if wanted.status and wanted.status not in words:
        every = (*STATUS_WORDS.items(), *WARNING_WORDS.items())
        words[wanted.status] = next((word.text for key, word in every if key == wanted.status), wanted.status[:40])
    return tuple(Option(value, text, value == wanted.status) for value, text in words.items())


def _row(run: Run, titles: Mapping[str, str], folders: Mapping[str, str]) -> RunRow:
    seen, asked = len(run.outcome.exchanges), run.request
    return RunRow(
        id=run.id,
        integration_id=asked.integration_id,
        integration=titles.get(asked.integration_id, asked.integration_id),
        folder=folders.get(asked.integration_id, ""),
        kind="" if asked.kind is Kind.ACTION else asked.kind.value,
        name=asked.name,
        pill=status_pill(run),
        headline=headline.tell(run),
        at=moment(run.created_at),
        took=durations.took(run.outcome).partition(",")[0],
        took_in_full=durations.took(run.outcome),
        exchanges=count(seen, "exchange") if seen else "",
        can_repeat=not asked.pasted,
    )
