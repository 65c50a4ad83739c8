"""What is added to a JSON text looks like what stands around it."""

import json
from typing import Any

from tests.case_tables import each_case
from workbench.jsondoc.patch import add, apply, replace
from workbench.jsondoc.rewrite import rewrite

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
LONG = {"type": "object", "properties": {f"field_{number}": {"type": "string"} for number in range(4)}}

INLINE = """{
  "actions": {
    "get": { "input_schema": {"type": "object"}, "output_schema": {} },
    "put": {
      "input_schema": {"type": "object"},
      "output_schema": {}
    }
  }
}
"""
BLOCK = """{
    "get": {
        "input_schema": {
            "type": "object",
            "required": ["x"]
        },
        "output_schema": {}
    }
}
"""


@each_case(
    ("text", "operation", "line"),
    [
        (
            INLINE,
            replace("/actions/get/output_schema", SCHEMA),
            '"output_schema": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]} },',
        ),
        (
            INLINE,
            replace("/actions/put/output_schema", {"type": "array"}),
            '      "output_schema": {"type": "array"}',
        ),
        (INLINE, add("/actions/put/output_schema/type", "array"), '        "type": "array"'),
        (INLINE, add("/actions/get/output_schema/type", "array"), '"output_schema": {"type": "array"} },'),
        (INLINE, add("/actions/put/input_schema/x", [1]), '      "input_schema": {"type": "object", "x": [1]},'),
        (BLOCK, replace("/get/output_schema", SCHEMA), '            "required": ["a"]'),
        (BLOCK, replace("/get/output_schema", SCHEMA), '                "a": {'),
        ('{"a":1,"b":[1,2]}\n', add("/c", SCHEMA), '"c":{"type":"object","properties":{"a":{"type":"string"}},'),
    ],
)
def test_an_addition_is_laid_out_as_its_place_is(text: str, operation: Any, line: str) -> None:
    new = rewrite(text, [operation])
    assert json.loads(new) == apply(json.loads(text), [operation])
    assert line in new


def test_a_long_schema_among_short_ones_is_spread_down_to_what_fits_a_line() -> None:
    new = rewrite(INLINE, [replace("/actions/put/output_schema", LONG)])
    assert '          "field_0": {"type": "string"},\n' in new
