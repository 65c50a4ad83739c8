"""The inputs that handlers need, in the many ways in which integrations are written: right ones and wrong ones."""

import ast
from textwrap import dedent, indent

from tests.case_tables import each_case
from workbench.catalog.code.handler_needs import handler_needs
from workbench.catalog.code.module_walk import module_facts

HEAD = """\
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration
from shared import Base, Filters, KEYS, build, needs_town, with_town, checked, filled, keep, town_of
app = Integration.load()
@app.action("go")
"""
SHARED = """\
KEYS = ("town", "street")
def build(values):
    return {"q": values["town"]}
def needs_town(inputs):
    return inputs["town"]
def with_town(values):
    values["town"] = "x"
def town_of(values, key):
    return values[key]
def checked(execute):
    async def wrapper(self, inputs, context):
        inputs = {**inputs, "town": "x"}
        return await execute(self, inputs, context)
    return wrapper
def keep(execute):
    async def wrapper(self, inputs, context):
        try:
            return await execute(self, inputs, context)
        except Exception:
            return None
    return wrapper
def filled(**defaults):
    def wrap(execute):
        async def inner(self, inputs, context):
            return await execute(self, {**defaults, **inputs}, context)
        return inner
    return wrap
class Filters:
    def __init__(self, inputs):
        self.inputs = inputs
    def town(self):
        return self.inputs["town"]
    def maybe(self):
        return self.inputs.get("town")
class Base:
    async def execute(self, inputs, context):
        return await self.run(inputs, context)
    def town(self, inputs):
        return inputs["town"]
"""
METHOD = "    async def {}(self, {}):\n        return values['town']\n"
METHOD_OF = "def {}(self, inputs):\n    return inputs['town']\n"


def needs(code: str) -> list[str]:
    """The names that the handler of ``go`` needs."""
    modules = [
        module_facts(f"{name}.py", ast.parse(text)) for name, text in (("main", HEAD + code), ("shared", SHARED))
    ]
    return [need.read.name for need in handler_needs(modules)]


def execute(body: str, *, more: str = "", decorator: str = "", base: str = "ActionHandler") -> str:
    """A handler with that body."""
    method = f"{decorator}async def execute(self, inputs, context):\n{indent(dedent(body), '    ')}\n"
    return f"class Go({base}):\n" + indent(method + dedent(more), "    ")


