"""The run before another one of the same handler: in memory, or in the history."""

from workbench.domain import Run
from workbench.history import EntryFilter
from workbench.web.runs.history.run_source import ALL
from workbench.web.services.app_context import app_context

_LOOKED_AT = 100
"""Kept runs before a run, among which one is looked for that was not pasted."""


def previous(run: Run) -> str | None:
    """The id of the last run before ``run`` of its handler that was not pasted; None where there is none."""
    if not run.id.isdecimal():
        return None
    asked, number, archive = run.request, int(run.id), app_context().config.archive
    held = app_context().store.list(integration_id=asked.integration_id, kind=asked.kind, name=asked.name, limit=ALL)
    found = [int(one.id) for one in held if one.id.isdecimal() and not one.request.pasted]
    wanted = EntryFilter(asked.integration_id, asked.kind, asked.name, before=number)
    kept = archive.recent(wanted, _LOOKED_AT) if archive else ()
    found += [entry.id for entry in kept if not entry.pasted]
    return str(max(before)) if (before := [one for one in found if one < number]) else None
