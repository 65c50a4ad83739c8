"""Production messages in the shapes that people paste them."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.case_tables import each_case
from workbench.schema import diagnose, diagnose_report, read_report, says

INPUT = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
OUTPUT = {"type": "object", "properties": {"data": {"type": "object"}, "n": {"type": "integer"}}, "required": ["data"]}
ERROR = {"message": "5 is not of type 'integer'", "property": "n", "value": "x", "source": "output"}
RESULT = {"version": "2.0.1", "type": "validation_error", "result": ERROR}


@each_case(
    "text",
    [json.dumps(RESULT), json.dumps(RESULT, indent=2), str(RESULT), f"2026-01-01 ERROR {RESULT}", json.dumps([RESULT]),
     json.dumps(ERROR), json.dumps(json.dumps(RESULT)), json.dumps(json.dumps(RESULT))[1:-1],
     f"ActionResult(data={RESULT})", f"error [404]: {json.dumps(RESULT)} at 10:00 {{x}}"],
)  # fmt: skip
def test_a_report_is_read_in_any_wrapping(text: str) -> None:
    report = read_report(text)
    assert (report.source, report.property, report.value) == ("output", "n", "x")
    pasted = diagnose_report(text, {"n": "x"}, {"input": INPUT, "output": OUTPUT})
    assert pasted.source == "output"
    assert [error.pointer for error in pasted.diagnosis.errors] == ["/n", "/data"]
    assert pasted.matching is not None and pasted.matching.pointer == "/n"


@pytest.mark.parametrize("value", ["NaN", "Infinity", '{"a": 1, "a": 2}'])
def test_a_report_is_read_although_its_value_is_not_strict_json(value: str) -> None:
    report = read_report(json.dumps(ERROR).replace('"x"', value))
    assert (report.message, report.source, report.property) == ("5 is not of type 'integer'", "output", "n")


def test_bare_text_is_matched_by_the_names_it_quotes() -> None:
    pasted = diagnose_report("'url' is a required property", {"uri": "x"}, {"input": INPUT, "output": OUTPUT})
    assert pasted.source == "input"
    assert pasted.matching is not None and pasted.matching.pointer == "/url"


def test_where_nothing_is_said_the_violated_schema_is_taken() -> None:
    pasted = diagnose_report("it broke", {"data": {}}, {"output": OUTPUT, "input": INPUT})
    assert (pasted.source, [error.pointer for error in pasted.diagnosis.errors]) == ("input", ["/url"])


@pytest.mark.parametrize(
    ("message", "source", "pointer"),
    [
        ("'x' is not of type 'integer'", "output", "/n"),
        ("'url' is a required property", "input", "/url"),
        ("something else", "output", "/n"),  # it shares more names
    ],
)
def test_the_side_is_the_one_whose_error_the_message_is(message: str, source: str, pointer: str) -> None:
    pasted = diagnose_report(message, {"n": "x", "data": {}}, {"input": INPUT, "output": OUTPUT})
    assert pasted.source == source
    assert pasted.matching is not None and pasted.matching.pointer == pointer


@each_case(
    ("schema", "value"),
    [
        ({"type": "number"}, "x"),
        ({"enum": ["a"]}, "b"),
        ({"pattern": "^a"}, "b"),
        ({"minimum": 3}, 2),
        ({"exclusiveMaximum": 2}, 2),
        ({"multipleOf": 2}, 3),
        ({"minLength": 2}, "a"),
        ({"maxItems": 1}, [1, 2]),
        ({"uniqueItems": True}, [1, 1]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1),
        ({"not": {"type": "string"}}, "a"),
    ],
)
def test_the_messages_of_the_library_are_known(schema: Any, value: Any) -> None:
    declared = {"type": "object", "properties": {"v": schema}}
    (raised,) = Draft7Validator(declared).iter_errors({"v": value})
    (error,) = diagnose(declared, {"v": value}).errors
    assert says(raised.message, error, {"v": value})
    assert not says(raised.message, error, {"v": "another"})


@pytest.mark.parametrize("text", ["", "{", "{'a': }", "[]", '{"message": 5}', "(" * 10_000])
def test_whatever_is_pasted_is_read(text: str) -> None:
    pasted: Any = diagnose_report(text, {"url": "x"}, {"input": INPUT})
    assert pasted.diagnosis.valid and pasted.matching is None
    assert diagnose_report(text, 1, {}).diagnosis.valid
