"""How long an exchange took, phase by phase: as words, and as bars on the run's clock."""

from dataclasses import dataclass

from workbench.domain import Exchange, Timings
from workbench.explain.text import span

SCALE = 1000
"""Width of the timing bar's drawing in user units."""

_PHASES = (("dns", "DNS"), ("connect", "connect"), ("tls", "TLS"), ("wait", "wait"), ("receive", "receive"))


@dataclass(frozen=True, slots=True)
class Bar:
    """One phase of a timing bar: where it begins and how long it is, in units of :data:`SCALE`."""

    phase: str
    name: str
    start: float
    width: float
    took: str


def bars(exchange: Exchange, over: float) -> tuple[Bar, ...]:
    """The phases on the run's clock; what is under way reaches up to now."""
    made, at = [], exchange.started_at
    for phase, name in _PHASES:
        took = getattr(exchange.timings, phase)
        if took is None:
            continue
        made.append(_bar(phase, name, at, at + took / 1000, over))
        at += took / 1000
    if not made or exchange.ended_at is None:
        made.append(_bar("open", "in progress", at, exchange.ended_at or over, over))
    return tuple(made)


def _bar(phase: str, name: str, start: float, end: float, over: float) -> Bar:
    left = min(SCALE - 4.0, start / over * SCALE)
    width = min(max(4.0, (end - start) / over * SCALE), SCALE - left)
    return Bar(phase, name, round(left, 1), round(width, 1), span(end - start))


def phases(timings: Timings) -> tuple[tuple[str, str, str], ...]:
    """Each phase that there was: its key, its name, how long it took."""
    took = ((phase, name, getattr(timings, phase)) for phase, name in _PHASES)
    return tuple((phase, name, span(value / 1000)) for phase, name, value in took if value is not None)
