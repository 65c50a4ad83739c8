"""The waits of ``fetch`` between its attempts, in words."""

from collections.abc import Sequence

from workbench.domain import Exchange, Retry
from workbench.explain.text import span


def pending(exchanges: Sequence[Exchange]) -> Exchange | None:
    """The failed exchange after which ``fetch`` waits, or waited when the run ended; None where it does not wait."""
    last = {exchange.group: exchange for exchange in exchanges}
    if any(exchange.ended_at is None for exchange in exchanges):
        return None
    return next((exchange for exchange in reversed(last.values()) if exchange.retry is not None), None)


def until(retry: Retry) -> str:
    """``4 s before attempt 4 of 4``, after a form of the verb wait."""
    return f"{span(retry.seconds)} before {number(retry)}"


def number(retry: Retry) -> str:
    """``attempt 4 of 4``."""
    return f"attempt {retry.attempt} of {retry.attempts}"
