"""Why a run ended, as facts: the kind of an error, and what became of a worker whose handler gave no verdict."""

from dataclasses import dataclass
from enum import StrEnum


class ErrorKind(StrEnum):
    """What an error is about; JSON has it as ``error.kind``.

    ``TIMEOUT`` is a time limit that ran out: that of the run, or one that the handler's code had set.
    """

    INPUT = "input"
    AUTH = "auth"
    OUTPUT = "output"
    HANDLER = "handler"
    NETWORK = "network"
    RATE_LIMIT = "rate_limit"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    CRASH = "crash"
    IMPORT = "import"
    WORKBENCH = "workbench"


class LoadFailure(StrEnum):
    """Why an integration was not loaded, where no code of it raised; JSON has it as ``error.type``.

    The message of such an error is the workbench's own.
    """

    ENTRY_POINT_MISSING = "EntryPointMissing"
    INTEGRATION_MISSING = "IntegrationMissing"
    HIDDEN_MODULE = "HiddenModule"


class RunWarningKind(StrEnum):
    """What is wrong with a run that its status does not say; JSON has it as ``warnings[].code``."""

    RETURNED_ERROR = "returned_error"
    REQUESTS_FAILED = "requests_failed"
    BACKGROUND_FAILED = "background_failed"
    NOT_JSON = "not_json"
    CUT = "cut"
    INVALID_IDS = "invalid_ids"
    INVALID_ACCOUNT = "invalid_account"
    WORK_LEFT = "work_left"
    SECRET_PRINTED = "secret_printed"  # noqa: S105  the name of a warning

    @property
    def is_doubt(self) -> bool:
        """Whether a run that succeeded is shown as a warning because of it."""
        return self not in (RunWarningKind.WORK_LEFT, RunWarningKind.SECRET_PRINTED, RunWarningKind.CUT)


class EndCause(StrEnum):
    """Why a run ended without its handler's verdict. The values are those of ``error.type`` in JSON."""

    KILLED = "WorkerKilled"
    EXITED = "WorkerExited"
    NEVER_STARTED = "WorkerFailedToStart"
    TIMED_OUT = "TimedOut"
    CANCELLED = "Cancelled"
    REPLACED = "WorkerReplaced"
    PIPE_LOST = "PipeOfEventsLost"
    BROKEN_PIPE = "BrokenPipeOfEvents"
    WORKER_BROKEN = "WorkerBroken"
    WORKBENCH_FAILED = "WorkbenchFailed"
    SDK_UNAVAILABLE = "SdkUnavailable"


PIPE_LOST_CODE = 113
"""The exit code of a worker that could not send its verdict, because the integration had closed the pipe."""


WORKER_BROKEN_CODE = 114
"""The exit code of a worker whose own code could not go on, because the integration had changed what it needs."""


class EndMeans(StrEnum):
    """What ended a process, or took its pipe, where that was seen. ``RunEnd`` has it as ``means``."""

    REPLACED = "replaced"
    OWN_SIGNAL = "own_signal"
    OWN_EXIT = "own_exit"
    SUSPENDED = "suspended"
    SUSPENDED_ITSELF = "suspended_itself"
    CPU_LIMIT = "cpu_limit"
    MEMORY_KILLER = "memory_killer"
    MEMORY_LIMIT = "memory_limit"
    OTHERS_SIGNAL = "others_signal"
    PIPE_CLOSED = "pipe_closed"


class Stage(StrEnum):
    """How far a run had come."""

    QUEUED = "queued"
    IMPORT = "import"
    BEFORE_HANDLER = "before_handler"
    HANDLER = "handler"
    AFTER_HANDLER = "after_handler"
    AFTER_EXCEPTION = "after_exception"


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The facts of such an end. ``signal`` and ``exit_code`` are those of the process; ``seconds`` is how long it ran.

    ``means`` is None where nothing is known beyond these. ``detail`` is what the process or the workbench's own
    exception said, as text; the program, where another one took the place of the worker.
    """

    cause: EndCause
    stage: Stage | None = None
    signal: int | None = None
    exit_code: int | None = None
    seconds: float | None = None
    detail: str = ""
    means: EndMeans | None = None
