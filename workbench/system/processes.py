"""A process of this machine, as a value."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProcessEntry:
    """One process. ``started`` grows with time; with ``pid`` it tells a process from a later one of the same number.

    ``session`` is the number of the session that it belongs to, 0 where it is not known.
    """

    pid: int
    parent: int = field(compare=False)
    session: int = field(compare=False)
    started: float
