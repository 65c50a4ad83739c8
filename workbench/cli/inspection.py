"""Loads integrations in workers, each in a process of its own, without calling anything of them."""

import os
from collections.abc import Mapping, Sequence

from workbench.domain import AuthShape, Integration, Kind, Outcome, RunRequest
from workbench.runner import Runner, RunnerLimits
from workbench.store import Store

OURS = ("WorkerFailedToStart", "WorkbenchFailed")
"""Types of the errors that are the workbench's and say nothing of the integration."""

_MOST = 4


def load_all(integrations: Sequence[Integration], timeout: float) -> Mapping[str, Outcome]:
    """How it went to import each, by id; ``timeout`` is in seconds and for each alone. A few go on at once."""
    limits = RunnerLimits(queued=len(integrations), cancel=0.5)
    store = Store()
    with Runner(store, max_running=min(os.process_cpu_count() or 1, _MOST), spare=False, limits=limits) as runner:
        runs = {one.id: runner.submit(_request(one, timeout)).id for one in integrations}
        for run_id in runs.values():
            store.wait_finished(run_id)
        found = {integration_id: store.get(run_id, reveal=True) for integration_id, run_id in runs.items()}
    return {integration_id: run.outcome for integration_id, run in found.items() if run is not None}


def _request(integration: Integration, timeout: float) -> RunRequest:
    return RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=Kind.ACTION,
        name="",
        contract=integration.contract,
        inputs={},
        auth={},
        auth_shape=AuthShape.FLAT,
        timeout=timeout,
        load_only=True,
    )
