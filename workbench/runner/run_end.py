"""How a run ended without the worker's verdict, as values; ``explain`` makes the sentences."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain import (
    PIPE_LOST_CODE,
    WORKER_BROKEN_CODE,
    EndCause,
    EndMeans,
    ErrorInfo,
    ErrorKind,
    Outcome,
    RunEnd,
    Stage,
    Status,
)
from workbench.events import EndAnnounced
from workbench.runner.observations import Observations

_CPU_SHARE = 0.75
"""The part of a limit of processor time from which on it explains a kill: systems count it by ticks of a clock."""

_SUSPENDING = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)

_KINDS = {
    EndCause.KILLED: ErrorKind.CRASH,
    EndCause.EXITED: ErrorKind.CRASH,
    EndCause.REPLACED: ErrorKind.CRASH,
    EndCause.PIPE_LOST: ErrorKind.CRASH,
    EndCause.WORKER_BROKEN: ErrorKind.CRASH,
    EndCause.BROKEN_PIPE: ErrorKind.CRASH,
    EndCause.NEVER_STARTED: ErrorKind.WORKBENCH,
    EndCause.WORKBENCH_FAILED: ErrorKind.WORKBENCH,
    EndCause.SDK_UNAVAILABLE: ErrorKind.WORKBENCH,
    EndCause.TIMED_OUT: ErrorKind.TIMEOUT,
    EndCause.CANCELLED: ErrorKind.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class ProcessEnd:
    """How a worker's process ended: its code (negative for a signal), and what is known of the reason.

    ``cpu_seconds`` is the processor time that it used, ``cpu_limit`` the time that it was allowed, None for any.
    ``memory_kills`` counts the processes that the system killed for lack of memory meanwhile, None where it does not
    say. ``program`` is the one that took the worker's place. ``lost_pipe`` says that its pipe ended before
    the process did, ``memory_used_up`` that it was killed because of its limit, ``suspended`` that a signal had
    stopped it when it was to end.
    """

    returncode: int
    announced: Sequence[EndAnnounced] = ()
    cpu_seconds: float = 0.0
    cpu_limit: int | None = None
    memory_kills: int | None = None
    program: str | None = None
    lost_pipe: bool = False
    memory_used_up: bool = False
    suspended: bool = False

    @property
    def announcement(self) -> EndAnnounced | None:
        """What the integration itself did that ended, replaced or suspended it; None where that was not announced."""
        wanted = EndMeans.OWN_EXIT if self.returncode >= 0 else EndMeans.OWN_SIGNAL
        numbers: set[int | None] = {abs(self.returncode)}
        if self.program is not None:
            wanted, numbers = EndMeans.REPLACED, {None}
        elif self.suspended:
            wanted, numbers = EndMeans.OWN_SIGNAL, set(_SUSPENDING)
        found = (one for one in reversed(self.announced) if one.means is wanted and one.number in numbers)
        return next(found, None)

    @property
    def means(self) -> EndMeans | None:
        """What killed it; None where that is not known."""
        number = -self.returncode
        if number <= 0:
            return None
        if self.memory_used_up:
            return EndMeans.MEMORY_LIMIT
        if not self.suspended and self.announcement is not None:
            return EndMeans.OWN_SIGNAL
        limits = [one.number for one in self.announced if one.means is EndMeans.CPU_LIMIT and one.number is not None]
        limits += [] if self.cpu_limit is None else [self.cpu_limit]
        used_up = bool(limits) and self.cpu_seconds >= _CPU_SHARE * min(limits)
        if number == signal.SIGXCPU or (number == signal.SIGKILL and used_up):
            return EndMeans.CPU_LIMIT
        if number != signal.SIGKILL or self.memory_kills is None:
            return None
        return EndMeans.MEMORY_KILLER if self.memory_kills else EndMeans.OTHERS_SIGNAL


def crash(end: ProcessEnd, outcome: Outcome, *, loaded: bool) -> ErrorInfo:
    """The error of a worker that ended before its verdict and reported no failure of its own."""
    stage, code = _stage(outcome, loaded=loaded), end.returncode
    if end.program is not None:
        number, exit_code = (-code, None) if code < 0 else (None, code)
        return _error(RunEnd(EndCause.REPLACED, stage, number, exit_code, detail=end.program, means=EndMeans.REPLACED))
    if code < 0:
        return _error(RunEnd(EndCause.KILLED, stage, signal=-code, means=end.means))
    if code == PIPE_LOST_CODE:
        return _error(RunEnd(EndCause.PIPE_LOST, stage, exit_code=code, means=EndMeans.PIPE_CLOSED))
    if code == WORKER_BROKEN_CODE:
        return _error(RunEnd(EndCause.WORKER_BROKEN, stage, exit_code=code))
    return _error(RunEnd(EndCause.EXITED, stage, exit_code=code, means=EndMeans.OWN_EXIT if end.announcement else None))


def never_started(returncode: int, outcome: Outcome) -> ErrorInfo:
    """The error of a worker that died before it was ready: ours, not the integration's."""
    detail = "".join(item.text for item in outcome.output if item.source == "stderr").strip()
    if returncode < 0:
        return _error(RunEnd(EndCause.NEVER_STARTED, signal=-returncode, detail=detail))
    return _error(RunEnd(EndCause.NEVER_STARTED, exit_code=returncode, detail=detail))


