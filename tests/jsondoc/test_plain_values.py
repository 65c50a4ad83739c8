"""A value is plain where JSON written of it reads as the same value, type by type."""

import json
import math
from collections import OrderedDict
from enum import StrEnum
from typing import Any

from tests.case_tables import each_case
from workbench.jsondoc.plain_values import is_plain


class Word(StrEnum):
    A = "a"


class Held:
    """An instance that is still there, whose ``__dict__`` the collector does not look into."""

    def __init__(self, x: object) -> None:
        self.x = x


HELD_TUPLE, HELD_LIST = Held((1,)), Held([1, "a"])


@each_case(
    ("value", "plain", "exact"),
    [
        ({"a": [1, 2.5, "x", None, True], "b": {}}, True, True),
        ([], True, True),
        (None, True, True),
        ([2**53, "x"], True, False),
        ([-(2**53)], True, False),
        ([1e16, 1], True, False),
        ([True, 2**53 - 1], True, True),
        *(([1, odd, 2.0], False, False) for odd in (math.nan, math.inf, (1,), {1: 2}, {None: 1}, {1}, b"x", Word.A)),
        ({"a": [{"b": OrderedDict()}]}, False, False),
        ({Word.A: 1}, False, False),
        (vars(HELD_TUPLE), False, False),
        (vars(HELD_LIST), True, True),
        ([{"a": 1}] * 20, True, True),
        ([*[{"a": 1}] * 20, {1: "a"}], False, False),
        ([[1, 2], [math.nan, 0.5], {"a": 3}], False, False),
    ],
)
@each_case("within", [lambda value: value, lambda value: [{"k": value}, 1]])
def test_a_value_of_json_types_is_plain(value: Any, plain: bool, exact: bool, within: Any) -> None:
    whole = within(value)
    assert (is_plain(whole, levels=20), is_plain(whole, levels=20, exact=True)) == (plain, exact)
    assert not plain or json.loads(json.dumps(whole)) == whole


def test_what_has_more_levels_is_not() -> None:
    value: Any = "x"
    for _ in range(10):
        value = [value]
    assert is_plain(value, levels=11)
    assert not is_plain(value, levels=10)
    assert is_plain([[1] * 5_000] * 3, levels=3)
    endless: list[Any] = []
    endless += [endless, endless]
    assert not is_plain(endless, levels=20)
