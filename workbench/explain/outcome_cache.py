"""What is computed of a run or its outcome is computed once, and forgotten together with the outcome."""

from collections.abc import Callable
from functools import wraps
from weakref import ref

from workbench.domain import Outcome, Run, RunRequest


def once_an_outcome[T](compute: Callable[[Outcome], T]) -> Callable[[Outcome], T]:
    """``compute`` with a cache. It must depend on the outcome alone, and its value must not refer to the outcome.

    Outcomes are compared as objects, as their values may be large.
    """
    known: dict[int, tuple[ref[Outcome], T]] = {}

    @wraps(compute)
    def cached(outcome: Outcome) -> T:
        key = id(outcome)
        found = known.get(key)
        if found is not None and found[0]() is outcome:
            return found[1]
        value = compute(outcome)
        known[key] = ref(outcome, lambda _: known.pop(key, None)), value
        return value

    return cached


def once_a_run[T](compute: Callable[[Run], T]) -> Callable[[Run], T]:
    """``compute`` with a cache. It must depend on the run's request and outcome alone, and not refer to the outcome."""
    known: dict[int, tuple[ref[Outcome], RunRequest, T]] = {}

    @wraps(compute)
    def cached(run: Run) -> T:
        key = id(run.outcome)
        found = known.get(key)
        if found is not None and found[0]() is run.outcome and found[1] is run.request:
            return found[2]
        value = compute(run)
        known[key] = ref(run.outcome, lambda _: known.pop(key, None)), run.request, value
        return value

    return cached
