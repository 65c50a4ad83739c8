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
from workbench.explain.code_locations import CodeLocation
from workbench.explain.text import Sentence, code, plain, sentence, shorten, span

_SIGNAL_ADVICE: dict[int, str] = {
    signal.SIGKILL: "The system kills a process when memory runs out: check how much the handler loads at once.",
    signal.SIGSEGV: "C code accessed invalid memory: check the packages with compiled parts.",
    signal.SIGBUS: "C code accessed invalid memory: check the packages with compiled parts.",
    signal.SIGABRT: "C code or os.abort aborted it: the reason may be on stderr.",
    signal.SIGFPE: "C code divided by zero.",
    signal.SIGXCPU: "It used all the processor time that the system allows.",
    signal.SIGALRM: "A timer that the integration set, as with signal.alarm, ran out without a handler for its signal.",
}
_MEANS_ADVICE: dict[EndMeans, str] = {
    EndMeans.OWN_SIGNAL: "Return a result or raise an exception instead.",
    EndMeans.CPU_LIMIT: "Look for a loop that computes more than it should, or raise the limit.",
    EndMeans.MEMORY_KILLER: "Check how much the handler loads at once.",
    EndMeans.MEMORY_LIMIT: "Check how much the handler loads at once, or raise the limit.",
    EndMeans.OTHERS_SIGNAL: "Memory had not run out and no limit was reached: C code or another process sent it.",
}
_STAGES = {
    Stage.BEFORE_HANDLER: "before the handler began",
    Stage.HANDLER: "while the handler ran",
    Stage.AFTER_HANDLER: "after the handler had returned",
    Stage.AFTER_EXCEPTION: "after the handler had raised an exception",
}

_AFTER = (Stage.AFTER_HANDLER, Stage.AFTER_EXCEPTION)
_STOPS = (EndCause.TIMED_OUT, EndCause.CANCELLED)
_TAKEN = (EndMeans.REPLACED, EndMeans.SUSPENDED, EndMeans.SUSPENDED_ITSELF)
_MAX_DETAIL = 200


def describe_end(end: RunEnd, request: RunRequest, at: Sentence = ()) -> Sentence:
    """What happened, as one sentence; ``at`` is where the run stood then, see :func:`stopped_at`."""
    when = _when(end, request)
    match end.cause:
        case EndCause.KILLED:
            return sentence(f"{_killed(end, request.resources)}{when}", *at, ".")
        case EndCause.REPLACED:
            how = f"was killed by signal {_signal(end.signal)}" if end.signal else f"exited with code {end.exit_code}"
            return sentence(f"The integration replaced its own process with {end.detail}{when}", *at, f"; that {how}.")
        case EndCause.PIPE_LOST:
            return sentence(f"The integration closed the workbench's pipe{when}, so its result is lost.")
        case EndCause.WORKER_BROKEN:
            return sentence(f"The worker's own code could not go on{when}, so the result is lost.")
        case EndCause.EXITED:
            return sentence(f"The integration ended its own process with exit code {end.exit_code}{when}", *at, ".")
        case EndCause.NEVER_STARTED:
            how = f"killed by signal {_signal(end.signal)}" if end.signal else f"exit code {end.exit_code}"
            return sentence(f"The worker ended before it could start the run ({how}).")
        case EndCause.TIMED_OUT | EndCause.CANCELLED:
            return _stopped(end, request, at)
        case EndCause.BROKEN_PIPE:
            detail = shorten(end.detail, _MAX_DETAIL)
            return sentence(f"The worker's private pipe carried data that is not an event: {detail}")
        case EndCause.WORKBENCH_FAILED:
            return sentence(f"The workbench itself failed, not the integration: {shorten(end.detail, _MAX_DETAIL)}")
        case EndCause.SDK_UNAVAILABLE:
            detail = shorten(end.detail, _MAX_DETAIL)
            return sentence(f"Version {request.sdk.release} of the SDK could not be installed: {detail}")


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
            how = "os._exit" if end.means is EndMeans.OWN_EXIT else "C code"
            return f"{how} does that. Return a result or raise an exception instead."
        case EndCause.WORKER_BROKEN:
            return "The integration has changed what Python does: see the end of its output."
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
        case EndMeans.SUSPENDED_ITSELF:
            return "; the integration had suspended its own process by a signal"
        case EndMeans.SUSPENDED:
            return "; its process had been suspended by a signal"
    return ""


