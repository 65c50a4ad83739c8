"""The events of a run, in the past tense. ``at`` is :func:`time.monotonic` in seconds, one clock for all processes.

The worker sends the events up to :class:`HandlerFinished`, the runner adds the others. Bodies travel as bytes and are
cut by the worker; ``size`` fields count every byte.
"""

from dataclasses import dataclass

from workbench.domain import (
    AnswerOrigin,
    BackgroundWork,
    EndMeans,
    ErrorInfo,
    ExchangeError,
    Frame,
    Headers,
    ImportedPackage,
    Registered,
    Returned,
    Status,
    Timings,
    UnawaitedCall,
    UncapturedConnection,
    ValidationError,
    ValidationPlace,
)


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """A spare has imported the SDK and waits for its run."""

    at: float
    pid: int
    sdk_version: str


@dataclass(frozen=True, slots=True)
class IntegrationLoaded:
    """The entry point was imported; the names are those with a registered handler.

    ``handlers`` describes these handlers; None in a run that calls one of them.
    """

    at: float
    actions: tuple[str, ...]
    triggers: tuple[str, ...]
    account: bool
    handlers: tuple[Registered, ...] | None = None


@dataclass(frozen=True, slots=True)
class HandlerStarted:
    """The handler is about to be called; ``handler`` is the place of its function."""

    at: float
    handler: Frame


@dataclass(frozen=True, slots=True)
class HandlerLeft:
    """The handler returned, or ``raised``. What follows, conversion and validation of its value, is not its time."""

    at: float
    raised: bool = False


@dataclass(frozen=True, slots=True)
class HandlerReturned:
    """The handler returned; ``line`` is that of its return statement, if it is known.

    ``text`` is the value as JSON, in UTF-8: it is written and read once, and ``returned`` has the value on either side.
    """

    at: float
    returned: Returned
    line: int | None = None
    text: bytes = b""


@dataclass(frozen=True, slots=True)
class OutputWritten:
    """Text on ``stdout`` or ``stderr``, of Python, C code or a child process. ``place`` is the line that wrote it."""

    at: float
    stream: str
    text: str
    place: Frame | None = None


@dataclass(frozen=True, slots=True)
class LogRecorded:
    """A record of :mod:`logging`."""

    at: float
    level: str
    logger: str
    message: str
    place: Frame | None = None


@dataclass(frozen=True, slots=True)
class ExchangeStarted:
    """An attempt began. ``group``, ``attempt`` and ``proxy`` are those of :class:`workbench.domain.Exchange`."""

    at: float
    exchange: int
    group: int
    attempt: int
    library: str
    method: str
    url: str
    call_site: Frame | None = None
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class AnswerChosen:
    """Where the answer to a request comes from, in a run whose answers do not all come from the network."""

    at: float
    exchange: int
    origin: AnswerOrigin


@dataclass(frozen=True, slots=True)
class ProxyIgnored:
    """No connection was made, and ``variable`` of the environment names a proxy that the library does not ask."""

    at: float
    exchange: int
    variable: str


@dataclass(frozen=True, slots=True)
class RequestSent:
    """The request's head as it was written to the connection."""

    at: float
    exchange: int
    method: str
    http_version: str
    headers: Headers
    reused: bool | None = None


@dataclass(frozen=True, slots=True)
class RequestBodySent:
    """A piece of the request's body before compression; ``data`` may be shorter than ``size``."""

    at: float
    exchange: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class ResponseStarted:
    """The response's head arrived; ``latin`` is that of :class:`workbench.domain.Response`."""

    at: float
    exchange: int
    status: int
    reason: str
    http_version: str
    headers: Headers
    latin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseBodyReceived:
    """A piece of the response's body; ``data`` may be shorter than ``size``."""

    at: float
    exchange: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class ExchangeEnded:
    """The attempt is over. ``body_state`` and ``timings`` are those of :class:`workbench.domain.Exchange`.

    ``raw_size`` and ``trailers`` are those of :class:`workbench.domain.Response`.
    """

    at: float
    exchange: int
    timings: Timings
    body_state: str
    error: ExchangeError | None = None
    raw_size: int | None = None
    trailers: Headers = ()


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """After the failed ``exchange`` fetch waits ``seconds`` before try number ``attempt`` of ``attempts``."""

    at: float
    exchange: int
    seconds: float
    attempt: int
    attempts: int


