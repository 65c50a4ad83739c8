"""How long an exchange took, phase by phase: as words, and as bars on the run's clock."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain import Exchange, Timings
from workbench.explain.text import span

SCALE = 1000
"""Width of the timing bar's drawing in user units."""
_THIN = 4.0
"""Width that can still be seen."""
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600)
"""Seconds that the clock of a run in progress shows: it grows in steps, so that rows that are over stay as they are."""

_PHASES = (("dns", "DNS"), ("connect", "connect"), ("tls", "TLS"), ("wait", "wait"), ("receive", "receive"))


@dataclass(frozen=True, slots=True)
class Clock:
    """What the bars of one table are drawn over: from 0 to ``over`` seconds, now being ``now``."""

    over: float
    now: float

    @property
    def ticks(self) -> tuple[str, str, str]:
        """The times at the beginning, the middle and the end."""
        return "0", span(self.over / 2), span(self.over)


def clock(exchanges: Iterable[Exchange], now: float, live: bool) -> Clock:
    """The clock of a run at ``now``; ``live`` is whether it goes on."""
    return clock_until(max((exchange.ended_at or 0.0 for exchange in exchanges), default=0.0), now, live)


def clock_until(last: float, now: float, live: bool) -> Clock:
    """The clock of a run at ``now`` whose last exchange so far ended at ``last``."""
    end = max(now, last) or 1.0
    return Clock(next((step for step in _STEPS if step >= end), end) if live else end, end)


@dataclass(frozen=True, slots=True)
class Bar:
    """One phase of a timing bar: where it begins and how long it is, in units of :data:`SCALE`."""

    phase: str
    name: str
    start: float
    width: float
    seconds: float

    @property
    def took(self) -> str:
        """How long it took, in words."""
        return span(self.seconds)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The phases of an exchange on the run's clock that can be seen there; ``text`` says all of them in words."""

    bars: tuple[Bar, ...]
    text: str


def waterfall(exchange: Exchange, clock: Clock) -> Waterfall:
    """The phases of an exchange on the clock; what is under way reaches up to now."""
    every = bars(exchange, clock.over, clock.now)
    seen = tuple(bar for bar in every if bar.width > _THIN) or (max(every, key=lambda bar: bar.seconds),)
    return Waterfall(seen, f"at {span(exchange.started_at)}: " + ", ".join(f"{bar.name} {bar.took}" for bar in every))


def bars(exchange: Exchange, over: float, now: float | None = None) -> tuple[Bar, ...]:
    """The phases on the run's clock; what is under way reaches up to ``now``, by default the end of the clock."""
    made, at = [], exchange.started_at
    for phase, name in _PHASES:
        took = getattr(exchange.timings, phase)
        if took is None:
            continue
        made.append(_bar(phase, name, at, at + took / 1000, over))
        at += took / 1000
    if not made or exchange.ended_at is None:
        made.append(_bar("open", "in progress", at, exchange.ended_at or now or over, over))
    return tuple(made)


def _bar(phase: str, name: str, start: float, end: float, over: float) -> Bar:
    left = min(SCALE - _THIN, start / over * SCALE)
    width = min(max(_THIN, (end - start) / over * SCALE), SCALE - left)
    return Bar(phase, name, round(left, 1), round(width, 1), end - start)


def phases(timings: Timings) -> tuple[tuple[str, str, str], ...]:
    """Each phase that there was: its key, its name, how long it took."""
    took = ((phase, name, getattr(timings, phase)) for phase, name in _PHASES)
    return tuple((phase, name, span(value / 1000)) for phase, name, value in took if value is not None)
