"""The list of runs, filtered by integration and status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.domain import Run, RunState
from workbench.explain import headline, run_warnings
from workbench.explain.statuses import STATUS_WORDS, WARNING_WORDS
from workbench.explain.text import Sentence, count, day, span
from workbench.web.runs.outcome_view import status_pill
from workbench.web.ui.widgets import Pill

SHOWN = 200
"""Runs on the page."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the list."""

    id: str
    integration: str
    kind: str
    name: str
    pill: Pill
    headline: Sentence
    at: str
    took: str
    exchanges: str


@dataclass(frozen=True, slots=True)
class RunList:
    """The list, and what the filters offer: values with their label. ``any`` tells whether there are runs at all."""

    rows: tuple[RunRow, ...]
    integrations: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]
    integration: str
    status: str
    any: bool
    hidden: int


def present(runs: Sequence[Run], args: Mapping[str, str]) -> RunList:
    """The runs that ``integration`` and ``status`` let through; ``live`` is the status of runs in progress.

    Imports for a check are not listed: they ran no handler, and the integration's page shows them.
    """
    runs = [run for run in runs if not run.request.load_only]
    integration, status = args.get("integration", ""), args.get("status", "")
    wanted = [run for run in runs if integration in ("", run.request.integration_id) and status in ("", state(run))]
    statuses = {state(run): status_pill(run).text if state(run) != "live" else "Running" for run in runs}
    if status and status not in statuses:
        words = (*STATUS_WORDS.items(), *WARNING_WORDS.items())
        statuses[status] = next((word.text for key, word in words if key == status), status[:40])
    return RunList(
        rows=tuple(_row(run) for run in wanted[:SHOWN]),
        integrations=tuple(dict.fromkeys(run.request.integration_id for run in runs)),
        statuses=tuple(statuses.items()),
        integration=integration,
        status=status,
        any=bool(runs),
        hidden=max(0, len(wanted) - SHOWN),
    )


def state(run: Run) -> str:
    """The value of the run's status, or of the warning with which it succeeded; ``live`` while it runs."""
    outcome = run.outcome
    if outcome.status is None or outcome.state is not RunState.FINISHED:
        return "live"
    warning = run_warnings.doubt(run)
    return warning.kind.value if warning else outcome.status.value


def _row(run: Run) -> RunRow:
    seen = len(run.outcome.exchanges)
    return RunRow(
        id=run.id,
        integration=run.request.integration_id,
        kind=run.request.kind.value,
        name=run.request.name,
        pill=status_pill(run),
        headline=headline.tell(run),
        at=day(run.created_at),
        took=span(run.outcome.finished_at),
        exchanges=count(seen, "exchange") if seen else "",
    )
