"""How long a run took, in words: the time of its handler, and beside it what the workbench took."""

from workbench.domain import Outcome
from workbench.explain.text import span

_NOTABLE = 0.2
"""Seconds that everything around the handler may take before they are mentioned."""


def took(outcome: Outcome) -> str:
    """``38 ms``, the handler's time; ``8 s, of which handler 500 ms`` where the rest is more than a moment."""
    total, handler = outcome.duration, outcome.handler_seconds
    if total is None or handler is None:
        return span(total)
    rest = total - handler
    return f"{span(total)}, of which handler {span(handler)}" if rest > max(_NOTABLE, handler / 10) else span(handler)
