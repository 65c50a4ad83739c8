"""How much memory and processor time the worker of a run may use."""

from dataclasses import dataclass

LEAST_MEMORY = 128
"""Megabytes: a worker with the SDK and nothing of the integration takes a good part of that."""


@dataclass(frozen=True, slots=True)
class ResourceLimits:
    """``memory`` in megabytes (10⁶ bytes), ``cpu`` in seconds of processor time; None is no limit."""

    memory: int | None = None
    cpu: int | None = None
