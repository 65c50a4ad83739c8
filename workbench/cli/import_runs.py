"""The imports of ``workbench check``: the code of each integration loaded in a worker, several at once."""

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from workbench import catalog
from workbench.domain import Credentials, Integration, Outcome
from workbench.explain.endings import with_message
from workbench.runner import Runner, RunnerLimits, inherited_environment, load_request
from workbench.store import Limits, Store


class ImportRuns:
    """Imports that run while their outcomes are taken in order. As many run at once as there are cores.

    ``timeout`` is in seconds and for each alone. The code gets the environment variables of ``credentials``.
    """

    def __init__(self, integrations: Sequence[Integration], timeout: float, credentials: Credentials) -> None:
        self._timeout, self._credentials = timeout, credentials
        self._store = Store(Limits(runs=len(integrations)), environ=inherited_environment(os.environ))
        limits = RunnerLimits(queued=len(integrations), cancel=0.5)
        cores = os.process_cpu_count() or 1
        self._runs: dict[str, str] = {}
        self._integrations = [one for one in integrations if catalog.can_load(one)]
        several = len(self._integrations) > 1  # a single worker is there as soon as what would fork it
        self._runner = Runner(self._store, max_running=cores, spare=False, forks=several, limits=limits)

    def outcome(self, integration: Integration) -> Outcome | None:
        """The masked outcome of one import with its error in words, once it has ended; None where there is no code."""
        run_id = self._runs.get(integration.id)
        if run_id is None:
            return None
        self._store.wait_finished(run_id)
        run = self._store.get(run_id)
        return with_message(run.outcome, run.request) if run else None

    def __enter__(self) -> Self:
        for one in self._integrations:
            self._runs[one.id] = self._runner.submit(load_request(one, self._timeout, self._credentials)).id
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._runner.close()
