"""Both compiled validators, of the workbench and of the SDK, are held to one table of cases."""

from typing import Any

import pytest
from autohive_integrations_sdk._fast_validator import compile_validator
from jsonschema import Draft7Validator

from tests.case_tables import each_case
from tests.compiled_cases import SAFE, SAFE_FOR_SDK, UNSAFE, UNSAFE_VALUES
from workbench.schema.compiled import compile_check


@each_case(("schema", "value", "valid"), SAFE)
def test_both_decide_what_is_safe_as_jsonschema_does(schema: Any, value: Any, valid: bool) -> None:
    accepts, of_sdk = compile_check(schema), compile_validator(schema)
    assert accepts is not None and of_sdk is not None
    assert (Draft7Validator(schema).is_valid(value), accepts(value), of_sdk(value)) == (valid,) * 3


@each_case(("schema", "value", "valid"), SAFE_FOR_SDK)
def test_the_sdk_decides_more(schema: Any, value: Any, valid: bool) -> None:
    of_sdk = compile_validator(schema)
    assert of_sdk is not None
    assert (Draft7Validator(schema).is_valid(value), of_sdk(value)) == (valid, valid)


@each_case("schema", UNSAFE)
def test_the_workbench_leaves_what_is_unsafe_and_the_sdk_is_never_wrong(schema: Any) -> None:
    assert compile_check(schema) is None
    of_sdk = compile_validator(schema)
    values = ("a", 1, True, 2.5, 2**53, None, [], [1], ["a", "a"], [True], {}, {"a": 1, "ab": "x"}, *UNSAFE_VALUES)
    accepted = [value for value in values if of_sdk is not None and of_sdk(value)]
    assert all(Draft7Validator(schema).is_valid(value) for value in accepted)


@pytest.mark.parametrize(
    "value",
    UNSAFE_VALUES,
    ids=lambda value: f"{type(value).__name__}-{value}" if type(value) is not object else "object",
)
def test_neither_is_wrong_about_python_values(value: Any) -> None:
    """The workbench leaves all of them to ``Draft7Validator``, the SDK those that a rule reads."""
    for schema in ({}, {"type": ["array", "object", "number", "string"]}):
        accepts, of_sdk = compile_check(schema), compile_validator(schema)
        assert accepts is not None and of_sdk is not None
        for data in (value, [value]):
            assert not accepts(data)
            assert not of_sdk(data) or Draft7Validator(schema).is_valid(data)
