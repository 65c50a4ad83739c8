"""An installation of packages into a folder, as far as it has come."""

from dataclasses import dataclass
from enum import StrEnum


class InstallState(StrEnum):
    """Where an installation stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class InstallProgress:
    """An installation at a moment.

    ``lines`` are its output; ``packages`` counts those that it has found so far, ``step`` is the
    file that is being fetched and ``fraction`` how much of it has arrived, None where that is not known. ``reason`` is
    the first error of one that failed. Times are in seconds since the epoch; ``ended_at`` is None while it goes on.
    """

    state: InstallState
    tool: str
    started_at: float
    ended_at: float | None = None
    lines: tuple[str, ...] = ()
    packages: int = 0
    step: str = ""
    fraction: float | None = None
    reason: str = ""