WRONG = {
    "a function": execute("return needs_town(inputs)"),
    "a function of another file, by another name": execute("return build(inputs)"),
    "by keyword": execute("return build(values=inputs)"),
    "a method": execute("return self._build(inputs)", more="def _build(self, data):\n    return data['town']\n"),
    "a static method": execute("return self.b(inputs)", more="@staticmethod\ndef b(data):\n    return data['town']\n"),
    "an async method": execute("return await self.b(inputs)", more="async def b(self, d):\n    return d['town']\n"),
    "two calls deep": execute("return self.b(inputs)", more="def b(self, d):\n    return build(d)\n"),
    "a base class": execute("return self.town(inputs)", base="Base, ActionHandler"),
    "a template of a base class": "class Go(Base):\n" + METHOD.format("run", "values, context"),
    "an object": execute("return Filters(inputs).town()"),
    "an attribute": execute("self.i = inputs\nreturn self.b()", more="def b(self):\n    return self.i['town']\n"),
    "a copy": execute("data = dict(inputs)\nreturn data['town']"),
    "a merged copy": execute("data = {**inputs, 'more': 1}\nreturn data['town']"),
    "a union": execute("data = inputs | {'more': 1}\nreturn data['town']"),
    "or nothing": execute("data = inputs or {}\nreturn data['town']"),
    "a branch that keeps them": execute("data = inputs\nif context:\n    data = inputs\nreturn data['town']"),
    "a walrus": execute("if (town := inputs['town']):\n    return town"),
    "destructuring": execute("town, x = inputs['town'], 1\nreturn town"),
    "a loop over names": execute("return [inputs[key] for key in ('town',)]"),
    "a key as an argument": execute("return town_of(inputs, 'town')"),
    "an inner function": execute("def inner():\n    return inputs['town']\nreturn inner()"),
    "a lambda": execute("return (lambda: inputs['town'])()"),
    "a format string": execute("return f\"{inputs['town']}\""),
    "a decorator that keeps them": execute("return inputs['town']", decorator="@keep\n"),
    "another name": "class Go(ActionHandler):\n" + METHOD.format("execute", "values, context"),
    "a branch": execute("match inputs['town']:\n    case 'x':\n        return 1"),
    "pop": execute("return inputs.pop('town')"),
}
RIGHT = {
    "get": execute("return inputs.get('town')"),
    "get in a function": execute("return Filters(inputs).maybe()"),
    "in": execute("return build(inputs) if 'town' in inputs else None"),
    "asked before the call": execute("if inputs.get('town'):\n    return needs_town(inputs)"),
    "a try around the call": execute("try:\n    return needs_town(inputs)\nexcept KeyError:\n    return None"),
    "written before": execute("with_town(inputs)\nreturn inputs['town']"),
    "written in a copy": execute("data = dict(inputs)\ndata['town'] = 1\nreturn data['town']"),
    "a keyword of dict": execute("data = dict(inputs, town=1)\nreturn data['town']"),
    "merged": execute("data = {**inputs, 'town': 1}\nreturn data['town']"),
    "merged with defaults": execute("data = {**defaults(), **inputs}\nreturn data['town']"),
    "a union with defaults": execute("data = defaults() | inputs\nreturn data['town']"),
    "a union in place": execute("inputs |= defaults()\nreturn inputs['town']"),
    "a union of a literal": execute("data = {'town': 1} | inputs\nreturn data['town']"),
    "update": execute("inputs.update(defaults())\nreturn inputs['town']"),
    "update by name": execute("inputs.update({'town': 1})\nreturn inputs['town']"),
    "setdefault": execute("inputs.setdefault('town', 'x')\nreturn needs_town(inputs)"),
    "any key written": execute("for key, value in defaults():\n    inputs[key] = value\nreturn inputs['town']"),
    "another object": execute("return needs_town({'town': 1})"),
    "another object by a method": execute("return self.b({'town': 1})", more=METHOD_OF.format("b")),
    "an object of other values": execute("return Filters({'town': inputs.get('x')}).town()"),
    "rebound": execute("inputs = load()\nreturn inputs['town']"),
    "a validated model": execute("model = Model.model_validate(inputs)\nreturn model.town"),
    "a dataclass": execute("return Town(**inputs).town"),
    "all of them": execute("return {key: inputs[key] for key in inputs}"),
    "all pairs": execute("return [value['town'] for key, value in inputs.items()]"),
    "names that are there": execute("return {key: inputs[key] for key in KEYS if key in inputs}"),
    "missing names": execute("if any(key not in inputs for key in KEYS):\n    return 1\nreturn inputs['town']"),
    "dispatch by name": execute("return getattr(self, '_' + inputs.get('x'))(inputs)", more=METHOD_OF.format("_y")),
    "a table of methods": execute("return {'y': self._y}[inputs.get('x')](inputs)", more=METHOD_OF.format("_y")),
    "a pattern": execute("match inputs:\n    case {'town': town}:\n        return town"),
    "a decorator that adds one": execute("return inputs['town']", decorator="@checked\n"),
    "a decorator with arguments": execute("return inputs['town']", decorator="@filled(town=1)\n"),
    "merged with another": execute("return self.b(inputs)", more="def b(self, i, d):\n    return (d | i)['town']\n"),
    "one of two": execute("data = load() or inputs\nreturn data['town']"),
    "one of two by a condition": execute("data = load() if context else inputs\nreturn data['town']"),
    "one of two by a branch": execute("data = inputs\nif context:\n    data = load()\nreturn data['town']"),
    "a method that nobody calls": execute("return 1", more=METHOD_OF.format("b")),
    "an item of an item": execute("return inputs.get('x')['town']"),
    "a deletion": execute("if 'town' in inputs:\n    del inputs['town']"),
}  # fmt: skip


@each_case("name", WRONG)
def test_what_a_handler_needs_is_found(name: str) -> None:
    assert set(needs(WRONG[name])) == {"town"}


@each_case("name", RIGHT)
def test_what_may_be_missing_is_not_needed(name: str) -> None:
    assert needs(RIGHT[name]) == []
