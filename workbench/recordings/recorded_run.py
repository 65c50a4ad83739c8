"""A recording as the finished run that it was made of, with all of it that is compared."""

from pathlib import Path

from workbench.domain import (
    Contract,
    ErrorInfo,
    Outcome,
    Returned,
    Run,
    RunRequest,
    RunState,
    ValidationError,
)
from workbench.recordings.recording import Recording


def run_of_recording(recording: Recording, name: str) -> Run:
    """The run; ``name`` takes the place of its id. A recording has neither output nor times."""
    given, expected = recording.given, recording.expected
    request = RunRequest(
        integration_id="",
        root=Path(),
        entry_point="",
        kind=recording.kind,
        name=recording.handler,
        contract=Contract(recording.contract),
        inputs=given.inputs,
        timeout=given.timeout,
        last_poll_ts=given.last_poll_ts,
        max_retries=given.max_retries,
        fetch_timeout=given.fetch_timeout,
    )
    error = expected.error
    outcome = Outcome(
        state=RunState.FINISHED,
        status=expected.status,
        result=expected.result,
        returned=None if expected.result is None else Returned("", expected.result),
        error=ErrorInfo(error.type, error.message) if error else None,
        errors=tuple(ValidationError(one.where, one.pointer, "", one.keyword, one.message) for one in expected.errors),
        exchanges=recording.exchanges,
    )
    return Run(name, request, recording.recorded_at, outcome)
