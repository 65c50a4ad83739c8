"""The recording of a finished run, made of its masked view."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from workbench.domain import (
    Exchange,
    Frame,
    MaskedBytes,
    Outcome,
    Run,
    RunRequest,
    RunState,
    ShapeRule,
    Status,
)
from workbench.domain.masked_text import MaskedText, spans_of
from workbench.explain.text import size
from workbench.recordings.recording import (
    Expected,
    ExpectedError,
    ExpectedValidationError,
    Given,
    Recording,
    RecordingError,
)

_UNFIT = {
    Status.CANCELLED: "it was cancelled",
    Status.CRASHED: "its process ended without a result",
    Status.LOAD_FAILED: "its code could not be loaded",
}


def recording_of(run: Run) -> Recording:
    """The recording of ``run``, which must be its masked view. Raises :class:`RecordingError`."""
    _check(run)
    request, outcome = run.request, run.outcome
    exchanges = tuple(_portable(exchange, request.root) for exchange in outcome.exchanges)
    expected = expected_of(outcome)
    given = _given(request)
    labels = tuple(dict.fromkeys((*_labels(given), *_labels(exchanges), *_labels(expected))))
    inherited = tuple(
        (one, f"‹{one}›") for one in labels if one in _inherited_names(outcome) and one not in dict(given.environment)
    )
    return Recording(
        kind=request.kind,
        handler=request.name,
        contract=request.contract.version,
        given=replace(given, environment=(*given.environment, *inherited)),
        expected=expected,
        exchanges=exchanges,
        secrets=labels,
        recorded_at=run.created_at,
    )


def expected_of(outcome: Outcome) -> Expected:
    """What a recording says of an outcome."""
    error = outcome.error
    return Expected(
        status=outcome.status or Status.CRASHED,
        result=outcome.result,
        error=ExpectedError(error.type, error.message) if error else None,
        errors=tuple(
            ExpectedValidationError(one.where, one.pointer, one.keyword, one.message) for one in outcome.errors
        ),
    )


def _check(run: Run) -> None:
    outcome = run.outcome
    if outcome.state is not RunState.FINISHED or outcome.status is None:
        raise RecordingError("The run is not finished. Wait for its end, then save it.")
    if run.request.pasted or run.request.load_only:
        raise RecordingError("No handler was called in this run, so there is nothing to replay.")
    if (why := _UNFIT.get(outcome.status)) is not None:
        raise RecordingError(f"This run cannot be a test: {why}. Run it again, then save that run.")
    if outcome.returned is not None and outcome.returned.cut is not None:
        raise RecordingError("The result of this run is too large to be stored whole, so no test can compare it.")
    for exchange in outcome.exchanges:
        if exchange.response is not None and exchange.response.cut:
            raise RecordingError(
                f"Only {size(len(exchange.response.body))} of the {size(exchange.response.size)} of the response of "
                f"exchange {exchange.id} are stored, so it cannot be replayed. Request less data, then save that run."
            )


def _given(request: RunRequest) -> Given:
    return Given(
        inputs=request.inputs,
        auth=request.auth,
        auth_type=request.auth_type,
        auth_shape=request.auth_shape if request.shape_reason.rule is ShapeRule.CHOSEN else "",
        metadata=request.metadata,
        environment=tuple((one.name, one.value) for one in request.environment),
        contract=request.contract.version if request.contract.rule == "chosen" else None,
        last_poll_ts=request.last_poll_ts,
        max_retries=request.max_retries,
        fetch_timeout=request.fetch_timeout,
        timeout=request.timeout,
        secret_names=tuple(sorted(request.secret_names)),
        public_names=tuple(sorted(request.public_names)),
    )


def _inherited_names(outcome: Outcome) -> frozenset[str]:
    """The names of secrets that could be those of environment variables: no exchange brought them."""
    return frozenset(one.name for one in outcome.secrets if one.exchange is None and one.name.isupper())


def _portable(exchange: Exchange, root: Path) -> Exchange:
    """The exchange with its call site relative to the integration's folder, without source text."""
    site = exchange.call_site
    return replace(exchange, call_site=_relative(site, root) if site else None)


def _relative(frame: Frame, root: Path) -> Frame:
    path = Path(frame.file)
    inside = path.is_relative_to(root)
    file = path.relative_to(root).as_posix() if inside else path.name
    return Frame(file, frame.line, frame.function)


def _labels(value: Any) -> Iterator[str]:
    """The names of the masked stretches in a value of any depth, in its order."""
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, MaskedText):
            yield from (span.label for span in spans_of(item))
        elif isinstance(item, MaskedBytes):
            yield from (span.label for span in item.spans)
        else:
            pending += reversed(list(_inner(item)))


def _inner(item: Any) -> Iterable[Any]:
    if isinstance(item, dict):
        return (each for pair in item.items() for each in pair)
    if isinstance(item, list | tuple):
        return item
    if is_dataclass(item) and not isinstance(item, type | Enum):
        return (getattr(item, field.name) for field in fields(item))
    return ()
