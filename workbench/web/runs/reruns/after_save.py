"""A run made again after a save: the wait for it, and the request."""

from dataclasses import dataclass, replace

from flask import abort

from workbench.domain import Run
from workbench.domain.masked_text import has_mask
from workbench.reruns import FileWatch, concerns, rerun_answers, saved_since
from workbench.web.runs.reruns.repetition import repeated
from workbench.web.services.app_context import app_context
from workbench.web.ui.run_requests import submit_or_503

_WAIT = 15.0
"""Seconds for which a page waits in one request."""
_MOMENT = 1.0
"""Seconds for which the answer waits for the end of the new run."""


@dataclass(frozen=True, slots=True)
class RerunChoice:
    """Where the answers of reruns come from, as the page says it."""

    live: bool = False
    with_effects: bool = False


def wait_and_rerun(run: Run, choice: RerunChoice) -> Run | None:
    """The run made again after a save that matters to it, at its end or a moment later; None where there was no save.

    Ends the request with a 409 where the run cannot be repeated, and with a 503 where too many pages wait.
    """
    context = app_context()
    if not context.store.holds(run.id) or has_mask(run.request.inputs) or run.request.pasted:
        abort(409, "This run cannot be repeated after a save. Run it once, then turn this on.")
    if not context.reruns.waiting.acquire(blocking=False):
        abort(503, "Too many pages wait for a file to be saved. Close some.")
    try:
        files = _saved(run)
    finally:
        context.reruns.waiting.release()
    return _rerun(run, choice, files) if files else None


def _saved(run: Run) -> tuple[str, ...]:
    """The files that matter and were saved since ``run`` began: before this request, or while it waits."""
    root = run.request.root
    with FileWatch(root) as watch:  # before the look, so that no save falls between
        return concerns(run, saved_since(root, run.created_at)) or concerns(run, watch.wait(_WAIT))


def _rerun(run: Run, choice: RerunChoice, files: tuple[str, ...]) -> Run:
    context, asked = app_context(), run.request
    masked = context.store.get(run.id)
    assert masked is not None, "the store holds it"  # noqa: S101
    earlier = context.store.list(integration_id=asked.integration_id, kind=asked.kind, name=asked.name)
    before = [one for one in earlier if one.created_at < run.created_at]
    request = repeated(run)
    answers = rerun_answers(masked, request.answers, before, live=choice.live, with_effects=choice.with_effects)
    made = submit_or_503(replace(request, answers=answers))
    context.reruns.put(made.id, run.id, files)
    context.store.wait_finished(made.id, _MOMENT)
    return context.store.get(made.id) or made