def stopped(seen: Observations, outcome: Outcome, begun: float, process: ProcessEnd) -> ErrorInfo:
    """The error of a run that someone or a limit stopped; the outcome has its place in the code."""
    at = seen.stopped.at if seen.stopped else begun
    is_timeout = seen.stopped is not None and seen.stopped.reason is Status.TIMED_OUT
    left = seen.left_before_stop
    stage = _stage(outcome, loaded=seen.loaded) if left is not None or seen.left is None else Stage.HANDLER
    means, detail = None, ""
    if process.lost_pipe:
        replaced = process.program is not None
        means, detail = EndMeans.REPLACED if replaced else EndMeans.PIPE_CLOSED, process.program or ""
    elif process.suspended:
        means = EndMeans.SUSPENDED if process.announcement is None else EndMeans.SUSPENDED_ITSELF
    cause, seconds = EndCause.TIMED_OUT if is_timeout else EndCause.CANCELLED, at - (begun if left is None else left)
    return _error(RunEnd(cause, stage, seconds=seconds, detail=detail, means=means))


def cancelled_in_queue() -> ErrorInfo:
    """The error of a run that was cancelled in the queue."""
    return _error(RunEnd(EndCause.CANCELLED, Stage.QUEUED))


def broken_frame(error: Exception) -> ErrorInfo:
    """The error of a worker whose pipe carried something that is not an event."""
    return _error(RunEnd(EndCause.BROKEN_PIPE, detail=str(error)))


def workbench_failed(detail: str) -> ErrorInfo:
    """The error of a run that ended because the workbench itself failed."""
    return _error(RunEnd(EndCause.WORKBENCH_FAILED, detail=detail))


def sdk_unavailable(detail: str) -> ErrorInfo:
    """The error of a run whose SDK could not be had."""
    return _error(RunEnd(EndCause.SDK_UNAVAILABLE, detail=detail))


def _error(end: RunEnd) -> ErrorInfo:
    return ErrorInfo(end.cause, "", kind=_KINDS[end.cause], end=end)


def _stage(outcome: Outcome, *, loaded: bool) -> Stage:
    if outcome.has_raised:
        return Stage.AFTER_EXCEPTION
    if outcome.returned is not None or outcome.left_at is not None:
        return Stage.AFTER_HANDLER
    if outcome.handler is not None:
        return Stage.HANDLER
    return Stage.BEFORE_HANDLER if loaded else Stage.IMPORT
