"""Why a run ended without its handler's verdict, in words: what happened, and what to do about it."""

import signal
from dataclasses import replace

from workbench.domain import (
    EndCause,
    EndMeans,
    ErrorInfo,
    ErrorKind,
    Outcome,
    ResourceLimits,
    RunEnd,
    RunRequest,
    Stage,
)
from workbench.explain import code_locations, validation_errors
from workbench.explain.text import Sentence, code, plain, sentence, span

_SIGNAL_ADVICE: dict[int, str] = {
    signal.SIGKILL: "The system kills a process when memory runs out: check how much the handler loads at once.",
    signal.SIGSEGV: "C code accessed invalid memory: check the packages with compiled parts.",
    signal.SIGBUS: "C code accessed invalid memory: check the packages with compiled parts.",
    signal.SIGABRT: "C code aborted: the reason may be on stderr.",
    signal.SIGFPE: "C code divided by zero.",
    signal.SIGXCPU: "It used all the processor time that the system allows.",
}
_MEANS_ADVICE: dict[EndMeans, str] = {
    EndMeans.OWN_SIGNAL: "Return a result or raise an exception instead.",
    EndMeans.CPU_LIMIT: "Look for a loop that computes more than it should, or raise the limit.",
    EndMeans.MEMORY_KILLER: "Check how much the handler loads at once.",
    EndMeans.MEMORY_LIMIT: "Check how much the handler loads at once, or raise the limit.",
    EndMeans.OTHERS_SIGNAL: "Memory had not run out and no limit was reached: someone or something else sent it.",
}
_STAGES = {
    Stage.BEFORE_HANDLER: "before the handler began",
    Stage.HANDLER: "while the handler ran",
    Stage.AFTER_HANDLER: "after the handler had returned",
}


def describe_end(end: RunEnd, request: RunRequest, at: str = "") -> str:
    """What happened, as one sentence; ``at`` is where a run stood that was stopped, see :func:`stopped_at`."""
    match end.cause:
        case EndCause.KILLED:
            return f"{_killed(end, request.resources)}{_when(end, request)}."
        case EndCause.REPLACED:
            how = f"was killed by signal {_signal(end.signal)}" if end.signal else f"exited with code {end.exit_code}"
            return f"The integration replaced its own process with {end.detail}{_when(end, request)}; that {how}."
        case EndCause.PIPE_LOST:
            return f"The integration closed the workbench's pipe{_when(end, request)}, so its result is lost."
        case EndCause.EXITED:
            return f"The integration ended its own process with exit code {end.exit_code}{_when(end, request)}."
        case EndCause.NEVER_STARTED:
            how = f"killed by signal {_signal(end.signal)}" if end.signal else f"exit code {end.exit_code}"
            return f"The worker ended before it could start the run ({how})."
        case EndCause.TIMED_OUT | EndCause.CANCELLED:
            return _stopped(end, request, at)
        case EndCause.BROKEN_PIPE:
            return f"The worker's private pipe carried data that is not an event: {end.detail}"
        case EndCause.WORKBENCH_FAILED:
            return f"The workbench itself failed, not the integration: {end.detail}"
        case EndCause.SDK_UNAVAILABLE:
            return f"Version {request.sdk.release} of the SDK could not be installed: {end.detail}"


def advice(end: RunEnd) -> str:
    """What to do about it; empty where there is nothing to say."""
    match end.cause:
        case EndCause.KILLED:
            return _MEANS_ADVICE[end.means] if end.means else _SIGNAL_ADVICE.get(end.signal or 0, "")
        case EndCause.REPLACED:
            return "os.exec… does that, and nothing can be returned then. Start the program with subprocess instead."
        case EndCause.PIPE_LOST:
            return "os.closerange and the like do that. Close only the file descriptors that you opened."
        case EndCause.EXITED:
            return "os._exit or C code does that. Return a result or raise an exception instead."
        case EndCause.NEVER_STARTED:
            detail = f" Its output: {end.detail}" if end.detail else ""
            return f"The workbench or its installation is broken, not the integration.{detail}"
        case EndCause.BROKEN_PIPE:
            return "Code in this process wrote to a file descriptor that it did not open, so the run was stopped."
    return ""


