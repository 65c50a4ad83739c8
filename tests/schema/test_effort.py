"""Alternatives within alternatives: the work stays bounded, the first error right, and what was left out is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from workbench.domain import ErrorCode
from workbench.jsondoc import pointer as pointers
from workbench.schema import closest_branch, diagnose, find_fixes, guarded_validator, is_valid
from workbench.schema.effort import Effort, EffortSpent, limited
from workbench.schema.violations import explain_violations

KINDS = ("paragraph", "heading", "quote", "list", "table", "image")


def rich_text() -> dict[str, Any]:
    """A document of blocks, each of six kinds and with blocks within it."""
    children = {"type": "array", "items": {"$ref": "#/definitions/block"}}
    kinds = [
        {"type": "object", "properties": {"type": {"const": kind}, "children": children}, "required": ["type"]}
        for kind in KINDS
    ]
    return {"properties": {"blocks": children}, "definitions": {"block": {"anyOf": kinds}}}


def nested(depth: int, innermost: Any) -> dict[str, Any]:
    block = innermost
    for level in range(depth):
        block = {"type": KINDS[level % len(KINDS)], "children": [block]}
    return {"blocks": [block]}


def doubled(keyword: str, count: int) -> dict[str, Any]:
    """Definitions of which each has the one before it twice."""
    definitions: dict[str, Any] = {"d0": {"type": "string"}}
    for index in range(1, count + 1):
        definitions[f"d{index}"] = {keyword: [{"$ref": f"#/definitions/d{index - 1}"}] * 2}
    return {"$ref": f"#/definitions/d{count}", "definitions": definitions}


@pytest.mark.parametrize("depth", [2, 6, 30])
def test_the_first_error_of_a_nested_document_is_at_its_place(depth: int) -> None:
    found = diagnose(rich_text(), nested(depth, {"type": "nope"}))
    assert not found.valid
    assert found.errors[0].pointer == pointers.build(["blocks", 0, *["children", 0] * depth, "type"])
    assert found.errors[0].branch_count == len(KINDS)


def test_a_document_that_took_too_many_steps_says_so() -> None:
    shallow, deep = (diagnose(rich_text(), nested(depth, {"type": "nope"})) for depth in (1, 8))
    assert [error.code for error in shallow.errors] == [ErrorCode.KEYWORD]
    assert [error.code for error in deep.errors] == [ErrorCode.KEYWORD, ErrorCode.ALTERNATIVES]
    assert deep.errors[0].cut
    assert deep.errors[1].schema_pointer.startswith("/definitions/block")
    assert deep.errors[1].message.startswith("The schema has too many alternatives to compare them all")


def test_a_valid_nested_document_is_valid_at_any_depth() -> None:
    assert diagnose(rich_text(), nested(30, {"type": "image"})).errors == ()
    assert is_valid(rich_text(), nested(30, {"type": "image"}))
    assert not is_valid(rich_text(), nested(30, {"type": "nope"}))


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("oneOf", "text"),
        ("anyOf", "text"),
        ("allOf", 5),
        pytest.param("oneOf", 5, marks=pytest.mark.exhaustive),
        pytest.param("anyOf", 5, marks=pytest.mark.exhaustive),
        pytest.param("allOf", "text", marks=pytest.mark.exhaustive),
    ],
)
def test_definitions_that_double_end(keyword: str, value: Any) -> None:
    schema = doubled(keyword, 24)
    found = diagnose(schema, value)
    valid = isinstance(value, str) and keyword != "oneOf"
    assert found.valid == is_valid(schema, value) == valid
    assert [error.code for error in found.errors][1:] == ([] if valid else [ErrorCode.ALTERNATIVES])


def test_where_economy_does_not_help_the_error_names_the_alternatives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.schema.effort.ECONOMICAL", 10)
    (error,) = diagnose(rich_text(), nested(8, {"type": "nope"})).errors
    assert (error.code, error.in_schema) == (ErrorCode.ALTERNATIVES, False)


def test_the_form_opens_a_branch_of_a_nested_document() -> None:
    schema = rich_text()
    value = nested(12, {"type": "nope"})["blocks"][0]
    branches = schema["definitions"]["block"]["anyOf"]
    assert closest_branch(schema, branches, value) == KINDS.index(value["type"])


def test_fixes_of_a_nested_document_are_tried() -> None:
    schema, value = rich_text(), nested(6, {"type": "image", "children": "text"})
    (fix,) = find_fixes(schema, value, diagnose(schema, value).errors[0])
    assert fix.patch == ({"op": "remove", "path": pointers.build(["blocks", 0, *["children", 0] * 6, "children"])},)


COMBINATIONS = st.sampled_from(["anyOf", "oneOf", "allOf"])
UNIONS = st.recursive(
    st.sampled_from([{"type": "string"}, {"type": "integer"}, {"const": "a"}, {"minimum": 3}, {"required": ["a"]}]),
    lambda inner: st.one_of(
        st.builds(
            lambda key, parts: {key: parts},
            st.sampled_from(["anyOf", "oneOf", "allOf"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda part: {"properties": {"a": part}}, inner),
        st.builds(lambda part: {"items": part}, inner),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda one, two, three: {"if": one, "then": two, "else": three}, inner, inner, inner),
    ),
    max_leaves=8,
)
VALUES = st.recursive(
    st.sampled_from(["a", "b", 1, 5, None, True]),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), inner)),
    max_leaves=6,
)


@given(schema=UNIONS, value=VALUES)
def test_with_economy_the_verdict_and_the_first_place_are_the_same(schema: Any, value: Any) -> None:
    whole = guarded_validator.make_validator(schema)
    with limited(Effort(100_000, economical=True)):
        found = guarded_validator.run(whole, value, most=100)
        errors = explain_violations(found.errors, schema)
    assert found.is_clean == Draft7Validator(schema).is_valid(value) == (not errors)
    thorough = diagnose(schema, value).errors
    assert {error.keyword for error in errors} == {error.keyword for error in thorough}


def test_the_work_ends_when_the_steps_are_spent() -> None:
    schema = doubled("oneOf", 24)
    with limited(Effort(500)), pytest.raises(EffortSpent):
        guarded_validator.run(guarded_validator.make_validator(schema), "text", most=10)
