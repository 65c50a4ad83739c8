"""Two runs compared: what differs in what they were given, did and returned."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.comparison.exchange_changes import ExchangePair, exchange_pairs
from workbench.comparison.output_changes import OutputChanges, output_changes
from workbench.comparison.value_changes import ValueChanges, value_changes
from workbench.domain import ABSENT, JSON, Absent, ErrorInfo, Run, RunRequest, ValidationError


@dataclass(frozen=True, slots=True)
class ErrorChanges:
    """Validation errors that only the first run has (``gone``), only the second (``new``), or both."""

    gone: tuple[ValidationError, ...] = ()
    new: tuple[ValidationError, ...] = ()
    both: int = 0

    def __bool__(self) -> bool:
        """Whether they differ."""
        return bool(self.gone or self.new)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two finished runs; ``result`` compares what the handlers returned, valid or not.

    ``has_other_error``: one ended with an exception and the other with none, or another. ``settings`` is an object of
    the settings' names. ``seconds`` are those that the handlers took, None where that is not known.
    """

    first: Run
    second: Run
    inputs: ValueChanges
    settings: ValueChanges
    has_other_error: bool
    validation: ErrorChanges
    exchanges: tuple[ExchangePair, ...]
    result: ValueChanges
    output: OutputChanges
    seconds: tuple[float | None, float | None]

    @property
    def has_other_status(self) -> bool:
        """Whether they ended differently."""
        return self.first.outcome.status is not self.second.outcome.status

    @property
    def has_same_handler(self) -> bool:
        """Whether both ran the same handler."""
        one, other = self.first.request, self.second.request
        known = bool(one.integration_id and other.integration_id)  # a file of a run does not tell it
        return (one.kind, one.name) == (other.kind, other.name) and (
            not known or one.integration_id == other.integration_id
        )

    @property
    def differs(self) -> bool:
        """Whether anything differs but the time and noise."""
        return bool(
            self.has_other_status
            or self.has_other_error
            or self.inputs
            or self.settings
            or self.validation
            or self.result
            or self.output
            or any(pair.differs for pair in self.exchanges)
        )


def compare(first: Run, second: Run) -> Comparison:
    """What differs between two runs, as they are given (masked, on pages)."""
    one, other = first.outcome, second.outcome
    return Comparison(
        first=first,
        second=second,
        inputs=value_changes(first.request.inputs, second.request.inputs),
        settings=value_changes(_settings(first.request), _settings(second.request)),
        has_other_error=_facts(one.error) != _facts(other.error),
        validation=_validation(one.errors, other.errors),
        exchanges=exchange_pairs(one.exchanges, other.exchanges),
        result=value_changes(_returned(first), _returned(second)),
        output=output_changes(one.output, other.output),
        seconds=(one.handler_seconds, other.handler_seconds),
    )


def _returned(run: Run) -> JSON | Absent:
    outcome = run.outcome
    if outcome.returned is not None:
        return outcome.returned.value
    return ABSENT if outcome.result is None else outcome.result


def _facts(error: ErrorInfo | None) -> tuple[str, ...]:
    """What tells errors apart; the name of a class stands for it without its module."""
    return () if error is None else (str(error.kind), error.type.rpartition(".")[2], error.message)


def _validation(first: Iterable[ValidationError], second: Iterable[ValidationError]) -> ErrorChanges:
    before, after = ({_key(error): error for error in errors} for errors in (first, second))
    return ErrorChanges(
        gone=tuple(error for key, error in before.items() if key not in after),
        new=tuple(error for key, error in after.items() if key not in before),
        both=len(before.keys() & after.keys()),
    )


def _key(error: ValidationError) -> tuple[str, str, str]:
    return str(error.where), error.pointer, error.message


def _settings(request: RunRequest) -> JSON:
    """What a run was asked for besides its inputs, as an object of names that people read."""
    return {
        "handler": request.name,
        "profile": request.profile,
        "contract": str(request.contract.version),
        "sdk": request.sdk.text,
        "time limit": request.timeout,
        "last_poll_ts": request.last_poll_ts,
        "retries": request.max_retries,
        "fetch timeout": request.fetch_timeout,
        "memory limit": request.resources.memory,
        "processor time limit": request.resources.cpu,
    }