def taken_from(end: RunEnd) -> str:
    """What the integration had done to its process before a run was stopped, after “Timed out …”."""
    match end.means:
        case EndMeans.REPLACED:
            return f"; the integration had replaced its own process with {end.detail}"
        case EndMeans.PIPE_CLOSED:
            return "; the integration had closed the workbench's pipe"
    return ""


def stopped_at(outcome: Outcome, request: RunRequest, *, waits: bool = False) -> Sentence:
    """Where a run stood that was stopped, after “Timed out …”: in a validation, or at a line of the integration.

    ``waits`` says that what it waited for follows.
    """
    if outcome.stuck_in is not None:
        return validation_errors.stopped_in(outcome.stuck_in, request)
    if outcome.left_at is not None:
        return sentence(f" while its value was {'converted' if outcome.returned is None else 'validated'}")
    location = code_locations.of_stop(outcome, request.root)
    if location is None:
        return ()
    how = " in " if waits else ", waiting in " if outcome.stuck_waiting else ", running in "
    return sentence(how, location.part, *((" (", code(location.function), ")") if location.function else ()))


def message(error: ErrorInfo, request: RunRequest, at: str = "") -> str:
    """The text of an error: what an exception said, or the words for how the run ended."""
    if error.end is None:
        return error.message
    return f"{describe_end(error.end, request, at)} {advice(error.end)}".rstrip()


def with_message(outcome: Outcome, request: RunRequest) -> Outcome:
    """The outcome with its error's text filled in, for a reader that prints the text as it is."""
    if outcome.error is None or outcome.error.end is None:
        return outcome
    words = message(outcome.error, request, plain(stopped_at(outcome, request)))
    return replace(outcome, error=replace(outcome.error, message=words))


def workbench_failure(outcome: Outcome, request: RunRequest) -> str:
    """Why a run proves nothing about the integration, because the workbench failed; empty where it did not."""
    return message(outcome.error, request) if is_workbench_failure(outcome) and outcome.error else ""


def is_workbench_failure(outcome: Outcome) -> bool:
    """Whether the workbench itself failed, and not the integration."""
    return outcome.error is not None and outcome.error.kind is ErrorKind.WORKBENCH


def _stopped(end: RunEnd, request: RunRequest, at: str) -> str:
    if end.stage is Stage.QUEUED:
        return "Cancelled while it waited for a worker. No code of the integration ran."
    rest = f"{at}{taken_from(end)}."
    if end.cause is EndCause.CANCELLED:
        return f"Cancelled after {span(end.seconds)}{rest}"
    if end.stage is Stage.AFTER_HANDLER:
        return f"Timed out {span(end.seconds)} after the handler had returned{rest}"
    return f"Timed out after {span(request.timeout)}{rest}"


def _killed(end: RunEnd, limits: ResourceLimits) -> str:
    match end.means:
        case EndMeans.OWN_SIGNAL:
            return f"The integration sent its own process signal {_signal(end.signal)}"
        case EndMeans.CPU_LIMIT:
            limit = f" of {span(limits.cpu)}" if limits.cpu is not None else ""
            return f"The worker used up its limit{limit} of processor time"
        case EndMeans.MEMORY_KILLER:
            return "The system killed the worker because memory ran out"
        case EndMeans.MEMORY_LIMIT:
            return f"The worker needed more memory than its limit of {limits.memory} MB"
        case EndMeans.OTHERS_SIGNAL:
            return f"Another process killed the worker by signal {_signal(end.signal)}"
    return f"The worker was killed by signal {_signal(end.signal)}"


def _when(end: RunEnd, request: RunRequest) -> str:
    if end.stage is Stage.IMPORT:
        return f" while {request.entry_point or 'the entry point'} was imported"
    return f" {_STAGES[end.stage]}" if end.stage in _STAGES else ""


def _signal(number: int | None) -> str:
    try:
        return f"{number} ({signal.Signals(number or 0).name})"
    except ValueError:
        return str(number)
