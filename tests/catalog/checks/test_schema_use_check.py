"""Code held against the schemas of its actions: what is certainly wrong, and the many ways to be right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import check, read_integration
from workbench.domain import Finding

type Make = Callable[..., Path]

HEAD = """\
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration
from helper import KEYS, send
weather = Integration.load()

def own(inputs):
    return inputs["anything"]

@weather.action("today")
class Today(ActionHandler):
    async def execute(self, inputs, context):
"""
HELPER = "KEYS = ('city', 'unit')\n\ndef send(values):\n    return values\n"
TEXT = {"type": "string"}
INPUT: dict[str, Any] = {"type": "object", "properties": {"city": TEXT, "unit": TEXT}}
DAY = {"type": "object", "properties": {"c": {"type": "number"}}, "required": ["c"]}
OUTPUT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "warm": {"type": "boolean"},
        "days": {
            "type": "array",
            "items": {"type": "object", "properties": {"c": {"type": "number"}}, "required": ["c"]},
        },
        "note": {"type": ["string", "null"]},
        "any": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    },
    "required": ["warm"],
}
BOTH = 'x = inputs["city"], inputs.get("unit")\n'


MORE = """
    def day(self):
        return {'note': 'x'}
    async def later(self):
        return {'note': 'x'}
    def done(self, value=None):
        return ActionResult(data=value)
    def full(self, value):
        value['warm'] = True
        return ActionResult(data=value)

def day():
    return {'note': 'x'}

@send
def decorated():
    return {'note': 'x'}

def result_of(data):
    return ActionResult(data=data)
"""


def found(make: Make, body: str, schema: dict[str, Any] = INPUT, pin: str = "2.0.1", more: str = "") -> list[Finding]:
    """What the check says of the handler's use of its schemas."""
    actions = {"today": {"description": "Today.", "input_schema": schema, "output_schema": OUTPUT}}
    code = HEAD + "".join(f"        {line}\n" for line in body.splitlines()) + more
    pinned = f"autohive-integrations-sdk=={pin}\n"
    root = make(files={"weather.py": code, "helper.py": HELPER, "requirements.txt": pinned}, actions=actions)
    return [one for one in check(read_integration(root)) if one.code.startswith(("input-", "result-"))]


@pytest.mark.parametrize(
    ("data", "code", "place", "words"),
    [
        ("{}", "result-property-missing", 34, 'data of the result has no "warm"'),
        ("{'warm': 'yes'}", "result-type", 43, "`/warm` of the result must be boolean, but is string"),
        ("{'warm': True, 'note': 5}", "result-type", 57, "must be string or null, but is integer"),
        ("{'warm': True, 'note': [f'{x}' for x in inputs]}", "result-type", 57, "but is array"),
        ("{'warm': True, 'days': [{'c': 1}, {}]}", "result-property-missing", 68, '`/days/1` of the result has no "c"'),
        ("{'warm': True, 'days': {'c': 1}}", "result-type", 57, "must be array, but is object"),
        ("{**inputs, 'warm': None}", "result-type", 53, "must be boolean, but is null"),
        ("{'warm': True, 'days': [{'c': f'{inputs}'}]}", "result-type", 64, "`/days/0/c`"),
    ],
)
def test_results_that_break_the_schema(make: Make, data: str, code: str, place: int, words: str) -> None:
    (one,) = found(make, f"return ActionResult(data={data})")
    assert (one.code, one.path, one.line, one.column) == (code, "weather.py", 11, place)
    assert words in one.message


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("data = {}\nreturn ActionResult(data=data)", "result-property-missing"),
        ("data: dict = {'note': 5, 'warm': True}\nreturn ActionResult(data=data)", "result-type"),
        ("data = {}\ndata['note'] = 'x'\nreturn ActionResult(data=data)", "result-property-missing"),
        ("data = {}\nprint(data)\nlogger.info('x', data)\nreturn ActionResult(data)", "result-property-missing"),
        ("return ActionResult(data=dict(note='x'))", "result-property-missing"),
        ("return ActionResult(data=dict(inputs, warm='x'))", "result-type"),
        ("return ActionResult(data={**inputs, 'warm': 'x'})", "result-type"),
        ("return ActionResult(data={'warm': True} if inputs else {})", "result-property-missing"),
        ("result = ActionResult(data={})\nreturn result", "result-property-missing"),
        ("return ActionResult(data=day())", "result-property-missing"),
        ("return ActionResult(data=self.day())", "result-property-missing"),
        ("return ActionResult(data=await self.later())", "result-property-missing"),
        ("return result_of({'warm': 'x'})", "result-type"),
        ("return self.done({'note': 'x'})", "result-property-missing"),
        ("return self.done(value={'note': 'x'})", "result-property-missing"),
    ],
)
def test_results_that_are_written_elsewhere(make: Make, body: str, code: str) -> None:
    assert [one.code for one in found(make, body, more=MORE)] == [code]


