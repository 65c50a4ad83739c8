"""Work that was left behind, in words; what real handlers leave is in tests/runner."""

from pathlib import Path

import pytest

from workbench.domain import (
    BackgroundWork,
    Contract,
    ContractVersion,
    Kind,
    Outcome,
    Run,
    RunRequest,
    RunState,
    Status,
    WorkKind,
)
from workbench.explain.text import plain
from workbench.explain.warnings import background_work

REQUEST = RunRequest("x", Path("/i"), "x.py", Kind.ACTION, "get", Contract(ContractVersion.V2), {})


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        (WorkKind.TASK, "Await tasks"),
        (WorkKind.THREAD, "Join threads"),
        (WorkKind.CALL, "Ask for the results of calls"),
    ],
)
def test_any_kind_may_be_reported_as_still_at_work(kind: WorkKind, advice: str) -> None:
    left = (BackgroundWork(kind, "refresh", None, None),)
    outcome = Outcome(state=RunState.FINISHED, status=Status.SUCCEEDED, background=left)
    [warning] = background_work.warnings(Run("1", REQUEST, 0.0, outcome))
    assert plain(warning.sentence) == (
        f"1 {kind} was still running when the handler was over: refresh. {advice} before the handler returns."
    )
