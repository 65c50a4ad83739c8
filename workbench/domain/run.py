"""A run: its request, the states it goes through, and everything that was recorded of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from workbench.domain.answers import Answers
from workbench.domain.credentials import Credentials, EnvironmentVariable, ShapeReason, credential_values, shaped_auth
from workbench.domain.dependencies import Dependencies, ImportedPackage
from workbench.domain.errors import ValidationError, ValidationPlace
from workbench.domain.exchange import Exchange, Frame, SecretName, UncapturedConnection
from workbench.domain.integration import AuthShape, Contract, Kind
from workbench.domain.json import JSON
from workbench.domain.resource_limits import ResourceLimits
from workbench.domain.run_end import ErrorKind, RunEnd
from workbench.domain.run_reads import RunReads
from workbench.domain.sdk_choice import SdkChoice


class RunState(StrEnum):
    """Where a run stands. Only ``FINISHED`` carries a :class:`Status`."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"


class Status(StrEnum):
    """How a run ended: by its handler, its time limit, a cancellation, or with its process (``CRASHED``)."""

    SUCCEEDED = "succeeded"
    ACTION_ERROR = "action_error"
    INVALID_AUTH = "invalid_auth"
    INVALID_INPUT = "invalid_input"
    INVALID_OUTPUT = "invalid_output"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    CRASHED = "crashed"
    LOAD_FAILED = "load_failed"


TRANSITIONS: Mapping[RunState, frozenset[RunState]] = MappingProxyType(
    {
        RunState.QUEUED: frozenset({RunState.STARTING, RunState.FINISHED}),
        RunState.STARTING: frozenset({RunState.RUNNING, RunState.STOPPING, RunState.FINISHED}),
        RunState.RUNNING: frozenset({RunState.STOPPING, RunState.FINISHED}),
        RunState.STOPPING: frozenset({RunState.FINISHED}),
        RunState.FINISHED: frozenset(),
    }
)
"""The table of run states: from each state, the states that may follow."""


FETCH_RETRIES = 3
FETCH_TIMEOUT = 30.0
"""Retries of ``context.fetch``, and the seconds that each attempt may take, where a run sets neither: the SDK's own."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One run as asked for.

    ``auth`` holds the credentials (or an envelope, which is passed on as it is); ``auth_shape`` is the shape in which
    the handler sees them, for ``shape_reason``. ``metadata``, ``environment``, ``secret_names`` and ``public_names``
    are those of :class:`workbench.domain.Credentials`; ``profile`` is the name under which these were saved.
    ``reads`` are what the code reads of them.
    ``max_retries`` and ``fetch_timeout`` (seconds) are for ``context.fetch``; None is the SDK's default.
    ``timeout`` is in seconds; ``last_poll_ts`` is for triggers. The schemas are those of ``config.json`` when the run
    was asked for, so that a later edit cannot change what is said of the run.
    With ``load_only`` the code is imported and nothing of it called; ``kind`` and ``name`` have no meaning then.
    ``config_digest`` is that of ``config.json`` when the run was asked for, empty where it was not taken. ``pasted``
    says that nothing was run: the values were pasted from elsewhere to be looked at. ``dependencies`` are how the
    requirements stood when the run was asked for. ``resources`` limit what its worker may use.
    ``answers`` say where its HTTP answers come from. ``clock_shift`` is in seconds: the time that the code reads is
    so much later than it is.
    """

    integration_id: str
    root: Path
    entry_point: str
    kind: Kind
    name: str
    contract: Contract
    inputs: JSON
    auth: JSON = field(default_factory=dict)
    auth_shape: AuthShape = AuthShape.FLAT
    auth_type: str = "Custom"
    timeout: float = 60.0
    last_poll_ts: str | None = None
    input_schema: JSON = None
    output_schema: JSON = None
    auth_schema: JSON = None
    load_only: bool = False
    config_digest: str = ""
    pasted: bool = False
    shape_reason: ShapeReason = field(default_factory=ShapeReason)
    metadata: JSON = field(default_factory=dict, repr=False)
    environment: tuple[EnvironmentVariable, ...] = ()
    secret_names: frozenset[str] = frozenset()
    public_names: frozenset[str] = frozenset()
    profile: str = ""
    reads: RunReads = field(default_factory=RunReads)
    max_retries: int | None = None
    fetch_timeout: float | None = None
    dependencies: Dependencies = field(default_factory=Dependencies)
    sdk: SdkChoice = field(default_factory=SdkChoice)
    resources: ResourceLimits = field(default_factory=ResourceLimits)
    answers: Answers = field(default_factory=Answers)
    clock_shift: float = 0.0

    @property
    def request_config(self) -> dict[str, JSON] | None:
        """The settings of ``context.fetch``; None where the run sets none, so that the SDK's defaults hold."""
        if self.max_retries is None and self.fetch_timeout is None:
            return None
        return {
            "max_retries": FETCH_RETRIES if self.max_retries is None else self.max_retries,
            "timeout": FETCH_TIMEOUT if self.fetch_timeout is None else self.fetch_timeout,
        }

    @property
    def context_auth(self) -> JSON:
        """What ``context.auth`` will be: the fields in the asked shape; an envelope is left as it is."""
        return shaped_auth(self.auth, self.auth_shape, self.auth_type)

    @property
    def credentials(self) -> Credentials:
        """What the run gets besides its inputs, as one value."""
        return Credentials(
            self.auth,
            self.auth_shape,
            self.auth_type,
            self.metadata,
            self.environment,
            self.secret_names,
            self.public_names,
        )

    @property
    def auth_fields(self) -> JSON:
        """The credentials, taken out of the envelope where there is one."""
        return credential_values(self.auth)


