"""What an editor of JSON text can offer: names and values from the schema, through references and branches."""

import json

import pytest

from workbench import forms
from workbench.domain import JSON

SCHEMA: JSON = {
    "$defs": {"Person": {"type": "object", "properties": {"email": {"type": "string", "examples": ["a@b.c"]}}}},
    "type": "object",
    "properties": {
        "status": {"enum": ["open", "closed", None], "description": "How far it is."},
        "owner": {"$ref": "#/$defs/Person"},
        "people": {"type": "array", "items": {"$ref": "#/$defs/Person"}},
        "to": {
            "oneOf": [
                {"type": "object", "properties": {"kind": {"const": "person"}, "email": {"type": "string"}}},
                {"type": "object", "properties": {"kind": {"const": "group"}, "id": {"type": "integer"}}},
            ]
        },
        "flag": {"anyOf": [{"type": "boolean"}, {"type": "null"}], "default": False},
        "key": {"type": "string", "format": "password", "default": "hunter2"},
        "pair": {"type": "array", "items": [{"const": 1}, {"const": 2}]},
        "a/b": {"type": "object", "additionalProperties": {"enum": ["x"]}},
    },
    "required": ["status"],
}


def names(pointer: str) -> list[str]:
    return [one.name for one in forms.complete(SCHEMA, pointer).names]


def values(pointer: str) -> list[JSON]:
    return [json.loads(one.text) for one in forms.complete(SCHEMA, pointer).values]


def test_the_names_of_an_object_say_type_help_and_whether_they_are_required() -> None:
    first, second = forms.complete(SCHEMA, "").names[:2]
    assert (first.name, first.help, first.required) == ("status", "How far it is.", True)
    assert (second.name, second.required) == ("owner", False)
    assert second.type.startswith("object")


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/owner", ["email"]),
        ("/people/7", ["email"]),
        ("/to", ["kind", "email", "id"]),
        ("/status", []),
        ("/none/at/all", []),
        ("/people/x", []),
    ],
)
def test_names_are_found_through_references_arrays_and_branches(pointer: str, expected: list[str]) -> None:
    assert names(pointer) == expected


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/status", ["open", "closed", None]),
        ("/to/kind", ["person", "group"]),
        ("/flag", [True, False, None]),
        ("/pair/1", [2]),
        ("/a~1b/any", ["x"]),
        ("/owner/email", ["a@b.c"]),
        ("/people", [[]]),
    ],
)
def test_values_are_what_the_schema_lists(pointer: str, expected: list[JSON]) -> None:
    assert values(pointer) == expected


def test_a_secret_has_no_values() -> None:
    assert values("/key") == []


@pytest.mark.parametrize("schema", [True, None, {"$ref": "#"}, {"anyOf": [{"$ref": "#"}]}, {"properties": 5}])
def test_a_strange_schema_offers_nothing(schema: JSON) -> None:
    assert forms.complete(schema, "/a/b").names == ()
