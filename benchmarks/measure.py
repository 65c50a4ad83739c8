"""How a figure is taken: A and B in turn, so that a machine whose speed drifts cannot favour one of them."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table: what was measured, the value with its unit, what is asked for, and whether it holds."""

    name: str
    value: str
    target: str
    holds: bool


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def median_seconds(work: Callable[[], object], *, rounds: int = 9, warmup: int = 1) -> float:
    """The median of several calls, after some that are not counted."""
    for _ in range(warmup):
        work()
    return statistics.median(seconds(work) for _ in range(rounds))


def paired_ratio(a: Callable[[], object], b: Callable[[], object], *, rounds: int = 9, warmup: int = 1) -> float:
    """The median over rounds of (time of ``a``) / (time of ``b``), the two called in turn in every round."""
    for _ in range(warmup):
        a()
        b()
    return statistics.median(seconds(a) / seconds(b) for _ in range(rounds))