def stopped_at(outcome: Outcome, request: RunRequest, *, waits: bool = False) -> Sentence:
    """Where a run stood at its end, after “Timed out …”: in a validation, or at a line of the integration.

    ``waits`` says that what it waited for follows.
    """
    end = outcome.error.end if outcome.error else None
    if outcome.stuck_in is not None:
        return validation_errors.stopped_in(outcome.stuck_in, request)
    location = code_locations.of_stop(outcome, request.root)
    if end is not None and end.stage in _AFTER and end.cause in _STOPS:
        return _after_handler(outcome, end, location)
    if location is None:
        return ()
    runs = end is None or (end.cause in _STOPS and end.means not in _TAKEN)
    how = ", waiting in " if outcome.stuck_waiting else ", running in "
    return _at(" in " if waits else how if runs else ", in ", location)


def _after_handler(outcome: Outcome, end: RunEnd, location: CodeLocation | None) -> Sentence:
    if end.stage is Stage.AFTER_EXCEPTION:
        parts = sentence(", while its text was made")
    elif outcome.returned is None:
        parts = sentence(" while its value was converted")
    elif outcome.stuck_waiting:  # a validation computes
        return sentence(", with nothing left for the event loop to do: the integration may have replaced parts of it")
    else:
        parts = sentence(" while its value was validated")
    return parts if location is None or not location.own else sentence(*parts, *_at(", running in ", location))


def _at(how: str, location: CodeLocation) -> Sentence:
    return sentence(how, location.part, *((" (", code(location.function), ")") if location.function else ()))


def message(error: ErrorInfo, request: RunRequest, at: Sentence = ()) -> str:
    """The text of an error: what an exception said, or the words for how the run ended."""
    if error.end is None:
        return error.message
    return f"{plain(describe_end(error.end, request, at))} {advice(error.end)}".rstrip()


def with_message(outcome: Outcome, request: RunRequest) -> Outcome:
    """The outcome with its error's text filled in, for a reader that prints the text as it is."""
    if outcome.error is None or outcome.error.end is None:
        return outcome
    words = message(outcome.error, request, stopped_at(outcome, request))
    return replace(outcome, error=replace(outcome.error, message=words))


def workbench_failure(outcome: Outcome, request: RunRequest) -> str:
    """Why a run proves nothing about the integration, because the workbench failed; empty where it did not."""
    return message(outcome.error, request) if is_workbench_failure(outcome) and outcome.error else ""


def is_workbench_failure(outcome: Outcome) -> bool:
    """Whether the workbench itself failed, and not the integration."""
    return outcome.error is not None and outcome.error.kind is ErrorKind.WORKBENCH


def _stopped(end: RunEnd, request: RunRequest, at: Sentence) -> Sentence:
    if end.stage is Stage.QUEUED:
        return sentence("Cancelled while it waited for a worker. No code of the integration ran.")
    return sentence(stopped_after(end, request), *at, f"{taken_from(end)}.")


def stopped_after(end: RunEnd, request: RunRequest) -> str:
    """How long a run had taken that was stopped."""
    if end.cause is EndCause.CANCELLED:
        return f"Cancelled after {span(end.seconds)}"
    if end.stage in _AFTER:
        return f"Timed out {span(end.seconds)} {_STAGES[end.stage]}"
    return f"Timed out after {span(request.timeout)}"


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
