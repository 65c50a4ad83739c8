"""Errors in large data: those of jsonschema, in its order, found without a step into what is valid."""

import random
from typing import Any

import pytest
from autohive_integrations_sdk import ValidationError, _pruned_validator
from autohive_integrations_sdk._schema import Checker
from autohive_integrations_sdk._validator import make_validator

CHILDREN = {"type": "array", "items": {"$ref": "#/definitions/n"}}
NODE = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 0}, "children": CHILDREN},
    "required": ["n"],
}
TREE = {"$ref": "#/definitions/n", "definitions": {"n": NODE}}
ROW = {"properties": {"a": {"type": "integer"}}, "additionalProperties": False}
ROWS = {"type": "array", "maxItems": 1499, "items": ROW}
WIDE = {
    "properties": {"a": {"type": "object", "properties": {"x": {"type": "string"}}}},
    "additionalProperties": {"type": "array", "items": {"enum": ["a", "b"]}},
}
ROOT = {"properties": {"n": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#"}}}}


def tree(depth: int) -> dict[str, Any]:
    return {"n": depth, "children": [tree(depth - 1) for _ in range(3)] if depth else []}


VALUES = {
    "tree": (TREE, lambda: tree(7)),
    "root": (ROOT, lambda: tree(7)),
    "rows": (ROWS, lambda: [{"a": n} for n in range(1500)]),
    "wide": (WIDE, lambda: {"a": {"x": "y"}} | {f"k{n}": ["a"] for n in range(1500)}),
}


def spoil(value: Any, chance: random.Random) -> None:
    """Replace something anywhere in it."""
    while isinstance(value, dict | list) and value:
        places = list(value) if isinstance(value, dict) else list(range(len(value)))
        place = chance.choice(places)
        if not isinstance(value[place], dict | list) or chance.random() < 0.1:
            value[place] = chance.choice([None, "bad", -1, ["c"], {"zz": 1}])
            return
        value = value[place]


def errors(validator: Any, value: Any) -> list[tuple[Any, ...]]:
    found = validator.iter_errors(value)
    return [(list(one.absolute_path), list(one.absolute_schema_path), one.message[-200:]) for one in found]


@pytest.mark.parametrize("name", VALUES)
def test_the_errors_are_those_of_jsonschema(name: str) -> None:
    schema, make = VALUES[name]
    chance, value = random.Random(name), make()
    for _ in range(6):
        spoil(value, chance)
    assert _pruned_validator.is_large(value)
    wanted, found = errors(make_validator(schema), value), errors(make_validator(schema, large=True), value)
    assert wanted
    if name == "wide":  # jsonschema takes the other properties in the order of a set
        wanted, found = sorted(wanted, key=repr), sorted(found, key=repr)
    assert found == wanted


def test_a_value_that_is_valid_is_not_stepped_into() -> None:
    steps, plain = [], make_validator(ROWS, large=True)
    kind = type(plain)
    original = kind.descend

    def descend(self: Any, instance: Any, *more: Any, **named: Any) -> Any:
        steps.append(instance)
        return original(self, instance, *more, **named)

    kind.descend = descend
    list(plain.iter_errors([{"a": n} for n in range(1400)] + [{"a": "x"}]))
    assert steps[0] == {"a": "x"}


def test_the_checker_takes_it_for_large_data() -> None:
    with pytest.raises(ValidationError, match="/1498/a: 'x' is not of type 'integer'"):
        Checker(ROWS).check([{"a": n} for n in range(1498)] + [{"a": "x"}], "output")
    assert not _pruned_validator.is_large([{"a": n} for n in range(100)])
