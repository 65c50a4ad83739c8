"""Changes of schemas: a table decided by hand, and what generated schemas and values say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.compatibility import ChangeKind, Side, Verdict, schema_changes
from workbench.compatibility.normal_schema import closed, normalized
from workbench.compatibility.sample_values import edge_values
from workbench.domain import ABSENT
from workbench.jsondoc import pointer as pointers
from workbench.schema import is_valid

TEXT, NUMBER, INTEGER, FLAG, NULL = ({"type": name} for name in ("string", "number", "integer", "boolean", "null"))
MAYBE = {"type": ["boolean", "null"]}
MAYBE_TEXT = {"type": ["string", "null"]}
MAYBE_TEXT_BRANCHES = {"anyOf": [TEXT, NULL]}


def thing(required: tuple[str, ...] = (), others: Any = None, **properties: Any) -> dict[str, Any]:
    """An object; ``others`` are its ``additionalProperties``."""
    made: dict[str, Any] = {"type": "object", "properties": properties}
    return (
        made
        | ({"required": [*required]} if required else {})
        | ({} if others is None else {"additionalProperties": others})
    )


def many(items: Any, **limits: Any) -> dict[str, Any]:
    """An array."""
    return {"type": "array", "items": items, **limits}


def tree(value: Any, name: str = "node", **others: Any) -> dict[str, Any]:
    """A schema that refers to itself."""
    node = thing(children=many({"$ref": f"#/definitions/{name}"}), value=value, **others)
    return {"$ref": f"#/definitions/{name}", "definitions": {name: node}}


CARD = thing(("kind", "number"), kind={"const": "card"}, number=TEXT)
CASH = thing(("kind",), kind={"const": "cash"})
YES, NO = Verdict.YES, Verdict.NO
PAIRS: dict[str, tuple[Any, Any, Verdict, Verdict]] = {
    # name: old, new, does it break as an input, does it break as an output
    "nothing": (thing(a=TEXT), thing(a=TEXT), NO, NO),
    "other words": (thing(a=TEXT), thing(a={**TEXT, "title": "A", "description": "…", "default": ""}), NO, NO),
    "another order": (thing(("a", "b"), a=TEXT, b=FLAG), thing(("b", "a"), b=FLAG, a=TEXT), NO, NO),
    "one type or a list of it": (TEXT, {"type": ["string"]}, NO, NO),
    "a format, which is not enforced": (TEXT, {**TEXT, "format": "email"}, NO, NO),
    "a reference written out": ({"$ref": "#/definitions/t", "definitions": {"t": TEXT}}, TEXT, NO, NO),
    "null as a type or as a branch": (MAYBE_TEXT, MAYBE_TEXT_BRANCHES, NO, NO),
    "integer in two ways": (INTEGER, {"type": "number", "multipleOf": 1}, NO, NO),
    "const and enum of one": ({"const": 1}, {"enum": [1]}, NO, NO),
    "an optional property more": (thing(a=TEXT), thing(a=TEXT, b=TEXT), NO, NO),
    "an optional property less": (thing(a=TEXT, b=TEXT), thing(a=TEXT), NO, NO),
    "a required property more": (thing(a=TEXT), thing(("b",), a=TEXT, b=TEXT), YES, NO),
    "a required property less": (thing(("b",), a=TEXT, b=TEXT), thing(a=TEXT), NO, YES),
    "now required": (thing(a=TEXT), thing(("a",), a=TEXT), YES, NO),
    "no longer required": (thing(("a",), a=TEXT), thing(a=TEXT), NO, YES),
    "an undeclared name required": (thing(a=TEXT), thing(("b",), a=TEXT), YES, NO),
    "a property more in a closed object": (thing(others=False, a=TEXT), thing(others=False, a=TEXT, b=TEXT), NO, YES),
    "a property less in a closed object": (thing(others=False, a=TEXT, b=TEXT), thing(others=False, a=TEXT), YES, NO),
    "an object closed": (thing(a=TEXT), thing(others=False, a=TEXT), NO, NO),
    "an object opened": (thing(others=False, a=TEXT), thing(a=TEXT), NO, NO),
    "an object opened for strings": (thing(others=False, a=TEXT), thing(others=TEXT, a=TEXT), NO, YES),
    "other properties narrowed": (thing(others=True, a=TEXT), thing(others=TEXT, a=TEXT), YES, NO),
    "a declared property of another type than others": (thing(others=FLAG), thing(others=FLAG, a=TEXT), YES, YES),
    "null more": (TEXT, MAYBE_TEXT, NO, YES),
    "null less": (MAYBE_TEXT, TEXT, YES, NO),
    "null more, by a branch": (TEXT, MAYBE_TEXT_BRANCHES, NO, YES),
    "null more, in a property": (thing(a=TEXT), thing(a=MAYBE_TEXT), NO, YES),
    "integer to number": (INTEGER, NUMBER, NO, YES),
    "number to integer": (NUMBER, INTEGER, YES, NO),
    "another type": (TEXT, INTEGER, YES, YES),
    "any type to one": ({}, TEXT, YES, NO),
    "one type to any": (TEXT, {}, NO, YES),
    "nothing valid any more": (TEXT, False, YES, NO),
    "an option more": ({"enum": ["a"]}, {"enum": ["a", "b"]}, NO, YES),
    "an option less": ({"enum": ["a", "b"]}, {"enum": ["a"]}, YES, NO),
    "an option renamed": ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, YES, YES),
    "text to options": (TEXT, {"enum": ["a", "b"]}, YES, NO),
    "another constant": ({"const": "v1"}, {"const": "v2"}, YES, YES),
    "a lower minimum": ({**INTEGER, "minimum": 5}, {**INTEGER, "minimum": 1}, NO, YES),
    "a higher minimum": ({**INTEGER, "minimum": 1}, {**INTEGER, "minimum": 5}, YES, NO),
    "an exclusive maximum": ({**NUMBER, "maximum": 5}, {**NUMBER, "exclusiveMaximum": 5}, YES, NO),
    "the same limit of integers": ({**INTEGER, "exclusiveMinimum": 0}, {**INTEGER, "minimum": 1}, NO, NO),
    "a step": (INTEGER, {**INTEGER, "multipleOf": 5}, YES, NO),
    "a finer step": ({**INTEGER, "multipleOf": 4}, {**INTEGER, "multipleOf": 2}, NO, YES),
    "a shorter text": ({**TEXT, "maxLength": 10}, {**TEXT, "maxLength": 5}, YES, NO),
    "a text that may be empty": ({**TEXT, "minLength": 1}, TEXT, NO, YES),
    "a pattern": (TEXT, {**TEXT, "pattern": "^[a-z]+$"}, YES, NO),
    "no pattern any more": ({**TEXT, "pattern": "^[a-z]+$"}, TEXT, NO, YES),
    "fewer items": (many(TEXT), many(TEXT, maxItems=3), YES, NO),
    "at least one item": (many(TEXT), many(TEXT, minItems=1), YES, NO),
    "no item twice": (many(TEXT), many(TEXT, uniqueItems=True), YES, NO),
    "other items": (many(TEXT), many(INTEGER), YES, YES),
    "null among items": (many(TEXT), many(MAYBE_TEXT), NO, YES),
    "a property of items required": (many(thing(a=TEXT)), many(thing(("a",), a=TEXT)), YES, NO),
    "deep inside": (thing(a=thing(b=many(thing(c=INTEGER)))), thing(a=thing(b=many(thing(c=TEXT)))), YES, YES),
    "a branch more": ({"oneOf": [CARD]}, {"oneOf": [CARD, CASH]}, NO, YES),
    "a branch less": ({"oneOf": [CARD, CASH]}, {"oneOf": [CARD]}, YES, NO),
    "a branch with a required property more": (
        {"anyOf": [CASH, TEXT]},
        {"anyOf": [thing(("kind", "till"), kind={"const": "cash"}, till=TEXT), TEXT]},
        YES,
        NO,
    ),
    "an optional property beside branches": (
        {**thing(a=TEXT), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {**thing(a=TEXT, c=TEXT), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        NO,
        NO,
    ),
    "two schemas in one": ({"allOf": [thing(a=TEXT), thing(b=TEXT)]}, thing(a=TEXT, b=TEXT), NO, NO),
    "a condition": (thing(a=FLAG, b=TEXT), {**thing(a=FLAG, b=TEXT), "dependencies": {"a": ["b"]}}, YES, NO),
    "a condition on a value": (
        thing(a=FLAG, b=TEXT),
        {**thing(a=FLAG, b=TEXT), "if": {"properties": {"a": {"const": True}}}, "then": {"required": ["b"]}},
        YES,
        NO,
    ),
    "a keyword that Draft 7 does not know": (TEXT, {**TEXT, "nullable": True}, NO, NO),
    "an exception": (TEXT, {**TEXT, "not": {"const": "x"}}, YES, NO),
    "no exception any more": ({**INTEGER, "not": {"const": 5}}, INTEGER, NO, YES),
    "a tuple of other items": ({"items": [TEXT, FLAG]}, {"items": [TEXT, TEXT]}, YES, YES),
    "an item more of a tuple": (many([TEXT]), many([TEXT, FLAG]), YES, NO),
    "an item that has to be there": (many(TEXT), many(TEXT, contains={"const": "a"}), YES, NO),
    "names by a pattern": (thing(others=False), {**thing(others=False), "patternProperties": {"^x": TEXT}}, NO, YES),
    "other values of names by a pattern": (
        {"type": "object", "patternProperties": {"^x": TEXT}, "additionalProperties": False},
        {"type": "object", "patternProperties": {"^x": FLAG}, "additionalProperties": False},
        YES,
        YES,
    ),
    "at least one property": (thing(a=TEXT), {**thing(a=TEXT), "minProperties": 1}, YES, NO),
    "an alternative schema for the rest": (
        {"if": {"const": 1}, "then": {}, "else": TEXT},
        {"if": {"const": 1}, "then": {}, "else": {}},
        NO,
        YES,
    ),
    "a tree under another name": (tree(TEXT), tree(TEXT, "leaf"), NO, NO),
    "a tree with an optional property more": (
        tree(TEXT),
        {
            "$ref": "#/definitions/n",
            "definitions": {"n": thing(children=many({"$ref": "#/definitions/n"}), value=TEXT, b=FLAG)},
        },
        NO,
        NO,
    ),
    "a tree of other values": (tree(TEXT), tree(INTEGER), YES, YES),
}


def verdict(old: Any, new: Any, side: Side) -> Verdict:
    """The worst of the changes."""
    found = {change.breaking for change in schema_changes(old, new, side)}
    return next((one for one in (Verdict.YES, Verdict.UNKNOWN) if one in found), Verdict.NO)


@each_case("name", PAIRS)
@each_case("side", Side)
def test_what_breaks_is_as_decided_by_hand(name: str, side: Side) -> None:
    old, new, as_input, as_output = PAIRS[name]
    assert verdict(old, new, side) is (as_input if side is Side.INPUT else as_output)


@pytest.mark.parametrize(
    ("old", "new", "side", "kind", "pointer", "place", "example"),
    [
        (thing(a=TEXT), thing(("b",), a=TEXT, b=TEXT), "input", "property-added", "/properties/b", "/b", {}),
        (thing(("b",), b=FLAG), thing(a=TEXT), "output", "property-removed", "", "/b", {}),
        (thing(a=TEXT), thing(("a",), a=TEXT), "input", "now-required", "/required/0", "/a", {}),
        (thing(("a",), a=TEXT), thing(a=TEXT), "output", "now-optional", "", "/a", {}),
        (
            thing(a=many(INTEGER)),
            thing(a=many(NUMBER)),
            "output",
            "widened",
            "/properties/a/items",
            "/a/*",
            {"a": [0.5]},
        ),
        (
            thing(("b",), a=MAYBE_TEXT, b=FLAG),
            thing(("b",), a=TEXT, b=FLAG),
            "input",
            "narrowed",
            "/properties/a",
            "/a",
            {"a": None, "b": False},
        ),
        ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, "input", "changed", "", "", "b"),
    ],
)
def test_a_break_has_its_kind_its_place_and_the_smallest_example(
    old: Any, new: Any, side: str, kind: str, pointer: str, place: str, example: Any
) -> None:
    found = [one for one in schema_changes(old, new, Side(side)) if one.breaking is Verdict.YES]
    assert [(one.kind, one.pointer, one.data_pointer, one.example) for one in found] == [
        (ChangeKind(kind), pointer, place, example)
    ]


def test_changes_at_several_places_are_told_apart() -> None:
    old = thing(("a",), a=TEXT, b=thing(c=INTEGER, d=TEXT))
    new = thing(("a",), a=MAYBE_TEXT, b=thing(c=TEXT, d=TEXT, e=FLAG))
    found = {one.data_pointer: (one.kind, one.breaking) for one in schema_changes(old, new, Side.INPUT)}
    assert found == {
        "/a": (ChangeKind.WIDENED, NO),
        "/b/c": (ChangeKind.CHANGED, YES),
        "/b/e": (ChangeKind.PROPERTY_ADDED, NO),
    }


@pytest.mark.parametrize(
    "broken", [None, 5, "text", [], {"type": 5}, {"$ref": "#/nowhere"}, {"$ref": "http://x.test/"}]
)
def test_what_is_not_a_schema_is_undecided_and_raises_nothing(broken: Any) -> None:
    assert verdict(thing(a=TEXT), broken, Side.INPUT) in Verdict
    assert verdict(broken, thing(a=TEXT), Side.OUTPUT) in Verdict
    assert schema_changes(broken, broken, Side.INPUT) == ()


@pytest.mark.parametrize(("levels", "breaking"), [(30, YES), (60, Verdict.UNKNOWN), (2000, Verdict.UNKNOWN)])
def test_a_deep_change_is_told_of_what_holds_it(levels: int, breaking: Verdict) -> None:
    old: Any = TEXT
    new: Any = INTEGER
    for _ in range(levels):
        old, new = thing(a=old), thing(a=new)
    (change,) = schema_changes(old, new, Side.INPUT)
    assert change.breaking is breaking
    assert change.data_pointer.count("/") <= 40


NAMES = st.sampled_from("abc")
LEAVES = st.one_of(
    st.sampled_from([TEXT, NUMBER, INTEGER, FLAG, MAYBE_TEXT, {}, True, {**INTEGER, "multipleOf": 2}]),
    st.builds(lambda low, high: {**INTEGER, "minimum": low, "maximum": high}, st.integers(-3, 3), st.integers(0, 6)),
    st.builds(lambda values: {"enum": values}, st.lists(st.sampled_from(["a", 1, None]), min_size=1, unique=True)),
    st.builds(lambda least: {**TEXT, "minLength": least}, st.integers(0, 3)),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda properties, required, others: thing(tuple(sorted(required)), others, **properties),
            st.dictionaries(NAMES, inner, max_size=3),
            st.sets(NAMES, max_size=2),
            st.none() | st.booleans() | inner,
        ),
        st.builds(lambda items, most: many(items, maxItems=most), inner, st.integers(0, 3)),
        st.builds(
            lambda parts, word: {word: parts},
            st.lists(inner, min_size=1, max_size=3),
            st.sampled_from(["anyOf", "oneOf", "allOf"]),
        ),
        st.builds(lambda test, then: {"if": test, "then": then}, inner, inner),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)


@given(SCHEMAS, SCHEMAS, st.sampled_from(Side))
def test_no_value_contradicts_a_verdict(old: Any, new: Any, side: Side) -> None:
    inner, outer = (old, new) if side is Side.INPUT else (new, old)
    comes, found = closed(normalized(inner)), schema_changes(old, new, side)
    for change in found:
        if change.example is not ABSENT:
            assert change.breaking is Verdict.YES
            assert is_valid(inner, change.example)
            assert not is_valid(outer, change.example)
    if all(change.breaking is Verdict.NO for change in found):
        values = [value for schema in (comes, outer) for value in edge_values(schema)]
        assert [value for value in values if is_valid(comes, value) and not is_valid(outer, value)] == []


@given(SCHEMAS, SCHEMAS, st.sampled_from(Side))
def test_each_place_is_one_of_the_new_schema(old: Any, new: Any, side: Side) -> None:
    for change in schema_changes(old, new, side):
        assert pointers.resolve(new, change.pointer) is not ABSENT
