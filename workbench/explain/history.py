"""Why there is no history, in words."""

from typing import Final

from workbench.history import HistoryProblem, HistoryUnavailable

_REASONS: Final = {
    HistoryProblem.NEWER: "It was written by a newer version of the workbench and stays as it is. Update the "
    "workbench, or name another database with --history.",
    HistoryProblem.UNREACHABLE: "It cannot be opened: {detail}.",
    HistoryProblem.UNKNOWN_URL: "That is not a database URL. Write sqlite:////path/history.sqlite, "
    "postgresql://user@host/name, or none.",
    HistoryProblem.DRIVER: "Its driver is missing: {detail}. For PostgreSQL, install the workbench with [postgresql].",
}


def unavailable(error: HistoryUnavailable) -> str:
    """The reason, and what to do."""
    return (
        f"The history {error.place} is not available. {_REASONS[error.problem].format(detail=error.detail.rstrip('.'))}"
    )