@dataclass(frozen=True, slots=True)
class ConnectionNotCaptured:
    """A connection was opened, or a host's name not found, by a library that no adapter records."""

    at: float
    connection: UncapturedConnection


@dataclass(frozen=True, slots=True)
class CaptureNoted:
    """A note of the workbench: a capture that failed, output over its limit."""

    at: float
    message: str


@dataclass(frozen=True, slots=True)
class CoroutineDropped:
    """The coroutine of a call was thrown away without being awaited."""

    at: float
    call: UnawaitedCall


@dataclass(frozen=True, slots=True)
class BackgroundWorkFound:
    """A task or thread was still running when the handler returned, or failed without anybody asking for its error."""

    at: float
    work: BackgroundWork


@dataclass(frozen=True, slots=True)
class PackagesImported:
    """The packages that the run had imported when its handler had returned or its code had failed to load.

    ``files`` are those of the integration's own modules, relative to its folder.
    """

    at: float
    packages: tuple[ImportedPackage, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HangLocated:
    """Where the run was just before it was stopped, innermost frame first; ``validation`` where it was in one.

    ``is_waiting`` says that it used no processor time there.
    """

    at: float
    frames: tuple[Frame, ...]
    validation: ValidationPlace | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class EndAnnounced:
    """The integration asks for what may end its process: another program, a signal, its end, a limit of its time.

    ``detail`` is the program; ``number`` the signal, the exit code, or the limit in seconds. ``frames`` is the stack
    of the call, innermost first, for what ends or suspends the process at once.
    """

    at: float
    means: EndMeans
    detail: str = ""
    number: int | None = None
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class HandlerFinished:
    """The worker's verdict. ``status`` is never ``timed_out``, ``cancelled`` or ``crashed``: those are the runner's.

    ``valued`` is whether there is a result: it is then the value of the last :class:`HandlerReturned`.
    """

    at: float
    status: Status
    valued: bool = False
    cost_usd: float | None = None
    error: ErrorInfo | None = None


@dataclass(frozen=True, slots=True)
class WorkerFailed:
    """The worker's own code raised: a failure of the workbench. ``detail`` has the exception's class and text."""

    at: float
    detail: str


@dataclass(frozen=True, slots=True)
class RunQueued:
    """The run was accepted."""

    at: float


@dataclass(frozen=True, slots=True)
class QueueMoved:
    """The place of a run that waits has changed: ``ahead`` runs start before it."""

    at: float
    ahead: int


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run was handed to a worker."""

    at: float
    pid: int
    sdk_version: str
    spare: bool


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The run is to stop: its user cancelled it, or its time limit has passed."""

    at: float
    reason: Status


@dataclass(frozen=True, slots=True)
class ErrorsFound:
    """The validation errors of the auth, the inputs or the output, by the workbench's own diagnosis."""

    at: float
    errors: tuple[ValidationError, ...]


@dataclass(frozen=True, slots=True)
class WarningsFound:
    """The warnings of the auth, the inputs or the output: rules that the SDK does not enforce."""

    at: float
    warnings: tuple[ValidationError, ...]


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over and its process has ended. ``error`` is the reason if the worker could not give one."""

    at: float
    status: Status
    error: ErrorInfo | None = None


type Event = (
    WorkerReady
    | IntegrationLoaded
    | HandlerStarted
    | HandlerLeft
    | HandlerReturned
    | OutputWritten
    | LogRecorded
    | ExchangeStarted
    | AnswerChosen
    | ProxyIgnored
    | RequestSent
    | RequestBodySent
    | ResponseStarted
    | ResponseBodyReceived
    | ExchangeEnded
    | RetryScheduled
    | ConnectionNotCaptured
    | CaptureNoted
    | CoroutineDropped
    | BackgroundWorkFound
    | PackagesImported
    | HangLocated
    | EndAnnounced
    | HandlerFinished
    | WorkerFailed
    | RunQueued
    | QueueMoved
    | RunStarted
    | StopRequested
    | ErrorsFound
    | WarningsFound
    | RunFinished
)
"""Any event of a run."""
