"""Rules and places of the data, either way; and the patch between two documents."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.jsondoc.diff import between
from workbench.jsondoc.patch import apply
from workbench.schema import diagnose, find_places, find_rules

FEED: Any = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "entries": {"type": "array", "items": {"$ref": "#/definitions/entry"}},
        "by": {"oneOf": [{"properties": {"a/b": {"type": "string"}}}, {"type": "null"}]},
    },
    "patternProperties": {"^x-": {"type": "integer"}},
    "additionalProperties": {"type": "boolean"},
    "definitions": {"entry": {"properties": {"when": {"type": "string"}, "more": {"$ref": "#/definitions/entry"}}}},
}
DATA: Any = {"entries": [{"when": "a"}, {"when": None, "more": {"when": "b"}}], "by": {"a/b": 1}, "x-n": 1, "z": True}


@each_case(
    ("pointer", "rules"),
    [
        ("", [""]),
        ("/title", ["/properties/title"]),
        ("/entries/1/when", ["/definitions/entry/properties/when"]),
        ("/entries/1/more", ["/definitions/entry/properties/more", "/definitions/entry"]),
        ("/by", ["/properties/by", "/properties/by/oneOf/0", "/properties/by/oneOf/1"]),
        ("/by/a~1b", ["/properties/by/oneOf/0/properties/a~1b"]),
        ("/x-n", ["/patternProperties/^x-"]),
        ("/z", ["/additionalProperties"]),
        ("/entries/0/unknown", []),
    ],
)
def test_the_rules_of_a_place(pointer: str, rules: list[str]) -> None:
    assert list(find_rules(FEED, DATA, pointer)) == rules


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ("", [""]),
        ("/required", [""]),
        ("/required/0", ["/title"]),
        ("/properties/entries/items", ["/entries/0", "/entries/1"]),
        ("/definitions/entry/properties/when/type", ["/entries/0/when", "/entries/1/when", "/entries/1/more/when"]),
        ("/properties/by/oneOf/0", ["/by"]),
        ("/patternProperties/^x-/type", ["/x-n"]),
    ],
)
def test_the_places_of_a_rule(rule: str, places: list[str]) -> None:
    assert list(find_places(FEED, DATA, rule)) == places


def test_a_rule_finds_its_place_in_a_long_list() -> None:
    schema: Any = {"properties": {"skip": {}, "rows": {"items": {"properties": {"n": {"type": "integer"}}}}}}
    data: Any = {"skip": list(range(30_000)), "rows": [{"n": n} for n in range(30_000)]}
    assert len(find_places(schema, data, "/properties/rows/items/properties/n/type", most=5)) == 5


@pytest.mark.parametrize(
    "schema", [True, None, 5, {"$ref": "#"}, {"items": 3}, {"properties": []}, {"allOf": [{"$ref": "#"}]}]
)
def test_odd_schemas_have_rules_without_end_for_nothing(schema: Any) -> None:
    assert isinstance(find_rules(schema, DATA, "/entries/0"), tuple)
    assert isinstance(find_places(schema, DATA, "/properties/x"), tuple)


values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from([1.0, "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab/~"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=2 * settings().max_examples)
@given(values, values)
def test_the_patch_between_two_documents_makes_the_one_of_the_other(old: Any, new: Any) -> None:
    made = apply(old, between(old, new))
    assert (made, repr_types(made)) == (new, repr_types(new))
    assert between(new, new) == ()


def repr_types(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: repr_types(value[name]) for name in sorted(value)}
    return [repr_types(item) for item in value] if isinstance(value, list) else type(value)


def test_every_fault_outside_branches_is_where_its_rule_leads() -> None:
    for fault in diagnose(FEED, DATA).errors:
        if fault.cause is None:
            assert fault.pointer in find_places(
                FEED, DATA, fault.schema_pointer + ("/0" if fault.keyword == "required" else "")
            )