@pytest.mark.parametrize(
    "body",
    [
        "data = {}\ndata['warm'] = True\nreturn ActionResult(data=data)",
        "data = {}\nif inputs:\n    data['warm'] = True\nreturn ActionResult(data=data)",
        "data = {}\ndata = send(data)\nreturn ActionResult(data=data)",
        "data = {}\nsend(data)\nreturn ActionResult(data=data)",
        "data = {}\nself.x = data\nreturn ActionResult(data=data)",
        "data = {}\nother = data\nreturn ActionResult(data=data)",
        "data = {}\ndata.update(warm=True)\nreturn ActionResult(data=data)",
        "data = {}\ndata |= {'warm': True}\nreturn ActionResult(data=data)",
        "data = {}\nfor key in KEYS:\n    data[key] = 1\nreturn ActionResult(data=data)",
        "data = {'warm': True, 'days': []}\ndata['days'].append(1)\nreturn ActionResult(data=data)",
        "data = {'warm': 1}\ndata['warm'] = True\nreturn ActionResult(data=data)",
        "for data in KEYS:\n    pass\nreturn ActionResult(data=data)",
        "data = {}\ntry:\n    data = send(1)\nexcept KeyError:\n    pass\nreturn ActionResult(data=data)",
        "data = {}\ndef fill():\n    data['warm'] = True\nfill()\nreturn ActionResult(data=data)",
        "return ActionResult(data=dict(inputs))",
        "return ActionResult(data=dict(warm=True, **inputs))",
        "return ActionResult(data={'warm': 1, **inputs})",
        "return ActionResult(data=decorated())",
        "return ActionResult(data=KEYS.day())",
        "return ActionResult(data=unknown())",
        "return result_of({'warm': True})",
        "return self.done({'warm': True})",
        "return self.done()",
        "return self.done(*inputs)",
        "return self.full({})",
    ],
)
def test_results_that_may_be_filled_elsewhere(make: Make, body: str) -> None:
    assert found(make, body, more=MORE) == []


@pytest.mark.parametrize(
    "body",
    [
        "return ActionResult(data={'warm': True})",
        "return ActionResult(data={'warm': send(inputs), 'more': 1, 'note': None, 'any': 5})",
        "return ActionResult(data={**inputs})",
        "return ActionResult(data={'warm': 'x', **inputs})",
        "return ActionResult(data={KEYS[0]: 1})",
        "return ActionResult(data={each: 1 for each in inputs})",
        "return ActionResult(data=send(inputs))",
        "return ActionResult(data={'warm': not inputs, 'days': [send(1), {'c': 1.5}, {'c': 2}]})",
        "return ActionResult(data={'warm': 1 == 1, 'days': [{'c': each} for each in inputs]})",
        "def inner():\n    return ActionResult(data={})\nreturn send(inputs)",
    ],
)
def test_results_that_may_be_right(make: Make, body: str) -> None:
    assert found(make, body) == []


def test_contract_0_1_has_no_results(make: Make) -> None:
    assert found(make, "x = ActionResult(data={})\nsend(inputs)\nreturn ActionResult(data={})", pin="0.1.2") == []


