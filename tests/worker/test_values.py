"""Whatever a handler returns has a JSON form, and what was lost on the way is named."""

import enum
import json
import math
import sys
from collections import OrderedDict, UserDict, deque
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType

import pytest
from autohive_integrations_sdk import ActionError, ActionResult, ConnectedAccountInfo, FetchResponse
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import CIMultiDict

from tests.case_tables import each_case
from workbench.domain import Cut, ReplacedValue, Returned
from workbench.events import HandlerReturned, decode, encode
from workbench.worker import values
from workbench.worker.json_text import MAX_DEPTH, json_text


def sent(value: object) -> HandlerReturned:
    """The event of a value, as the worker sends it."""
    conversion = values.convert(value)
    return HandlerReturned(1.0, conversion.returned, None, conversion.text)


def returned(value: object) -> Returned:
    """What the runner has of a value."""
    return decode(encode(sent(value))).returned


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
json_values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(json_values)
@example({"a": [{"b": [[[]], {}]}], "": [None, True, -0.0, 1e300, 10**30]})
def test_json_stays_as_it_is(value) -> None:
    got = returned(value)
    assert json.dumps(got.value) == json.dumps(value)
    assert (got.lossy, got.type_name) == ((), type(value).__name__)


class Colour(enum.Enum):
    RED = 1


class Size(enum.IntEnum):
    BIG = 7


class Word(enum.StrEnum):
    HI = "hi"


@dataclass
class Point:
    x: int
    y: object


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class HostileDict(UserDict[str, int]):
    def items(self):
        raise RuntimeError("no")


POINT = Point(1, (2,))

REPLACED = [
    ({"a": float("nan")}, {"a": "nan"}, [("/a", "nan")]),
    ([math.inf, -math.inf], ["inf", "-inf"], [("/0", "inf"), ("/1", "-inf")]),
    ((1, 2), [1, 2], [("", "(1, 2)")]),
    ({"t": (1,)}, {"t": [1]}, [("/t", "(1,)")]),
    ({1: "a", None: "b", (2, 3): "c"}, {"1": "a", "None": "b", "(2, 3)": "c"}, ["/1", "/None", "/(2, 3)"]),
    ({"1": "text", 1: "number"}, {"1": "text", "1'": "number"}, ["/1'"]),
    ({"a/b~c": {1}}, {"a/b~c": "{1}"}, [("/a~1b~0c", "{1}")]),
    (b"\x00raw", "b'\\x00raw'", [""]),
    (datetime(2026, 1, 2, tzinfo=UTC), "datetime.datetime(2026, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)", [""]),
    (Decimal("1.5"), "Decimal('1.5')", [""]),
    ([Colour.RED], ["<Colour.RED: 1>"], ["/0"]),
    ([vars(POINT)], [{"x": 1, "y": [2]}], [("/0/y", "(2,)")]),
    (Point(1, {2}), {"x": 1, "y": "{2}"}, ["", "/y"]),
    (MappingProxyType({"a": 1}), {"a": 1}, [""]),
    (Point, "<class 'tests.worker.test_values.Point'>", [""]),
    (deque([1]), "deque([1])", [""]),
    ("lone \ud800", "lone \ufffd", [""]),
    ({"k\udfff": 1}, {"k\ufffd": 1}, ["/k\ufffd"]),
]


@each_case(("value", "expected", "lossy"), REPLACED)
def test_what_is_not_json_is_replaced_and_named(value, expected, lossy) -> None:
    got = returned(value)
    assert json.dumps(got.value) == json.dumps(expected)
    assert [
        (part.pointer, part.text) if isinstance(one, tuple) else part.pointer
        for part, one in zip(got.lossy, lossy, strict=True)
    ] == lossy


@each_case(
    ("value", "name"),
    [
        (datetime(2026, 1, 2, tzinfo=UTC), "datetime.datetime"),
        (Decimal(1), "decimal.Decimal"),
        ({1}, "set"),
        (b"x", "bytes"),
        (math.nan, "float"),
        (Point, "type"),
        (Colour, "type"),
        (Colour.RED, f"{__name__}.Colour"),
    ],
)
def test_the_type_of_what_was_replaced_is_named(value, name: str) -> None:
    assert [part.type_name for part in returned([value]).lossy] == [name]


def test_what_only_looks_different_is_not_named() -> None:
    value = {"size": Size.BIG, "word": Word.HI, "ordered": OrderedDict(a=1), "yes": True}
    got = returned(value)
    assert json.dumps(got.value) == '{"size": 7, "word": "hi", "ordered": {"a": 1}, "yes": true}'
    assert got.lossy == ()
    assert {type(one) for one in got.value.values()} == {int, str, dict, bool}


