"""Odd values of handlers that could break what carries them: the run keeps what it had, and ends as it did."""

import json
from dataclasses import asdict

import pytest
from autohive_integrations_sdk import ActionError, ActionResult, ValidationError

from tests.case_tables import each_case
from workbench.domain import ContractVersion, Returned, Status
from workbench.events import HandlerReturned, decode, encode
from workbench.worker.errors import describe
from workbench.worker.source import OwnCode
from workbench.worker.values import convert, cost_of

V2 = ContractVersion.V2


def returned(value: object) -> Returned:
    """What the runner has of a value."""
    conversion = convert(value)
    return decode(encode(HandlerReturned(1.0, conversion.returned, None, conversion.text))).returned


ODD_COSTS = {
    '"x"': "'x'",
    'float("nan")': "nan",
    'float("inf")': "inf",
    "True": "True",
    '__import__("decimal").Decimal("0.5")': "Decimal('0.5')",
    "10 ** 400": "1000",
    '{"usd": 1}': "{'usd': 1}",
    '"\\ud800"': "\\ud800",
    'type("C", (), {"__repr__": lambda self: 1 / 0})()': "C ",
}


@each_case("cost", ODD_COSTS)
def test_a_cost_that_is_no_number_is_named(cost: str) -> None:
    kept, odd = cost_of(ActionResult({}, eval(cost)))
    assert kept is None
    assert ODD_COSTS[cost] in odd.text


@pytest.mark.parametrize("cost", ['"x"', '__import__("decimal").Decimal("0.5")', "10 ** 400"])
def test_such_a_cost_takes_nothing_else_with_it(integration, run, cost: str) -> None:
    seen = run(integration(f'return ActionResult({{"n": 1}}, {cost})', contract=V2))
    assert (seen.finished.status, seen.finished.cost_usd) == (Status.SUCCEEDED, None)
    assert seen.outcome.result == {"n": 1}
    assert seen.outcome.returned.cost_usd is None
    assert ODD_COSTS[cost] in seen.outcome.returned.odd_cost.text
    assert seen.code == 0


def test_the_cost_of_an_error_is_looked_at_too(integration, run) -> None:
    seen = run(integration('return ActionError("no luck", "free")', contract=V2))
    assert (seen.finished.status, seen.finished.cost_usd) == (Status.ACTION_ERROR, None)
    assert (seen.outcome.returned.value, seen.outcome.returned.odd_cost.text) == ("no luck", "'free'")


@pytest.mark.parametrize(("cost", "kept"), [(0.5, 0.5), (0, 0.0), (-1, -1.0), (None, None)])
def test_a_cost_that_is_a_number_is_kept(cost: float | None, kept: float | None) -> None:
    assert cost_of(ActionError("no", cost)) == (kept, None)
    assert cost_of({"cost_usd": "x"}) == (None, None)


RAISING = {
    'raise ValueError(b"\\xff")': ("ValueError", "b'\\xff'"),
    'raise ValueError("a\\ud800b")': ("ValueError", "a�b"),
    'raise ValueError(type("S", (str,), {})("sub"))': ("ValueError", "sub"),
    'raise ValueError("a\\0b")': ("ValueError", "a\0b"),
    'raise type("E", (Exception,), {"__str__": lambda self: 1 / 0})()': ("E", "fail"),
    'raise type("E", (Exception,), {"__str__": lambda self: 5})()': ("E", "fail"),
    'raise type("E", (Exception,), {"__module__": 5})("m")': ("E", "m"),
    'raise type("E\\0".strip(chr(0)), (Exception,), {"__notes__": 5})("m")': ("E", "m"),
    'raise SyntaxError("m", (b"f", "x", 1, "t"))': ("SyntaxError", "m"),
    'raise SyntaxError("m", ("f\\0", 3, 1, b"t"))': ("SyntaxError", "m"),
    'raise SyntaxError("m", ("f", 10 ** 5000, 1, 5))': ("SyntaxError", "m"),
    'raise type("E", (Exception,), {"filename": 5, "lineno": "x"})("m")': ("E", "m"),
    'raise type("E", (SyntaxError,), {"lineno": property(lambda self: 1 / 0)})("m")': ("E", "m"),
    'raise type("E", (SystemExit,), {})(type("C", (), {"__repr__": lambda self: 1 / 0})())': ("E", ""),
    'raise type("V", (ValidationError,), {})(type("C", (), {"__str__": lambda self: 1 / 0})())': ("V", ""),
}


