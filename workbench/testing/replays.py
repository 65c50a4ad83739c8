"""Replays of recordings, several at once, each in its own worker without the network."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from time import perf_counter, time
from types import TracebackType
from typing import Final, Self

from workbench.catalog import Catalog, CatalogError, read_code, read_integration
from workbench.catalog.code.module_facts import CodeReads
from workbench.domain import Credentials, Integration, Run, RunRequest, error_text
from workbench.explain.endings import is_workbench_failure
from workbench.installer import SdkCache
from workbench.own_sdk import check_own_sdk
from workbench.recordings.differences import ReplayDifference, find_differences
from workbench.recordings.files import RecordingFile, read_recording
from workbench.recordings.recording import Recording, RecordingError
from workbench.recordings.replay import live_request, replay_request
from workbench.runner import Runner, RunnerLimits, inherited_environment
from workbench.store import Limits, Store

_STORED: Final = 100
"""Runs that the store of replays keeps; the results hold what is shown of them."""


class ReplayState(StrEnum):
    """What came of a test; ``UNTESTED`` is one that could not run."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """The result of one test. ``run`` is masked, None where nothing ran; ``reason`` says why it could not run.

    ``seconds`` is how long it took.
    """

    file: RecordingFile
    state: ReplayState
    seconds: float = 0.0
    differences: tuple[ReplayDifference, ...] = ()
    run: Run | None = None
    recording: Recording | None = None
    reason: str = ""


class Replays:
    """Runs requests and replays recordings; close it, or use it as a context manager.

    Every method may be called from any thread. At most ``at_once`` run at the same time, else as many as there are
    cores; ``ended`` counts those that have ended. Without ``forks`` each worker is a process of its own start, whose
    hashes of texts differ.
    """

    def __init__(self, at_once: int | None = None, *, forks: bool = True) -> None:
        """Raises :class:`SdkReplaced`."""
        check_own_sdk()
        self._environ = inherited_environment(os.environ)
        self.at_once = at_once or os.process_cpu_count() or 1
        self.ended = 0
        self._store = Store(Limits(runs=_STORED), environ=self._environ)
        limits = RunnerLimits(queued=_STORED)
        self._runner = Runner(
            self._store, max_running=self.at_once, spare=False, forks=forks, limits=limits, sdks=SdkCache()
        )
        self._known: dict[Path, tuple[Integration, CodeReads]] = {}
        self._lock = threading.Lock()

    def integration(self, root: Path) -> tuple[Integration, CodeReads]:
        """The integration in a folder and what its code reads, read once. Raises :class:`RecordingError`."""
        with self._lock:
            if root not in self._known:
                self._known[root] = _open(root)
            return self._known[root]

    def run(self, request: RunRequest) -> Run:
        """The masked run at its end."""
        run_id = self._runner.submit(request).id
        try:
            run = self._runner.wait(run_id)
        except KeyboardInterrupt:
            self._runner.cancel(run_id)
            raise
        with self._lock:
            self.ended += 1
        return run

    def request(self, recording: Recording, root: Path, label: str = "") -> RunRequest:
        """The request that replays a recording. Raises :class:`RecordingError`."""
        integration, reads = self.integration(root)
        return replay_request(recording, integration, reads, self._environ, label, time())

    def live_request(self, recording: Recording, root: Path, given: Credentials) -> RunRequest:
        """The request that makes a recording again, with the network. Raises :class:`RecordingError`."""
        integration, reads = self.integration(root)
        return live_request(recording, integration, reads, self._environ, given)

    def replay(self, file: RecordingFile) -> ReplayResult:
        """The result of the test that a file is."""
        began = perf_counter()
        try:
            recording = read_recording(file)
            run = self.run(self.request(recording, file.root, file.label))
        except RecordingError as error:
            return ReplayResult(file, ReplayState.UNTESTED, perf_counter() - began, reason=str(error))
        return replace(compare_replay(file, recording, run), seconds=perf_counter() - began)

    def replay_all(self, files: Iterable[RecordingFile]) -> Iterator[ReplayResult]:
        """The results in the order of ``files``, while others run."""
        with ThreadPoolExecutor(self.at_once) as pool:
            waiting: list[Future[ReplayResult]] = [pool.submit(self.replay, file) for file in files]
            try:
                for one in waiting:
                    yield one.result()
            except BaseException:
                for one in waiting:
                    one.cancel()
                self.close()
                raise

    def close(self) -> None:
        """End what runs."""
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def compare_replay(file: RecordingFile, recording: Recording, run: Run) -> ReplayResult:
    """The result for a finished, masked run."""
    took = run.outcome.duration or 0.0
    if is_workbench_failure(run.outcome):
        reason = run.outcome.error.message if run.outcome.error else ""
        return ReplayResult(file, ReplayState.UNTESTED, took, run=run, recording=recording, reason=reason)
    found = find_differences(recording, run)
    state = ReplayState.FAILED if found else ReplayState.PASSED
    return ReplayResult(file, state, took, differences=found, run=run, recording=recording)


def find_tests(
    paths: Iterable[Path], files: Callable[[Path], Iterable[RecordingFile]]
) -> tuple[list[RecordingFile], list[str]]:
    """The recordings of the integrations at ``paths``, and why some paths have none."""
    found: dict[Path, RecordingFile] = {}
    reasons: list[str] = []
    for path in paths:
        try:
            roots = [one.root for one in Catalog([path]).integrations()]
        except CatalogError as error:
            reasons.append(str(error))
            continue
        for root in roots:
            found |= {one.path: one for one in files(root)}
    return list(found.values()), reasons


def _open(root: Path) -> tuple[Integration, CodeReads]:
    try:
        known = Catalog([root]).integrations()
    except CatalogError as error:
        raise RecordingError(str(error)) from error
    integration = replace(read_integration(root), id=known[0].id if known else root.name)
    if not integration.readable:
        raise RecordingError(f"{integration.root} cannot be run. {error_text(integration.findings)}")
    return integration, read_code(integration)
