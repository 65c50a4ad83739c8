"""Why there is no history, in words."""

from typing import Final

from workbench.history import HistoryUnavailable, UnavailableReason

_REASONS: Final = {
    UnavailableReason.NEWER: "It was written by a newer version of the workbench and stays as it is. Update the "
    "workbench, or name another database with --history.",
    UnavailableReason.UNREACHABLE: "It cannot be opened: {detail}.",
    UnavailableReason.UNKNOWN_URL: "That is not a database URL. Write sqlite:////path/history.sqlite, "
    "postgresql://user@host/name, or none.",
    UnavailableReason.DRIVER: "Its driver is missing: {detail}. For PostgreSQL, install the workbench "
    "with [postgresql].",
}


def failed_meanwhile(detail: str) -> str:
    """What to do about a database that fails while the workbench runs; ``detail`` is its own word for why."""
    return (
        f"Its database failed: {detail.splitlines()[0].rstrip('.') if detail else 'no reason was given'}. Start the "
        "workbench again: a damaged file is moved aside then, and a new one begins. Runs go on without it meanwhile."
    )


def unavailable(error: HistoryUnavailable) -> str:
    """The reason, and what to do."""
    return (
        f"The history {error.place} is not available. {_REASONS[error.reason].format(detail=error.detail.rstrip('.'))}"
    )
