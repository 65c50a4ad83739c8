"""What the runner says to a worker over its control pipe, in the wire form of the events."""

from dataclasses import dataclass

from workbench.domain import RunRequest


@dataclass(frozen=True, slots=True)
class Assign:
    """Do this run; a worker gets one in its life. Where it asks to load only, nothing of the integration is called."""

    request: RunRequest


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel the handler's task; the worker still reports what it can."""


@dataclass(frozen=True, slots=True)
class Locate:
    """Say where the run stands, as a :class:`workbench.events.HangLocated`."""


type Command = Assign | Cancel | Locate
"""Any command to a worker."""
