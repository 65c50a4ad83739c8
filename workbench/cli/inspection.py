"""Loads integrations in workers, each in a process of its own, without calling anything of them."""

import os
from collections.abc import Mapping, Sequence

from workbench.domain import Integration, Outcome
from workbench.explain.endings import worded
from workbench.runner import Runner, RunnerLimits, load_request
from workbench.store import Store

_MOST = 4


def load_all(integrations: Sequence[Integration], timeout: float) -> Mapping[str, Outcome]:
    """The outcome of importing each, by id, with the text of its error. A few go on at once.

    ``timeout`` is in seconds and for each alone.
    """
    limits = RunnerLimits(queued=len(integrations), cancel=0.5)
    store = Store()
    with Runner(store, max_running=min(os.process_cpu_count() or 1, _MOST), spare=False, limits=limits) as runner:
        runs = {one.id: runner.submit(load_request(one, timeout)).id for one in integrations}
        for run_id in runs.values():
            store.wait_finished(run_id)
        found = {integration_id: store.get(run_id, reveal=True) for integration_id, run_id in runs.items()}
    return {
        integration_id: worded(run.outcome, run.request) for integration_id, run in found.items() if run is not None
    }
