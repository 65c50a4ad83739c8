"""JSON that was cut anywhere is completed to what surely was in it."""

import json
from typing import Any

import pytest

from workbench.jsondoc.cut_text import complete

TEXT = '{"a": [1, -2.5e3, {"b \\"{[,": "c\\\\"}], "é": {}, "d": [[], null, "x,]"], "last": 12}'


def is_beginning(part: Any, whole: Any) -> bool:
    """Whether a value has nothing that another does not have at that place."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and is_beginning(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and all(map(is_beginning, part, whole)) and len(part) <= len(whole)
    return bool(part == whole)


def test_each_beginning_of_a_text_is_a_beginning_of_its_value() -> None:
    whole = json.loads(TEXT)
    for end in range(1, len(TEXT) + 1):
        made = complete(TEXT[:end])
        assert is_beginning(json.loads(made), whole), TEXT[:end]
    assert json.loads(complete(TEXT)) == whole
    assert json.loads(complete(TEXT[:-2])) == {key: whole[key] for key in ("a", "é", "d")}


@pytest.mark.parametrize("text", ["", "12", '"x', "]", "{]", "}{"])
def test_what_is_no_beginning_of_a_value_with_brackets_gives_nothing(text: str) -> None:
    assert complete(text) == ""
