"""The words for the trial of a suggested fix."""

import pytest

from workbench.explain.fix_trials import describe_trial
from workbench.schema import Fix, Target


@pytest.mark.parametrize(
    ("counts", "where", "words"),
    [
        ((0, 0, 0), "output", "Fixes this error."),
        ((1, 0, 0), "input", "Fixes this error; 1 other remains."),
        ((2, 4, 2), "output", "Fixes this error; 2 others remain. 2 of 4 earlier results pass with it."),
        ((0, 3, 3), "auth", "Fixes this error. All of 3 earlier auth values pass with it."),
        ((0, 1, 1), "input", "Fixes this error. 1 of 1 earlier input passes with it."),
    ],
)
def test_a_trial_in_words(counts: tuple[int, int, int], where: str, words: str) -> None:
    assert describe_trial(Fix(Target.SCHEMA, [], "Allow null", *counts), where) == words
