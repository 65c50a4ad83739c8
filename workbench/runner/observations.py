"""What the supervision of a run has seen of its worker so far."""

from dataclasses import dataclass, field

from workbench.domain import EndMeans, ErrorInfo
from workbench.events import (
    EndAnnounced,
    ExchangeEvents,
    HandlerFinished,
    HandlerLeft,
    HangLocated,
    IntegrationLoaded,
    Message,
    StopRequested,
    WireError,
    WorkerFailed,
    WorkerReady,
)


@dataclass(slots=True)
class Observations:
    """``left`` is when the handler returned or raised, ``announced`` what the integration asked for that may end it.

    ``stopped`` is the first request to end the run, ``broken`` the error of a pipe that carried something else than
    events. ``lost_pipe`` says that the pipe ended before the process, ``memory_used_up`` that it was killed because of
    its limit, ``was_suspended`` that it had been stopped by a signal when the run was to end.
    """

    ready: WorkerReady | None = None
    has_events: bool = False
    loaded: bool = False
    left: float | None = None
    verdict: HandlerFinished | None = None
    failure: WorkerFailed | None = None
    announced: list[EndAnnounced] = field(default_factory=list)
    program: str | None = None
    is_located: bool = False
    stopped: StopRequested | None = None
    broken: ErrorInfo | None = None
    lost_pipe: bool = False
    memory_used_up: bool = False
    was_suspended: bool = False

    def take(self, message: Message | ExchangeEvents) -> None:
        """Note one message of the worker. Raises :class:`WireError` for one that cannot come now."""
        if isinstance(message, WorkerReady):
            if self.ready is not None:
                raise WireError("WorkerReady came twice.")
            self.ready = message
            return
        if self.ready is None:
            raise WireError(f"{type(message).__name__} came before WorkerReady.")
        self.has_events = True
        self.program = None  # a program that had taken its place would send nothing
        match message:
            case EndAnnounced():
                self.announced.append(message)
                self.program = message.detail if message.means is EndMeans.REPLACED else None
            case HandlerLeft() if self.left is None:
                self.left = message.at
            case IntegrationLoaded():
                self.loaded = True
            case HandlerFinished():
                self.verdict = self.verdict or message
            case WorkerFailed():
                self.failure = self.failure or message
            case HangLocated():
                self.is_located = True

    @property
    def left_before_stop(self) -> float | None:
        """When the handler returned or raised, None where someone had requested the end of the run before that."""
        if self.left is None or self.stopped is None:
            return self.left
        return self.left if self.left <= self.stopped.at else None
