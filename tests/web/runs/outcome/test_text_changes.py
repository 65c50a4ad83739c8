"""Changes from one text to the next give that text, and are few where lines are added."""

import json

from hypothesis import given
from hypothesis import strategies as st

from workbench.web.runs.outcome.text_changes import Change, text_changes

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "a long line", "é 🔑"]), max_size=12).map("\n".join)


def changed(old: str, changes: list[Change]) -> str:
    lines = old.split("\n")
    parts = ([part] if isinstance(part, str) else lines[part[0] : part[0] + part[1]] for part in changes)
    return "\n".join(line for part in parts for line in part)


@given(old=LINES, new=LINES)
def test_the_changes_make_the_new_text(old: str, new: str) -> None:
    assert changed(old, text_changes(old, new)) == new


def test_a_window_that_moves_costs_what_is_new() -> None:
    lines = [f"<li>{number} the same text</li>" for number in range(1_100)]
    old, new = "\n".join(["<ol>", *lines[:1_000], "</ol>"]), "\n".join(["<ol>", *lines[50:1_050], "</ol>"])
    changes = text_changes(old, new)
    assert changed(old, changes) == new
    assert len(json.dumps(changes)) < 50 * 40
