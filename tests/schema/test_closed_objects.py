"""Schemas that nothing can satisfy, or whose rounding rejects valid numbers: found by the lint and by the verdict."""

from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.schema import ErrorSource, diagnose, find_verdict
from workbench.schema.lint import lint

CODES = ("schema-unsatisfiable", "schema-closed", "schema-multiple-of-decimal")
TEXT = {"type": "string"}
CLOSED = {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False}


def found(schema: Any) -> list[tuple[str, str]]:
    return [(each.code, each.pointer) for each in lint(schema) if each.code in CODES]


def closed(*names: str, **more: Any) -> dict[str, Any]:
    return {"properties": dict.fromkeys(names, TEXT), "additionalProperties": False} | more


@each_case(
    ("schema", "expected"),
    [
        (CLOSED | {"allOf": [{"required": ["b"]}]}, [("schema-unsatisfiable", "/allOf/0/required/0")]),
        (CLOSED | {"if": {}, "then": {"required": ["a", "b"]}}, [("schema-closed", "/then/required/1")]),
        (CLOSED | {"if": {}, "else": {"properties": {"b": TEXT}}}, [("schema-closed", "/else/properties/b")]),
        (CLOSED | {"dependencies": {"a": {"required": ["b"]}}}, [("schema-closed", "/dependencies/a/required/0")]),
        (CLOSED | {"oneOf": [{"required": ["b"]}, {"required": ["a"]}]}, [("schema-closed", "/oneOf/0/required/0")]),
        ({"required": ["type"], "oneOf": [closed("a"), closed("b", "type")]}, [("schema-closed", "/required/0")]),
        ({"allOf": [closed("a", required=["a"]), closed("b", required=["b"])]},
         [("schema-unsatisfiable", "/allOf/1/required/0"), ("schema-unsatisfiable", "/allOf/0/required/0")]),
        ({"allOf": [closed("a"), closed("b")]},
         [("schema-closed", "/allOf/1/properties/b"), ("schema-closed", "/allOf/0/properties/a")]),
        ({"definitions": {"base": closed("a")}, "allOf": [{"$ref": "#/definitions/base"}, {"required": ["b"]}]},
         [("schema-unsatisfiable", "/allOf/1/required/0")]),
        ({"properties": {"inner": CLOSED | {"allOf": [{"required": ["b"]}]}}},
         [("schema-unsatisfiable", "/properties/inner/allOf/0/required/0")]),
        ({"type": "number", "multipleOf": 0.01}, [("schema-multiple-of-decimal", "/multipleOf")]),
    ],
)  # fmt: skip
def test_the_lint_finds_it(schema: Any, expected: list[tuple[str, str]]) -> None:
    assert found(schema) == expected


@each_case(
    "schema",
    [
        CLOSED | {"allOf": [{"required": ["a"]}]},
        CLOSED | {"if": {"required": ["a"]}, "then": {"properties": {"a": {"minLength": 1}}}},
        CLOSED | {"then": {"required": ["b"]}},
        CLOSED | {"not": {"required": ["b"]}},
        CLOSED | {"allOf": [{"properties": {"b": False}}]},
        CLOSED | {"patternProperties": {"^b": TEXT}, "allOf": [{"required": ["b"]}]},
        {"oneOf": [closed("a", required=["a"]), closed("b", required=["b"])]},
        {"properties": {"type": TEXT, "a": TEXT}, "oneOf": [closed("type", "a"), closed("type")]},
        {"allOf": [{"required": ["a"]}, {"properties": {"a": TEXT}}]},
        {"definitions": {"node": {"allOf": [{"$ref": "#/definitions/node"}]}}, "$ref": "#/definitions/node"},
        {"type": "number", "multipleOf": 0.5},
        {"type": "number", "multipleOf": 5},
        {"type": "number", "multipleOf": 0.25},
        {"multipleOf": "0.01", "allOf": 5, "dependencies": [], "required": 7, "additionalProperties": False},
    ],
)
def test_the_lint_leaves_others_alone(schema: Any) -> None:
    assert found(schema) == []


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (CLOSED | {"allOf": [{"required": ["b"]}]}, {"a": "x"}),
        (CLOSED | {"allOf": [{"required": ["b"]}]}, {"a": "x", "b": "y"}),
        (CLOSED | {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": "x"}),
        ({"allOf": [closed("a", required=["a"]), closed("b", required=["b"])]}, {"a": "x", "b": "y"}),
        ({"properties": {"price": {"multipleOf": 0.01}}}, {"price": 19.99}),
    ],
)
def test_the_verdict_is_the_schema(schema: Any, value: Any) -> None:
    verdict = find_verdict(schema, value)
    assert verdict.source is ErrorSource.SCHEMA
    assert verdict.reasons[0].code in CODES


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (CLOSED | {"allOf": [{"required": ["b"]}]}, {"a": 7, "b": "y"}),
        ({"properties": {"price": {"multipleOf": 0.01}}}, {"price": 19.995}),
        (CLOSED, {"b": 1}),
    ],
)
def test_other_errors_are_the_datas(schema: Any, value: Any) -> None:
    errors = [error for error in diagnose(schema, value).errors if error.pointer in ("/a", "/price", "/b")]
    from workbench.schema import Diagnosis

    assert find_verdict(schema, value, (), Diagnosis(valid=False, errors=tuple(errors[:1]))).source is ErrorSource.DATA


def test_definitions_that_double_at_each_step_end_soon() -> None:
    definitions: dict[str, Any] = {"d0": CLOSED}
    for step in range(1, 30):
        definitions[f"d{step}"] = {"oneOf": [{"$ref": f"#/definitions/d{step - 1}"}] * 2}
    assert found({"definitions": definitions, "$ref": "#/definitions/d29"}) == []


def test_the_message_names_the_rounding() -> None:
    [error] = diagnose({"multipleOf": 0.01}, 19.99).errors
    assert error.message.endswith("As a decimal number it is one, but it is rejected because of binary rounding.")
    [error] = diagnose({"multipleOf": 0.01}, 19.995).errors
    assert "rounding" not in error.message
