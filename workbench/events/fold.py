"""The outcome of a run, made from its events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from workbench.domain import (
    TRANSITIONS,
    Cut,
    CutReason,
    Outcome,
    Output,
    Returned,
    RunState,
)
from workbench.events.event import (
    AnswerChosen,
    BackgroundWorkFound,
    CaptureNoted,
    ConnectionNotCaptured,
    CoroutineDropped,
    ErrorsFound,
    Event,
    ExchangeEnded,
    ExchangeStarted,
    HandlerFinished,
    HandlerLeft,
    HandlerReturned,
    HandlerStarted,
    HangLocated,
    IntegrationLoaded,
    LogRecorded,
    OutputWritten,
    PackagesImported,
    ProxyIgnored,
    QueueMoved,
    RequestBodySent,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
    RetryScheduled,
    RunFinished,
    RunQueued,
    RunStarted,
    StopRequested,
    WarningsFound,
)
from workbench.events.exchange_draft import ExchangeDraft
from workbench.events.repeated_calls import RepeatedCalls

type OfExchange = (
    AnswerChosen
    | ProxyIgnored
    | RequestSent
    | RequestBodySent
    | ResponseStarted
    | ResponseBodyReceived
    | ExchangeEnded
    | RetryScheduled
)
"""What comes of an exchange after its start."""

_LONG_LINE = 4096


class OutcomeFold:
    """Adds events one at a time; :attr:`outcome` is the outcome after each. Events it does not know change nothing."""

    def __init__(self) -> None:
        self._base = 0.0
        self._outcome = Outcome()
        self._exchanges: dict[int, ExchangeDraft] = {}
        self._calls = RepeatedCalls()
        self._output: list[Output] = []

    @property
    def outcome(self) -> Outcome:
        """The outcome so far."""
        exchanges = tuple([draft.exchange for draft in self._exchanges.values()])
        return replace(self._outcome, exchanges=exchanges, output=tuple(self._output))

    @property
    def returned(self) -> Returned | None:
        """What the handler returned so far."""
        return self._outcome.returned

    @property
    def state(self) -> RunState:
        """The state of the run."""
        return self._outcome.state

    def add(self, event: Event) -> None:
        """Add one event. Raises :class:`ValueError` for a change of state that the table does not allow."""
        if (step := self._STEPS.get(type(event))) is not None:
            step(self, event)

    def drop_value(self) -> None:
        """Let go of the return value; the outcome says that it was dropped, and how large it was."""
        returned = self._outcome.returned
        if returned is not None:
            cut = Cut(0, returned.cut.size if returned.cut else returned.size, CutReason.MADE_ROOM)
            returned = replace(returned, value=None, memory=0, cut=cut)
            self._outcome = replace(self._outcome, returned=returned, result=None)

    def _since(self, at: float) -> float:
        return max(0.0, at - self._base)

    def _move(self, state: RunState) -> None:
        current = self._outcome.state
        if state is current:
            return
        if state not in TRANSITIONS[current]:
            raise ValueError(f"A run that is {current} cannot become {state}.")
        self._outcome = replace(self._outcome, state=state)

    def _add_run_queued(self, event: RunQueued) -> None:
        self._base = event.at

    def _add_queue_moved(self, event: QueueMoved) -> None:
        self._outcome = replace(self._outcome, ahead=event.ahead)

    def _add_run_started(self, event: RunStarted) -> None:
        self._move(RunState.STARTING)
        self._outcome = replace(self._outcome, sdk_version=event.sdk_version)

    def _add_integration_loaded(self, event: IntegrationLoaded) -> None:
        self._outcome = replace(self._outcome, registered=event.handlers)

    def _add_handler_started(self, event: HandlerStarted) -> None:
        if self._outcome.state is RunState.STARTING:
            self._move(RunState.RUNNING)
        self._outcome = replace(self._outcome, started_at=self._since(event.at), handler=event.handler)

    def _add_handler_left(self, event: HandlerLeft) -> None:
        self._outcome = replace(self._outcome, left_at=self._since(event.at), has_raised=event.raised)

    def _add_handler_returned(self, event: HandlerReturned) -> None:
        self._outcome = replace(self._outcome, returned=event.returned, return_line=event.line)

    def _add_handler_finished(self, event: HandlerFinished) -> None:
        returned = self._outcome.returned
        self._outcome = replace(
            self._outcome,
            status=event.status,
            cost_usd=event.cost_usd,
            error=event.error,
            result=returned.value if event.valued and returned else None,
        )

    def _add_errors_found(self, event: ErrorsFound) -> None:
        self._outcome = replace(self._outcome, errors=self._outcome.errors + event.errors)

    def _add_warnings_found(self, event: WarningsFound) -> None:
        self._outcome = replace(self._outcome, warnings=self._outcome.warnings + event.warnings)

    def _add_stop_requested(self, event: StopRequested) -> None:
        if self._outcome.state in (RunState.STARTING, RunState.RUNNING):
            self._move(RunState.STOPPING)

    def _add_hang_located(self, event: HangLocated) -> None:
        self._outcome = replace(self._outcome, stuck_at=event.frames, stuck_in=event.validation)
        self._outcome = replace(self._outcome, stuck_waiting=event.is_waiting)

    def _add_packages_imported(self, event: PackagesImported) -> None:
        self._outcome = replace(self._outcome, packages=event.packages, files=event.files)

    def _add_coroutine_dropped(self, event: CoroutineDropped) -> None:
        self._outcome = replace(self._outcome, unawaited=(*self._outcome.unawaited, event.call))

    def _add_background_work_found(self, event: BackgroundWorkFound) -> None:
        self._outcome = replace(self._outcome, background=(*self._outcome.background, event.work))

    def _add_run_finished(self, event: RunFinished) -> None:
        self._move(RunState.FINISHED)
        self._outcome = replace(
            self._outcome,
            status=event.status,
            error=event.error or self._outcome.error,
            finished_at=self._since(event.at),
        )

    def _add_output_written(self, event: OutputWritten) -> None:
        last = self._output[-1] if self._output else None
        if last and last.source == event.stream and not last.text.endswith("\n") and len(last.text) < _LONG_LINE:
            self._output[-1] = replace(last, text=last.text + event.text)  # print() writes a line in pieces
        else:
            self._output.append(Output(self._since(event.at), event.stream, event.text, place=event.place))

    def _add_log_recorded(self, event: LogRecorded) -> None:
        self._output.append(Output(self._since(event.at), "log", event.message, event.level, event.logger, event.place))

    def _add_capture_noted(self, event: CaptureNoted) -> None:
        self._output.append(Output(self._since(event.at), "note", event.message))

    def _add_connection_not_captured(self, event: ConnectionNotCaptured) -> None:
        self._outcome = replace(self._outcome, uncaptured=(*self._outcome.uncaptured, event.connection))

    def _add_exchange_started(self, event: ExchangeStarted) -> None:
        self._exchanges[event.exchange] = ExchangeDraft(event, self._since(event.at))

    def _add_to_exchange(self, event: OfExchange) -> None:
        if (draft := self._exchanges.get(event.exchange)) is not None:
            draft.add(event, self._since(event.at))
            if isinstance(event, ExchangeEnded):
                draft.belong_to(*self._calls.place(draft.exchange))

    # a table and no singledispatchmethod, whose cache keeps every instance alive in Python 3.13.0
    _STEPS: ClassVar[Mapping[type, Callable[[Any, Any], None]]] = {
        RunQueued: _add_run_queued,
        QueueMoved: _add_queue_moved,
        RunStarted: _add_run_started,
        IntegrationLoaded: _add_integration_loaded,
        HandlerStarted: _add_handler_started,
        HandlerLeft: _add_handler_left,
        HandlerReturned: _add_handler_returned,
        HandlerFinished: _add_handler_finished,
        ErrorsFound: _add_errors_found,
        WarningsFound: _add_warnings_found,
        StopRequested: _add_stop_requested,
        HangLocated: _add_hang_located,
        PackagesImported: _add_packages_imported,
        CoroutineDropped: _add_coroutine_dropped,
        BackgroundWorkFound: _add_background_work_found,
        RunFinished: _add_run_finished,
        OutputWritten: _add_output_written,
        LogRecorded: _add_log_recorded,
        CaptureNoted: _add_capture_noted,
        ConnectionNotCaptured: _add_connection_not_captured,
        ExchangeStarted: _add_exchange_started,
        AnswerChosen: _add_to_exchange,
        ProxyIgnored: _add_to_exchange,
        RequestSent: _add_to_exchange,
        RequestBodySent: _add_to_exchange,
        ResponseStarted: _add_to_exchange,
        ResponseBodyReceived: _add_to_exchange,
        ExchangeEnded: _add_to_exchange,
        RetryScheduled: _add_to_exchange,
    }


def fold(events: Iterable[Event]) -> Outcome:
    """The outcome after all of ``events``."""
    outcome_fold = OutcomeFold()
    for event in events:
        outcome_fold.add(event)
    return outcome_fold.outcome
