"""The end of a run, once its worker is gone: its place, its last diagnosis, its final status."""

import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from workbench.domain import ErrorInfo, ErrorKind, Frame, Outcome, RunRequest, Side, Status, ValidationPlace
from workbench.events import CaptureNoted, ErrorsFound, Event, HangLocated, RunFinished, WarningsFound
from workbench.runner import run_end
from workbench.runner.background_diagnosis import SOON, BackgroundDiagnosis
from workbench.runner.diagnosis import diagnose_output, disagreement, pattern_place, warn_of_output
from workbench.runner.observations import Observations
from workbench.runner.process import WorkerProcess
from workbench.runner.reactor import StopRequests
from workbench.runner.run_end import ProcessEnd
from workbench.runner.stack_dump import StackDump, validation_keyword
from workbench.runner.stack_source import with_source
from workbench.system import system

_FATAL = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL}
"""The signals at which faulthandler prints the stacks."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``outcome`` gives what the run has come to so far, ``memory_kills`` is the system's count at its beginning."""

    request: RunRequest
    seen: Observations
    worker: WorkerProcess
    begun: float
    memory_kills: int | None
    dump: StackDump
    diagnoses: BackgroundDiagnosis
    stop_requests: StopRequests
    append: Callable[[Event], None]
    outcome: Callable[[], Outcome]

    def conclude(self) -> None:
        """Append the run's final status, once no more events can come."""
        self._locate()
        outcome = self.outcome()
        status, error = self._final_status(outcome)
        if self.seen.verdict and status is self.seen.verdict.status:
            self.diagnoses.begin(
                (
                    (ErrorsFound, lambda: diagnose_output(self.request, outcome)),
                    (WarningsFound, lambda: warn_of_output(self.request, outcome)),
                )
            )
            if self._has_diagnosed() and (words := disagreement(self.outcome())):
                self._note(words)
        else:
            self.diagnoses.wait(SOON)
        self.diagnoses.abandon()
        self.append(RunFinished(monotonic(), status, error))

    def _locate(self) -> None:
        """The place that no thread of the worker could say: faulthandler printed it, or it was announced."""
        if self.seen.is_located or (self.seen.verdict and not self.seen.stopped):
            return
        frames = self.dump.frames if self.seen.stopped or -self.worker.reap() in _FATAL else ()
        if not frames:
            announced = self._process_end().announcement
            frames = announced.frames if announced else ()
        if frames:
            self.append(HangLocated(monotonic(), with_source(frames, self.request.root), self._pattern_place(frames)))

    def _pattern_place(self, frames: tuple[Frame, ...]) -> ValidationPlace | None:
        if validation_keyword(frames) not in ("pattern", "patternProperties"):
            return None
        places: list[ValidationPlace | None] = []
        outcome = self.outcome()
        self.diagnoses.call(lambda: places.append(pattern_place(self.request, outcome)))
        self._has_diagnosed()
        return places[0] if places else None

    def _has_diagnosed(self) -> bool:
        """Whether the diagnosis came to its end before someone wanted the run to end."""
        while not self.diagnoses.wait(SOON):
            if self.stop_requests.requested:
                self._note("The run was stopped before its diagnosis had ended.")
                return False
        return True

    def _final_status(self, outcome: Outcome) -> tuple[Status, ErrorInfo | None]:
        seen, stopped, verdict = self.seen, self.seen.stopped, self.seen.verdict
        if seen.broken:
            return Status.CRASHED, seen.broken
        if stopped and not (verdict and verdict.at <= stopped.at):
            return stopped.reason, run_end.stopped(seen, outcome, self.begun, self._process_end())
        if verdict:
            return self._verdict_of_release(verdict.status, outcome)
        if seen.ready is None:
            return Status.CRASHED, run_end.never_started(self.worker.reap(), outcome)
        if seen.failure:
            return Status.CRASHED, run_end.workbench_failed(seen.failure.detail)
        return Status.CRASHED, run_end.crash(self._process_end(), outcome, loaded=seen.loaded)

    def _process_end(self) -> ProcessEnd:
        before, now = self.memory_kills, system().memory_kills()
        limit = resource.getrlimit(resource.RLIMIT_CPU)[1]
        return ProcessEnd(
            self.worker.reap(),
            self.seen.announced,
            self.worker.cpu_seconds,
            None if limit == resource.RLIM_INFINITY else limit,
            None if before is None or now is None else now - before,
            self._program_in_place(),
            self.seen.lost_pipe,
            self.seen.memory_used_up,
            self.seen.was_suspended,
        )

    def _program_in_place(self) -> str | None:
        """The program that took the worker's place: what was announced, unless the system knows better."""
        known = self.worker.program if self.seen.ready else None
        return self.seen.program if known is None else (known and (self.seen.program or known)) or None

    def _verdict_of_release(self, status: Status, outcome: Outcome) -> tuple[Status, ErrorInfo | None]:
        """The worker's verdict; published releases call invalid auth invalid inputs: the diagnosis tells them apart."""
        published = status is Status.INVALID_INPUT and not self.request.sdk.is_ours
        are_inputs = any(error.where is Side.INPUT for error in outcome.errors)
        if not published or are_inputs or self.request.auth_schema is None or outcome.error is None:
            return status, None
        return Status.INVALID_AUTH, replace(outcome.error, kind=ErrorKind.AUTH)

    def _note(self, message: str) -> None:
        self.append(CaptureNoted(monotonic(), message))
