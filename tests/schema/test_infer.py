"""A schema made from data is one that the data fits; what was declared is kept."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.schema import check_schema, diagnose, infer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-2, 2) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=2 * settings().max_examples)
@given(st.lists(JSON, min_size=1, max_size=4), st.none() | st.lists(JSON, min_size=1, max_size=2).map(infer))
def test_every_sample_fits(samples: list[Any], declared: Any) -> None:
    schema = infer(samples, declared)
    assert not check_schema(schema)
    assert [value for value in samples if not diagnose(schema, value).valid] == []


def test_declared_words_order_and_limits_are_kept() -> None:
    declared = {
        "type": "object",
        "description": "A person.",
        "properties": {
            "name": {"type": "string", "description": "How they are called.", "minLength": 1},
            "age": {"type": "integer"},
            "unseen": {"type": "boolean"},
        },
        "required": ["name", "age"],
    }
    merged = infer([{"name": "x", "age": None, "tags": ["a"]}, {"name": "y"}], declared)
    assert merged == {
        "type": "object",
        "description": "A person.",
        "properties": {
            "name": {"type": "string", "description": "How they are called.", "minLength": 1},
            "age": {"type": ["integer", "null"]},
            "unseen": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["name"],
    }


def test_a_limit_that_a_sample_breaks_goes_and_the_words_stay() -> None:
    declared = {"type": "object", "properties": {"n": {"type": "integer", "maximum": 5, "description": "N."}}}
    assert infer([{"n": 7}], declared)["properties"] == {"n": {"type": "integer", "description": "N."}}


def test_nothing_seen_is_what_was_declared() -> None:
    assert infer([], {"type": "object", "required": ["a"]}) == {"type": "object", "required": ["a"]}
    assert infer([{"a": 1}]) == {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
