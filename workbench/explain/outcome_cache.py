"""What is computed of a run or its outcome is computed once, and forgotten together with the outcome."""

from collections.abc import Callable
from functools import wraps
from weakref import ref

from workbench.domain import Outcome, Run, RunRequest


def once_an_outcome[T](compute: Callable[[Outcome], T]) -> Callable[[Outcome], T]:
    """``compute`` with a cache. It must depend on the outcome alone, and its value must not refer to the outcome."""
    return _once(compute, lambda outcome: (outcome, None))


def once_a_run[T](compute: Callable[[Run], T]) -> Callable[[Run], T]:
    """``compute`` with a cache. It must depend on the run's request and outcome alone, and not refer to the outcome."""
    return _once(compute, lambda run: (run.outcome, run.request))


def _once[Asked, T](
    compute: Callable[[Asked], T], parts: Callable[[Asked], tuple[Outcome, RunRequest | None]]
) -> Callable[[Asked], T]:
    """The two by the parts on which a value depends, compared as objects: the values of outcomes may be large."""
    known: dict[int, tuple[ref[Outcome], RunRequest | None, T]] = {}

    @wraps(compute)
    def cached(asked: Asked) -> T:
        outcome, request = parts(asked)
        key = id(outcome)
        found = known.get(key)
        if found is not None and found[0]() is outcome and found[1] is request:
            return found[2]
        value = compute(asked)
        known[key] = ref(outcome, lambda _: known.pop(key, None)), request, value
        return value

    return cached