@pytest.mark.parametrize(
    ("body", "line"), [('return send(inputs["town"])', 11), ('if context:\n    x = inputs["town"]\nreturn send(x)', 12)]
)
def test_inputs_that_are_needed_and_not_declared(make: Make, body: str, line: int) -> None:
    said = found(make, BOTH + body)
    assert [(one.code, one.path, one.line) for one in said] == [("input-undeclared", "weather.py", line + 1)]
    assert 'The handler of "today" needs the input "town"' in said[0].message


def test_inputs_that_a_function_needs_are_told_where_it_reads_them(make: Make) -> None:
    said = found(make, BOTH + "return own(inputs)")
    assert [(one.code, one.path, one.line) for one in said] == [("input-undeclared", "weather.py", 6)]


@pytest.mark.parametrize(
    "body",
    [
        'return send(inputs.get("town"))',
        'if "town" in inputs:\n    return send(inputs["town"])',
        'try:\n    return send(inputs["town"])\nexcept KeyError:\n    return None',
        'inputs["town"] = "x"\nreturn send(inputs["town"])',
        'inputs = {**inputs, "town": 1}\nreturn send(inputs["town"])',
        'inputs.update(town=1)\nreturn send(inputs["town"])',
        'return send(inputs["city"]["town"])',
    ],
)
def test_guarded_reads_are_no_finding(make: Make, body: str) -> None:
    assert found(make, BOTH + body) == []


@pytest.mark.parametrize(
    "schema",
    [
        INPUT | {"additionalProperties": TEXT},
        INPUT | {"patternProperties": {"^t": TEXT}},
        INPUT | {"allOf": [{"properties": {"town": TEXT}}]},
        INPUT | {"if": {"required": ["town"]}, "then": {}},
        INPUT | {"definitions": {"more": {"properties": {"town": TEXT}}}, "oneOf": [{"$ref": "#/definitions/more"}]},
    ],
)
def test_schemas_that_say_it_elsewhere(make: Make, schema: dict[str, Any]) -> None:
    assert found(make, BOTH + 'return send(inputs["town"])', schema) == []


def test_an_input_that_no_line_names(make: Make) -> None:
    schema = {"type": "object", "properties": {"city": TEXT, "altitude": TEXT}}
    (one,) = found(make, 'return send(inputs["city"])', schema)
    assert (one.code, one.pointer) == ("input-unused", "/actions/today/input_schema/properties/altitude")
    assert '"today" declares the input "altitude", but no line of the code names it.' in one.message


@pytest.mark.parametrize(
    "body",
    [
        "return send(inputs)",
        "return send({**inputs})",
        "return send(inputs[send(context)])",
        'return send([value for key, value in inputs.items()], inputs["city"])',
        'x = inputs["city"]\n# the altitude is not needed\nreturn send(x)',
        'name = f"alti{context}"\nreturn send(inputs[name])',
        "return send(**inputs)",
        'values = inputs\nreturn send(values["city"])',
    ],
)
def test_inputs_that_may_be_used(make: Make, body: str) -> None:
    schema = {"type": "object", "properties": {"city": TEXT, "altitude": TEXT}}
    assert [one.code for one in found(make, body, schema)] == []


def test_a_handler_with_a_base_class_of_its_own_is_held_against_its_schema(make: Make) -> None:
    code = HEAD.replace("Today(ActionHandler)", "Today(Base)").replace(
        "def own", "class Base(ActionHandler):\n    pass\n\ndef own"
    )
    actions = {"today": {"description": "Today.", "input_schema": INPUT, "output_schema": OUTPUT}}
    files = {"weather.py": code + "        return ActionResult(data={**{}, 'warm': 'x'})\n", "helper.py": HELPER}
    root = make(files=files | {"requirements.txt": "autohive-integrations-sdk==2.0.1\n"}, actions=actions)
    assert "result-type" in [one.code for one in check(read_integration(root))]
