"""How a run ended without the worker's verdict, as values; ``explain`` makes the sentences."""

from workbench.domain import EndCause, ErrorInfo, ErrorKind, Outcome, RunEnd, Stage, Status

_KINDS = {
    EndCause.KILLED: ErrorKind.CRASH,
    EndCause.EXITED: ErrorKind.CRASH,
    EndCause.BROKEN_PIPE: ErrorKind.CRASH,
    EndCause.NEVER_STARTED: ErrorKind.WORKBENCH,
    EndCause.WORKBENCH_FAILED: ErrorKind.WORKBENCH,
    EndCause.SDK_UNAVAILABLE: ErrorKind.WORKBENCH,
    EndCause.TIMED_OUT: ErrorKind.TIMEOUT,
    EndCause.CANCELLED: ErrorKind.CANCELLED,
}


def crash(returncode: int, outcome: Outcome, *, loaded: bool) -> ErrorInfo:
    """The error of a worker that ended before its verdict and reported no failure of its own."""
    stage = _stage(outcome, loaded=loaded)
    if returncode < 0:
        return _error(RunEnd(EndCause.KILLED, stage, signal=-returncode))
    return _error(RunEnd(EndCause.EXITED, stage, exit_code=returncode))


def never_started(returncode: int, outcome: Outcome) -> ErrorInfo:
    """The error of a worker that died before it was ready: ours, not the integration's."""
    detail = "".join(item.text for item in outcome.output if item.source == "stderr").strip()
    if returncode < 0:
        return _error(RunEnd(EndCause.NEVER_STARTED, signal=-returncode, detail=detail))
    return _error(RunEnd(EndCause.NEVER_STARTED, exit_code=returncode, detail=detail))


def stopped(reason: Status, outcome: Outcome, seconds: float, *, loaded: bool) -> ErrorInfo:
    """The error of a run that was stopped after ``seconds``; the outcome has its place in the code."""
    cause = EndCause.TIMED_OUT if reason is Status.TIMED_OUT else EndCause.CANCELLED
    return _error(RunEnd(cause, _stage(outcome, loaded=loaded), seconds=seconds))


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
    if outcome.returned is not None:
        return Stage.AFTER_HANDLER
    if outcome.handler is not None:
        return Stage.HANDLER
    return Stage.BEFORE_HANDLER if loaded else Stage.IMPORT
