"""What is computed of an outcome is computed once, and forgotten together with that outcome."""

from collections.abc import Callable
from functools import wraps
from weakref import ref

from workbench.domain import Outcome


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
