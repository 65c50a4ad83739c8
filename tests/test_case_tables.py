"""A table of cases fails with each case that fails, and with its name."""

import inspect

import pytest

from tests.case_tables import each_case


def test_all_cases_are_tried_and_those_that_fail_are_named() -> None:
    tried = []

    @each_case("factor", [1, 2])
    @each_case(("number", "product"), [(3, 3), (4, 5)])
    def check(number: int, product: int, factor: int, log: list[int]) -> None:
        log.append(number)
        assert number * factor == product

    assert list(inspect.signature(check).parameters) == ["log"]
    with pytest.raises(ExceptionGroup, match="2 of 2 cases failed") as failed:
        check(log=tried)
    assert tried == [3, 4, 3, 4]
    one, both = failed.value.exceptions
    assert one.__notes__ == ["In the case {'number': 4, 'product': 5}", "In the case {'factor': 1}"]
    assert isinstance(both, ExceptionGroup) and both.__notes__ == ["In the case {'factor': 2}"]


def test_a_table_without_cases_is_an_error() -> None:
    with pytest.raises(AssertionError, match="holds nothing"):
        each_case("name", [])