@each_case("body", RAISING)
def test_an_odd_exception_is_told_as_one(body: str) -> None:
    name, message = RAISING[body]
    try:
        exec(body, {"ValidationError": ValidationError})
    except BaseException as error:
        told = describe(error, OwnCode())
    assert name in told.type
    assert message in told.message
    assert name in told.traceback
    json.dumps([told.type, told.message, told.traceback], ensure_ascii=False).encode()


@pytest.mark.parametrize("body", [list(RAISING)[number] for number in (1, 4, -7, -2)])
def test_a_run_that_ends_by_one_says_so(integration, run, body: str) -> None:
    seen = run(integration(body, contract=V2))
    assert (seen.finished.status, seen.code) == (Status.FAILED, 0)
    name, message = RAISING[body]
    assert name in seen.finished.error.type
    assert message in seen.finished.error.message
    assert [frame.function for frame in seen.finished.error.frames][:1] == ["execute"]


RETURNING = {
    'ActionError(type("M", (), {"__str__": lambda self: 1 / 0})())': Status.ACTION_ERROR,
    'ActionError(b"\\xff")': Status.ACTION_ERROR,
    'ActionError("a\\ud800b\\0")': Status.ACTION_ERROR,
    'ActionError(type("S", (str,), {"__str__": lambda self: 5})("x"))': Status.ACTION_ERROR,
    "ActionError(None)": Status.ACTION_ERROR,
    'ActionResult(type("S", (str,), {"__str__": lambda self: 5})("x"))': Status.SUCCEEDED,
    'ActionResult(type("I", (int,), {"__int__": lambda self: "x", "__repr__": lambda self: 5})(3))': Status.SUCCEEDED,
    'ActionResult(type("F", (float,), {"__float__": lambda self: 1 / 0})(3))': Status.SUCCEEDED,
    'ActionResult({type("S", (str,), {"__hash__": lambda self: 1, "__str__": lambda self: 5})("x"): 1})': (
        Status.SUCCEEDED
    ),
    'ActionResult({"a\\0b\\ud800": "\\0"})': Status.SUCCEEDED,
    'ActionResult(type("D", (dict,), {"items": lambda self: 1 / 0})(a=1))': Status.SUCCEEDED,
    'ActionResult(type("L", (list,), {"__len__": lambda self: 1 / 0})([1]))': Status.SUCCEEDED,
    'ActionResult(type("P", (), {"__class__": property(lambda self: 1 / 0)})())': Status.SUCCEEDED,
    'ActionResult(type("P", (), {"__getattribute__": lambda self, name: 1 / 0})())': Status.SUCCEEDED,
    'ActionResult(type("P", (), {"__repr__": lambda self: exit(3)})())': Status.SUCCEEDED,
}


@each_case("value", RETURNING)
def test_an_odd_value_is_carried_as_far_as_it_goes(value: str) -> None:
    kept = returned(eval(value))
    written = json.dumps(asdict(kept), ensure_ascii=False, allow_nan=False)
    assert json.loads(written.encode())["type_name"] == value.partition("(")[0]
    assert type(kept.value) in (str, int, float, dict, list, type(None))


@pytest.mark.parametrize("value", [list(RETURNING)[number] for number in (0, 3, -3, -1)])
def test_a_run_that_returns_one_ends_as_it_would(integration, run, value: str) -> None:
    seen = run(integration(f"return {value}", contract=V2))
    assert (seen.finished.status, seen.code) == (RETURNING[value], 0)
    got, here = seen.outcome.returned, returned(eval(value))
    assert got.value == here.value or "0x" in str(got.value)
    assert [part.pointer for part in got.lossy] == [part.pointer for part in here.lossy]
