"""What differs after a save, above the outcome of the run that was made again."""

from dataclasses import dataclass

from flask import url_for

from workbench.comparison import compare
from workbench.domain import AnswerSource, Run, RunState
from workbench.explain.run_comparison import tell
from workbench.explain.text import Sentence
from workbench.web.runs.comparison.comparison_view import ChangeTable, change_table
from workbench.web.services.app_context import app_context

_SHOWN = 8
"""Changes of the result that stand above the outcome."""


@dataclass(frozen=True, slots=True)
class RerunView:
    """``text`` is empty while the run goes on; ``url`` is the whole comparison, ``changes`` those of the result."""

    files: str
    before: str
    answers: str
    text: Sentence
    url: str
    changes: ChangeTable


def rerun_view(run: Run) -> RerunView | None:
    """The view of a run that was made again after a save; None for any other."""
    rerun = app_context().reruns.get(run.id)
    before = app_context().store.get(rerun.before) if rerun else None
    if rerun is None or before is None:
        return None
    source = run.request.answers
    answers = f"answers of {source.label}" if source.source is AnswerSource.RECORDING else "live answers"
    url = url_for("comparison.show", run_id=before.id, other_id=run.id)
    if run.outcome.state is not RunState.FINISHED:
        return RerunView(", ".join(rerun.files), before.id, answers, (), url, ChangeTable(()))
    found = compare(before, run)
    return RerunView(", ".join(rerun.files), before.id, answers, tell(found), url, change_table(found.result, _SHOWN))