@dataclass(frozen=True, slots=True)
class UndeclaredHandler:
    """A handler that the code registers under a name that ``config.json`` does not declare."""

    kind: Kind
    name: str


class KeySource(StrEnum):
    """What a handler got, whose key its code did not find."""

    AUTH = "auth"
    CREDENTIALS = "credentials"
    METADATA = "metadata"
    INPUTS = "inputs"


@dataclass(frozen=True, slots=True)
class MissingKey:
    """A key that is not in ``source``; ``keys`` are those that are. ``pointer`` is the object's place in the inputs."""

    source: KeySource
    key: str
    keys: tuple[str, ...] = ()
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """An exception, its causes innermost last. ``frames`` are the integration's own lines; ``traceback`` is text.

    Where no exception but the end of the process ended the run, ``end`` has the facts and ``message`` is empty.
    ``undeclared`` is the handler that the SDK did not register. ``not_awaitable`` says that the handler's method gave
    something that cannot be awaited: it is a plain function or a generator. ``missing`` is what a ``KeyError`` did not
    find in what the handler got.
    """

    type: str
    message: str
    traceback: str = ""
    frames: tuple[Frame, ...] = ()
    causes: tuple["ErrorInfo", ...] = ()
    kind: ErrorKind = ErrorKind.HANDLER
    end: RunEnd | None = None
    undeclared: UndeclaredHandler | None = None
    not_awaitable: bool = False
    missing: MissingKey | None = None


@dataclass(frozen=True, slots=True)
class UnawaitedCall:
    """A call of ``function`` (its qualified name) whose coroutine nobody awaited; ``place`` is where it was dropped."""

    function: str
    place: Frame | None = None


@dataclass(frozen=True, slots=True)
class ReplacedValue:
    """A part of a return value that is not JSON: its place as a JSON Pointer, its Python type and its ``repr``.

    ``type_name`` is qualified by the module but for built-in types (``datetime.datetime``, ``bytes``), ``type`` for
    every class. ``is_key`` says that it is the key at that place, and not the value.
    """

    pointer: str
    type_name: str
    text: str
    is_key: bool = False

    @property
    def is_endless(self) -> bool:
        """Whether it is an array or an object, which is replaced only where it is nested too deep or holds itself."""
        return not self.is_key and self.type_name in ("dict", "list")


class WorkKind(StrEnum):
    """What goes on beside a handler."""

    TASK = "task"
    THREAD = "thread"
    CALL = "call"
    """Of a function, by a pool of threads."""


@dataclass(frozen=True, slots=True)
class BackgroundWork:
    """A task, a thread or a pool's call that the handler did not wait for; ``place`` is the line that started it.

    With ``is_at`` it is the line that a thread of a pool runs. ``name`` is its function's. ``error`` is what ended
    it and was never asked for; None where it was still running when the handler returned.
    """

    kind: WorkKind
    name: str
    place: Frame | None = None
    error: ErrorInfo | None = None
    is_at: bool = False


class CutReason(StrEnum):
    """Why a value is not there as a whole: larger than what is stored of one, or dropped for newer runs."""

    TOO_LARGE = "too_large"
    MADE_ROOM = "made_room"


