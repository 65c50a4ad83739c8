"""The commands of the runner to a worker, over its control pipe and in the wire form of the events."""

from dataclasses import dataclass

from workbench.domain import RunRequest


@dataclass(frozen=True, slots=True)
class Assign:
    """Do this run, the only one of the worker. A request with ``load_only`` imports the code and calls nothing."""

    request: RunRequest


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel the handler's task; the worker still sends its verdict."""


@dataclass(frozen=True, slots=True)
class Locate:
    """Send the run's place in the code, as a :class:`workbench.events.HangLocated`."""


type Command = Assign | Cancel | Locate
"""Any command to a worker."""
