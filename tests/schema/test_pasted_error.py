"""Production messages in the shapes that people paste them."""

import json
from typing import Any

import pytest

from workbench.schema import diagnose_report, read_report

INPUT = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
OUTPUT = {"type": "object", "properties": {"data": {"type": "object"}, "n": {"type": "integer"}}, "required": ["data"]}
ERROR = {"message": "5 is not of type 'integer'", "property": "n", "value": "x", "source": "output"}
RESULT = {"version": "2.0.1", "type": "validation_error", "result": ERROR}


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("text", ["", "{", "{'a': }", "[]", '{"message": 5}', "(" * 10_000])
def test_whatever_is_pasted_is_read(text: str) -> None:
    pasted: Any = diagnose_report(text, {"url": "x"}, {"input": INPUT})
    assert pasted.diagnosis.valid and pasted.matching is None
    assert diagnose_report(text, 1, {}).diagnosis.valid
