"""The time of a run: its handler's, and beside it the workbench's own where that is more than a moment."""

import pytest

from workbench.domain import Outcome
from workbench.explain import durations

TIMES = [
    (Outcome(), "–"),
    (Outcome(finished_at=2.0), "2 s"),
    (Outcome(started_at=1.0, finished_at=2.0), "2 s"),
    (Outcome(started_at=0.01, left_at=0.05, finished_at=0.1), "40 ms"),
    (Outcome(started_at=0.1, left_at=0.6, finished_at=8.0), "8 s, of which handler 500 ms"),
    (Outcome(started_at=0.1, left_at=20.1, finished_at=20.5), "20 s"),
]


@pytest.mark.parametrize(("outcome", "words"), TIMES)
def test_the_time_that_is_shown(outcome: Outcome, words: str) -> None:
    assert durations.took(outcome) == words
