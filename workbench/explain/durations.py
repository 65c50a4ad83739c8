"""How long a run took, in words: the time of its handler, and beside it what the workbench took."""

from workbench.domain import Outcome
from workbench.explain.text import span

_NOTABLE = 0.2
"""Seconds that everything around the handler may take before they are mentioned."""


def took(outcome: Outcome) -> str:
    """``38 ms``, the handler's time; ``8 s, of which handler 500 ms`` where the rest is more than a moment."""
    return took_in(outcome.duration, outcome.handler_seconds)


def took_in(total: float | None, handler: float | None) -> str:
    """The same for a run of which the seconds are known: those of the whole, and those of its handler."""
    if total is None or handler is None:
        return span(total)
    rest = total - handler
    return f"{span(total)}, of which handler {span(handler)}" if rest > max(_NOTABLE, handler / 10) else span(handler)
