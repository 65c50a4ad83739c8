"""All texts of a value at once."""

import pytest

from workbench.domain import JSON, MaskedText
from workbench.jsondoc.texts import texts_of


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (None, []),
        (5, []),
        ("a", ["a"]),
        ([], []),
        ({"a": ["b", {"c": "d"}], "e": None}, ["a", "b", "c", "d", "e"]),
        ([["a"], ["b", [[[["c"]]]]], 5.5, True], ["a", "b", "c"]),
    ],
)
def test_texts_and_names_are_found(value: JSON, texts: list[str]) -> None:
    found = texts_of(value)
    assert found is not None
    assert sorted(found) == texts


def test_names_that_many_objects_share_are_found_once() -> None:
    found = texts_of([{"id": number, "name": "x"} for number in range(1000)])
    assert found is not None
    assert sorted(found) == ["id", "name", *["x"] * 1000]


def test_a_value_of_any_depth_is_read() -> None:
    value: JSON = "bottom"
    for _ in range(5_000):
        value = [value]
    assert texts_of(value) == ["bottom"]


def test_what_is_more_than_plain_json_is_left_to_a_walk() -> None:
    assert texts_of(["a", MaskedText.whole("key")]) is None
    assert texts_of({"a": (1, 2)}) is None  # type: ignore[dict-item]
