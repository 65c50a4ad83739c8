"""The word for every state and status, the same on pages, in the command and in lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.domain import Run, RunState, RunWarningKind, Status
from workbench.explain.warnings import run_warnings


@dataclass(frozen=True, slots=True)
class StatusWord:
    """``tone`` is ``ok``, ``warn``, ``bad`` or ``live``."""

    text: str
    tone: str


STATUS_WORDS: Mapping[Status, StatusWord] = MappingProxyType(
    {
        Status.SUCCEEDED: StatusWord("Succeeded", "ok"),
        Status.ACTION_ERROR: StatusWord("Action error", "warn"),
        Status.INVALID_AUTH: StatusWord("Invalid auth", "bad"),
        Status.INVALID_INPUT: StatusWord("Invalid inputs", "bad"),
        Status.INVALID_OUTPUT: StatusWord("Invalid output", "bad"),
        Status.FAILED: StatusWord("Failed", "bad"),
        Status.TIMED_OUT: StatusWord("Timed out", "bad"),
        Status.CANCELLED: StatusWord("Cancelled", "warn"),
        Status.CRASHED: StatusWord("Crashed", "bad"),
        Status.LOAD_FAILED: StatusWord("Load failed", "bad"),
    }
)
"""The words of a finished run."""

WARNING_WORDS: Mapping[RunWarningKind, StatusWord] = MappingProxyType(
    {
        RunWarningKind.RETURNED_ERROR: StatusWord("Returned an error", "warn"),
        RunWarningKind.REQUESTS_FAILED: StatusWord("Requests failed", "warn"),
        RunWarningKind.BACKGROUND_FAILED: StatusWord("Background error", "warn"),
        RunWarningKind.NOT_JSON: StatusWord("Not JSON", "warn"),
        RunWarningKind.INVALID_IDS: StatusWord("Invalid ids", "warn"),
        RunWarningKind.INVALID_ACCOUNT: StatusWord("Invalid account", "warn"),
    }
)
"""The words of a run that succeeded with a warning."""

_STATE_WORDS: Mapping[RunState, str] = MappingProxyType(
    {
        RunState.QUEUED: "Queued",
        RunState.STARTING: "Starting",
        RunState.RUNNING: "Running",
        RunState.STOPPING: "Stopping",
        RunState.FINISHED: "Finished",
    }
)


_WORDS_OF_STATES = {
    **{str(key): word for key, word in STATUS_WORDS.items()},
    **{str(key): word for key, word in WARNING_WORDS.items()},
}
_VALID = StatusWord("Valid", "ok")
"""A value that was pasted and matches its schema."""


def word_of_state(state: str, *, pasted: bool = False) -> StatusWord:
    """The word for a finished run of that :func:`workbench.explain.run_summary.state`, also where it is not known."""
    if pasted and state == Status.SUCCEEDED:
        return _VALID
    return _WORDS_OF_STATES.get(state) or StatusWord(state[:40], "warn")


def status_word(run: Run) -> StatusWord:
    """The word for where a run stands or how it ended."""
    outcome = run.outcome
    if outcome.state is not RunState.FINISHED or outcome.status is None:
        return StatusWord(_STATE_WORDS[outcome.state], "live")
    if run.request.pasted and not outcome.errors:
        return _VALID
    if (warning := run_warnings.doubt(run)) is not None:
        return WARNING_WORDS[warning.kind]
    return STATUS_WORDS[outcome.status]
