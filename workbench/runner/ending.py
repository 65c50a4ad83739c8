"""How a run ended, in words."""

import signal
from pathlib import Path

from workbench.domain import ErrorInfo, Outcome, RunRequest, Status

_HINTS: dict[int, str] = {
    signal.SIGKILL: "Something killed it: the system does when memory runs out.",
    signal.SIGSEGV: "C code reached memory that is not its own; look at the packages with compiled parts.",
    signal.SIGBUS: "C code reached memory that is not there; look at the packages with compiled parts.",
    signal.SIGABRT: "C code gave up (abort); what it wrote to stderr may say why.",
    signal.SIGFPE: "C code divided by zero.",
    signal.SIGXCPU: "It used up the processor time that the system allows.",
}


_WORKER_MAIN = str(Path("workbench", "worker", "__main__.py"))


def crash(returncode: int, outcome: Outcome, request: RunRequest, *, loaded: bool) -> ErrorInfo:
    """The error of a worker that ended before its verdict."""
    when = _stage(outcome, request, loaded=loaded)
    if returncode < 0:
        number = -returncode
        hint = _HINTS.get(number, "")
        return ErrorInfo("WorkerKilled", f"The worker was killed by signal {_signal(number)} {when}. {hint}".rstrip())
    if returncode == 1 and (words := _own_traceback(outcome)):
        return workbench_failed(words)
    message = (
        f"The integration ended its own process with exit code {returncode} {when}. "
        "os._exit or C code does that; return a result or raise an exception instead."
    )
    return ErrorInfo("WorkerExited", message)


def never_started(returncode: int, outcome: Outcome) -> ErrorInfo:
    """The error of a worker that died before it was warm: ours, not the integration's."""
    how = f"was killed by signal {_signal(-returncode)}" if returncode < 0 else f"ended with exit code {returncode}"
    words = "".join(item.text for item in outcome.output if item.source == "stderr").strip()
    said = f" It said: {words}" if words else ""
    message = f"The worker {how} before it could take the run. This is a fault of the workbench or its installation."
    return ErrorInfo("WorkerFailedToStart", message + said)


def stopped(reason: Status, outcome: Outcome, seconds: float, limit: float) -> ErrorInfo:
    """The error of a run that was stopped, with the place where it stood."""
    at = next((frame for frame in outcome.stuck_at), None)
    where = f" It stood at {at.file}:{at.line}{f' in {at.function}' if at.function else ''}." if at else ""
    if reason is Status.TIMED_OUT:
        return ErrorInfo("TimedOut", f"The run was stopped at its time limit of {limit:g} s.{where}")
    return ErrorInfo("Cancelled", f"The run was cancelled after {seconds:.1f} s.{where}")


def cancelled_in_queue() -> ErrorInfo:
    """The error of a run that was cancelled before its turn came."""
    return ErrorInfo("Cancelled", "The run was cancelled before it began; nothing of the integration was executed.")


def broken_frame(error: Exception) -> ErrorInfo:
    """The error of a worker whose pipe carried something else than its events."""
    message = (
        f"The worker's private pipe carried something that is not an event: {error} "
        "Code in this process wrote to a descriptor that is not its own; the run was stopped."
    )
    return ErrorInfo("BrokenPipeOfEvents", message)


def workbench_failed(what: str) -> ErrorInfo:
    """The error of a run that ended because the workbench itself failed."""
    return ErrorInfo("WorkbenchFailed", f"The workbench itself failed, not the integration: {what}")


def _own_traceback(outcome: Outcome) -> str:
    """The last line of a traceback that begins in the worker's own first line: nothing of the integration can."""
    said = "".join(item.text for item in outcome.output if item.source == "stderr")
    return said.strip().splitlines()[-1] if _WORKER_MAIN in said else ""


def _stage(outcome: Outcome, request: RunRequest, *, loaded: bool) -> str:
    if outcome.returned is not None:
        return "after the handler had returned"
    if outcome.handler is not None:
        return "while the handler ran"
    return "before the handler began" if loaded else f"while {request.entry_point or 'the entry point'} was imported"


def _signal(number: int) -> str:
    try:
        return f"{number} ({signal.Signals(number).name})"
    except ValueError:
        return str(number)
