"""The one clock of a run."""

from time import monotonic as now

__all__ = ["now"]