def test_a_repr_that_fails() -> None:
    got = returned([Hostile()])
    assert "Hostile" in got.value[0]
    assert [part.pointer for part in got.lossy] == ["/0"]


def test_the_wrappers_of_the_sdk_are_taken_off() -> None:
    result = returned(ActionResult({"a": (1,)}, 0.5))
    assert (result.type_name, result.value, result.cost_usd) == ("ActionResult", {"a": [1]}, 0.5)
    assert result.lossy == (ReplacedValue("/a", "tuple", "(1,)"),)
    assert returned(ActionResult(1, float("nan"))).cost_usd is None
    error = returned(ActionError("no", 1))
    assert (error.type_name, error.value, error.cost_usd, error.lossy) == ("ActionError", "no", 1.0, ())
    account = returned(ConnectedAccountInfo(email="a@b.c"))
    assert (account.type_name, account.value["email"], account.lossy) == ("ConnectedAccountInfo", "a@b.c", ())


def test_a_fetch_response_is_no_json_but_is_shown() -> None:
    got = returned(FetchResponse(200, {"A": "b"}, {"c": 1}))
    assert (got.type_name, got.value) == ("FetchResponse", {"status": 200, "headers": {"A": "b"}, "data": {"c": 1}})
    assert [part.pointer for part in got.lossy] == [""]
    assert returned({"headers": CIMultiDict(A="b")}).value == {"headers": {"A": "b"}}


def test_a_value_that_holds_itself() -> None:
    loop: dict[str, object] = {"a": []}
    loop["a"].append(loop)
    got = returned(loop)
    assert [part.pointer for part in got.lossy] == ["/a/0"]
    shared = [1]
    assert returned([shared, shared]).lossy == ()


def test_a_value_that_is_nested_too_deep() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    got = returned(deep)
    (part,) = got.lossy
    assert part.pointer.count("/0") == MAX_DEPTH
    assert got.size == len(json.dumps(got.value, ensure_ascii=False, separators=(",", ":")).encode())


def test_a_mapping_that_fails() -> None:
    got = returned({"a": HostileDict()})
    assert [part.pointer for part in got.lossy] == ["/a", "/a"]


@pytest.mark.parametrize("number", [10**4000, -(10**4000), 10**5000, 1 << 200_000], ids=["+", "-", "more", "most"])
def test_integers_of_any_length(number) -> None:
    got = returned({"n": number})
    assert got.value == {"n": number} or [part.pointer for part in got.lossy] == ["/n"]
    assert got.size == len(json.dumps(got.value, ensure_ascii=False, separators=(",", ":")).encode())


def test_a_huge_value_is_cut(monkeypatch) -> None:
    monkeypatch.setattr(values, "MAX_BYTES", 1000)
    members = {str(number): number for number in range(5000)}
    for whole in ({"text": "é" * 5000, "more": [1]}, list(range(5000)), members):
        got = returned(whole)
        size = len(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())
        assert got.cut == Cut(got.size, size)
        assert 500 < got.size < 1500
        assert got.lossy == ()
    assert returned({"a": "x" * 900}).cut is None
    odd = returned([(1,), "x" * 5000])
    assert (odd.cut, [part.pointer for part in odd.lossy]) == (Cut(odd.size), ["/0"])


NOT_PLAIN = [(1, 2), {1: 2}, {None: 1}, {"a": {True: 1}}, math.nan, [math.inf], "\ud800", {"\ud800": 1}, {1}]


@each_case("value", NOT_PLAIN)
def test_what_is_not_json_is_walked(value: object) -> None:
    assert json_text(value) is None
    assert returned([value]).lossy


def test_the_named_places_have_an_end() -> None:
    assert len(returned([{1}] * 5000).lossy) == values.MAX_LOSSY


odd_scalars = st.binary() | st.sampled_from([Colour.RED, {1}, object, math.nan, Decimal(1)])
odd_values = st.recursive(
    odd_scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.integers() | st.text(), inner) | st.tuples(inner),
)


@given(odd_values)
def test_anything_survives_the_wire(value) -> None:
    json.dumps(returned(value).value, allow_nan=False).encode()


def test_the_limit_on_digits_is_pythons() -> None:
    assert sys.get_int_max_str_digits() >= values.MAX_DIGITS


def test_one_letter_beyond_ascii_does_not_make_a_long_text_six_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MAX_BYTES", 1000)
    text = "a" * 800 + "é"
    made = returned({"text": text, "done": True})
    assert (made.value, made.lossy) == ({"text": text, "done": True}, ())