@dataclass(frozen=True, slots=True)
class Cut:
    """A value of which the beginning is stored: ``stored`` of ``size`` bytes of JSON, None where that is not known."""

    stored: int
    size: int | None = None
    reason: CutReason = CutReason.TOO_LARGE


@dataclass(frozen=True, slots=True)
class Returned:
    """What the handler returned, before it was validated.

    ``value`` is its JSON form: ``data`` for an ``ActionResult``, ``message`` for an ``ActionError``, the fields of a
    ``ConnectedAccountInfo``; ``lossy`` are the parts that had to be replaced. ``type_name`` is the Python type
    (``ActionResult``, ``dict``, ``FetchResponse``); ``odd_cost`` is a ``cost_usd`` that is no number; ``coroutines``
    are the qualified names of the functions whose coroutines stood in the value. ``size`` is its length as JSON in
    bytes, 0 where it was not counted, ``memory`` about what it takes in memory; ``cut`` says that it was too large to
    be kept whole.
    """

    type_name: str
    value: JSON
    cost_usd: float | None = None
    lossy: tuple[ReplacedValue, ...] = ()
    odd_cost: ReplacedValue | None = None
    coroutines: tuple[str, ...] = ()
    size: int = 0
    memory: int = 0
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """Something the integration printed or logged. ``source`` is ``stdout``, ``stderr``, ``log`` or ``note``.

    ``at`` is in seconds since the run was accepted. ``level`` and ``logger`` are for log records; ``place`` is the line
    that printed or logged it, where it is known. A note is the workbench's own remark about the run.
    """

    at: float
    source: str
    text: str
    level: str = ""
    logger: str = ""
    place: Frame | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler that the loaded code has registered, and where its class stands.

    ``flaw`` is empty, or says why it cannot be called: ``no-class``, ``no-method``, ``not-async``, ``parameters``,
    ``generator``.
    """

    kind: Kind
    name: str
    place: Frame
    flaw: str = ""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Outcome:
    """All that was seen of a run so far; complete once ``state`` is ``FINISHED``.

    ``error`` is the exception or validation error that ended it. ``result`` is what the caller of the
    integration would get (``ActionResult`` unwrapped), None where there is none; ``returned`` is the raw return
    value, also where it is invalid. ``stuck_at`` is where a run hung, innermost frame first, ``stuck_in`` the
    validation that it hung in; ``stuck_waiting`` says that it computed nothing there.
    ``registered`` is for runs that load only, None until the code was loaded. ``warnings``
    are rules that the SDK does not enforce. ``unawaited`` are the calls whose coroutines nobody awaited,
    ``background`` the tasks and threads. ``uncaptured`` are connections whose traffic is not among the exchanges.
    ``started_at`` is when the handler was called, ``left_at`` when it returned or, with ``has_raised``,
    raised. ``secrets`` are the names that stand for secrets; it is empty where nothing is masked. ``ahead`` is how many
    runs started before this one when it last waited in the queue.
    ``files`` are those of the integration's modules that were imported, relative to its folder.
    """

    state: RunState = RunState.QUEUED
    status: Status | None = None
    result: JSON = None
    returned: Returned | None = None
    cost_usd: float | None = None
    error: ErrorInfo | None = None
    errors: tuple[ValidationError, ...] = ()
    warnings: tuple[ValidationError, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    output: tuple[Output, ...] = ()
    unawaited: tuple[UnawaitedCall, ...] = ()
    background: tuple[BackgroundWork, ...] = ()
    uncaptured: tuple[UncapturedConnection, ...] = ()
    secrets: tuple[SecretName, ...] = ()
    handler: Frame | None = None
    return_line: int | None = None
    stuck_at: tuple[Frame, ...] = ()
    stuck_in: ValidationPlace | None = None
    stuck_waiting: bool = False
    registered: tuple[Registered, ...] | None = None
    sdk_version: str = ""
    packages: tuple[ImportedPackage, ...] = ()
    files: tuple[str, ...] = ()
    started_at: float | None = None
    left_at: float | None = None
    has_raised: bool = False
    finished_at: float | None = None
    ahead: int = 0

    @property
    def handler_seconds(self) -> float | None:
        """Seconds from the handler's call to its return; None where it was not called or did not return."""
        return None if self.left_at is None or self.started_at is None else self.left_at - self.started_at

    @property
    def duration(self) -> float | None:
        """Seconds from the run's acceptance to its end; None while it goes on."""
        return self.finished_at


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the store knows it: its id, when it was accepted (seconds since the epoch), and the outcome so far."""

    id: str
    request: RunRequest
    created_at: float
    outcome: Outcome
