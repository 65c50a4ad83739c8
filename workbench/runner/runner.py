"""The runner: takes requests, runs a few at once and queues the rest."""

import logging
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from workbench.domain import AuthShape, Credentials, Integration, Kind, Run, RunRequest, SdkSource, Status
from workbench.events import CaptureNoted, QueueMoved, RunFinished, RunQueued
from workbench.runner import run_end
from workbench.runner.fork_server import ForkServer
from workbench.runner.limits import RunnerLimits
from workbench.runner.process import WorkerProcess
from workbench.runner.sdk_provider import SdkProvider, SdkUnavailable
from workbench.runner.spare import SpareKeeper
from workbench.runner.supervision import Supervision
from workbench.runner.worker_start import WorkerStart
from workbench.store import Store, UnknownRun

_LOG = logging.getLogger(__name__)


class RunnerBusy(Exception):
    """The queue is full. Wait for a run to finish or cancel one, then try again."""


class RunnerClosed(Exception):
    """The runner is closed: the workbench is about to stop."""


@dataclass(frozen=True, slots=True)
class _Job:
    run_id: str
    request: RunRequest
    supervision: Supervision


class Runner:
    """Runs integrations, each in a process of its own. Every method may be called from any thread.

    At most ``max_running`` run at once, each supervised by a thread; the others are queued. Close it, or use it as a
    context manager: no process outlives it. Without a ``spare`` each run gets a worker when it is its turn. Without
    ``forks``, or where the system cannot fork, workers are started one by one, each in 0.25 s.
    """

    def __init__(
        self,
        store: Store,
        *,
        max_running: int = 4,
        spare: bool = True,
        forks: bool = True,
        limits: RunnerLimits | None = None,
        sdks: SdkProvider | None = None,
    ) -> None:
        self._store = store
        self._sdks = sdks
        self._limits = limits or RunnerLimits()
        self._max_running = max_running
        self._lock = threading.Lock()
        self._queue: deque[_Job] = deque()
        self._running: dict[str, tuple[_Job, threading.Thread]] = {}
        self._closed = False
        self._forks = ForkServer() if forks else None
        self._spares = SpareKeeper(self._forks) if spare else None

    def submit(self, request: RunRequest) -> Run:
        """Accept a run and return at once. Raises :class:`RunnerBusy` and :class:`RunnerClosed`."""
        at = monotonic()
        with self._lock:
            self._check_room()
            run = self._store.create(request)
            self._store.append(run.id, RunQueued(at))
            self._queue.append(_Job(run.id, request, Supervision(self._store, run.id, request, self._limits)))
            self._start_next()
            self._tell_ahead(len(self._queue) - 1)
        return run

    def cancel(self, run_id: str) -> bool:
        """Request the end of a run; False where it is over already, or unknown."""
        with self._lock:
            waiting = next((job for job in self._queue if job.run_id == run_id), None)
            running = self._running.get(run_id)
            if waiting is not None:
                self._queue.remove(waiting)
                self._tell_ahead()
        if waiting is not None:
            self._cancel_waiting(waiting)
            return True
        return running is not None and running[0].supervision.stop(Status.CANCELLED)

    def wait(self, run_id: str, timeout: float | None = None) -> Run:
        """Wait for the end of a run, at most ``timeout`` seconds; returns it as it is then, masked.

        Raises :class:`workbench.store.UnknownRun`.
        """
        self._store.wait_finished(run_id, timeout)
        if (run := self._store.get(run_id)) is None:
            raise UnknownRun(run_id)
        return run

    @property
    def spare_pids(self) -> tuple[int, ...]:
        """The process ids of the spare workers, that of the next run first."""
        return self._spares.pids if self._spares else ()

    @property
    def warm_spares(self) -> int:
        """How many runs need not wait for their worker to start."""
        return self._spares.warm if self._spares else 0

    def close(self) -> None:
        """Take no more runs, end the running ones, and wait until their processes are gone."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            waiting, running = list(self._queue), list(self._running.values())
            self._queue.clear()
        if self._forks:
            self._forks.close()  # it ends with the last of its workers
        for job in waiting:
            self._cancel_waiting(job)
        for job, _ in running:
            job.supervision.stop(Status.CANCELLED, at_once=True)
        for _, thread in running:
            thread.join()
        if self._spares:
            self._spares.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _check_room(self) -> None:
        if self._closed:
            raise RunnerClosed("The workbench is about to stop and takes no more runs.")
        if len(self._queue) >= self._limits.queued:
            raise RunnerBusy(
                f"The workbench is busy: {len(self._running)} running and {len(self._queue)} queued. "
                "Wait for some to finish or cancel them, then run this again."
            )

    def _start_next(self) -> None:
        """Start queued runs up to the limit. The lock is held."""
        while self._queue and not self._closed and len(self._running) < self._max_running:
            job = self._queue.popleft()
            thread = threading.Thread(target=self._work, args=(job,), name=f"workbench-run-{job.run_id}", daemon=True)
            self._running[job.run_id] = job, thread
            thread.start()

    def _tell_ahead(self, first: int = 0) -> None:
        """Tell queued runs, from the one at ``first`` on, how many start before each. The lock is held."""
        for ahead, job in enumerate(self._queue):
            if ahead >= max(0, first):
                self._store.append(job.run_id, QueueMoved(monotonic(), ahead))

    def _work(self, job: _Job) -> None:
        try:
            start = WorkerStart.of(job.request, self._sdk_folder(job))
            worker, spare = self._worker(start)
            if not job.supervision.watch(worker, spare=spare):
                job.supervision.watch(WorkerProcess(start, self._forks), spare=False)
        except SdkUnavailable as error:
            self._end_without_sdk(job, str(error))
        except Exception as error:
            _LOG.exception("Run %s could not be done.", job.run_id)
            job.supervision.abandon()
            failure = run_end.workbench_failed(f"{type(error).__name__}: {error}")
            self._store.append(job.run_id, RunFinished(monotonic(), Status.CRASHED, failure))
        finally:
            with self._lock:
                del self._running[job.run_id]
                self._start_next()
                self._tell_ahead()

    def _sdk_folder(self, job: _Job) -> Path | None:
        """The folder of the published SDK that a run asks for. Raises :class:`SdkUnavailable`."""
        chosen = job.request.sdk
        if chosen.source is not SdkSource.RELEASE:
            return None
        if self._sdks is None:
            raise SdkUnavailable("This workbench installs none.")

        def tell(text: str) -> None:
            self._store.append(job.run_id, CaptureNoted(monotonic(), text))

        return self._sdks.folder(chosen.release, tell, lambda: job.supervision.stop_requested)

    def _end_without_sdk(self, job: _Job, reason: str) -> None:
        if job.supervision.stop_requested:
            self._cancel_waiting(job)
            return
        job.supervision.abandon()
        self._store.append(job.run_id, RunFinished(monotonic(), Status.CRASHED, run_end.sdk_unavailable(reason)))

    def _worker(self, start: WorkerStart) -> tuple[WorkerProcess, bool]:
        """A worker, and whether it is a spare."""
        if self._spares and not start.is_own:
            return self._spares.take()
        return WorkerProcess(start, self._forks), False

    def _cancel_waiting(self, job: _Job) -> None:
        job.supervision.abandon()
        error = run_end.cancelled_in_queue()
        self._store.append(job.run_id, RunFinished(monotonic(), Status.CANCELLED, error))


def load_request(integration: Integration, timeout: float, credentials: Credentials | None = None) -> RunRequest:
    """The request that imports ``integration`` within ``timeout`` seconds and calls nothing of it.

    Of the ``credentials`` the code gets the environment variables.
    """
    given = credentials or Credentials()
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
        environment=given.environment,
        secret_names=given.secret_names,
        public_names=given.public_names,
        dependencies=integration.dependencies,
    )
