"""What is computed of an outcome once, and how long it is remembered."""

import gc
from weakref import ref

from workbench.domain import Outcome
from workbench.explain.outcome_cache import once_an_outcome


def test_each_outcome_is_asked_once_and_takes_its_value_along() -> None:
    asked: list[int] = []

    class Value:
        pass

    @once_an_outcome
    def compute(outcome: Outcome) -> Value:
        asked.append(id(outcome))
        return Value()

    first, equal = Outcome(), Outcome()
    assert compute(first) is compute(first)
    assert compute(equal) is not compute(first)
    assert asked == [id(first), id(equal)]
    value = ref(compute(first))
    del first
    gc.collect()
    assert value() is None
