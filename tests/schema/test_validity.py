"""The verdict is Draft7Validator's, for any schema and any value."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry

from tests.case_tables import each_case
from workbench.domain import ABSENT
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import twins
from workbench.schema import Target, diagnose, find_fixes
from workbench.schema.compiled import compile_check, compiled_part, is_plain

NAMES = st.sampled_from(["a", "b", "c", "ab"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.sampled_from([0.5, 1.0, 2.5, 1e300, 10**30]),
    st.sampled_from(["", "a", "ab", "aaa", "1", "é", "𝄞"]),
)
INSTANCES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)
TYPES = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
PATTERNS = st.sampled_from(["^a", "b$", "^$", "a+", "[ab]", r"\d", "(a|aa)+$", "a{2}"])
SIZES = st.integers(0, 3)
LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
    "enum": st.lists(INSTANCES, min_size=1, max_size=3),
    "const": INSTANCES,
    "minimum": st.integers(-2, 3),
    "maximum": st.integers(-2, 3),
    "exclusiveMinimum": st.integers(-2, 3),
    "exclusiveMaximum": st.floats(-2, 3),
    "multipleOf": st.sampled_from([1, 2, 0.5, 1.5]),
    "minLength": SIZES,
    "maxLength": SIZES,
    "minItems": SIZES,
    "maxItems": SIZES,
    "uniqueItems": st.booleans(),
    "minProperties": SIZES,
    "maxProperties": SIZES,
    "required": st.lists(NAMES, max_size=2, unique=True),
    "pattern": PATTERNS,
    "format": st.sampled_from(["email", "date"]),
    "$ref": st.sampled_from(["#", "#/definitions/a", "#/definitions/b", "#/nowhere", "http://example.test/x", "d7"]),
    "$schema": st.just("http://json-schema.org/draft-07/schema#"),
    "nullable": st.booleans(),
}


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(NAMES, inner, max_size=3)
    nested = {
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), several),
        **dict.fromkeys(
            ("not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "additionalItems"), inner
        ),
        **dict.fromkeys(("properties", "definitions"), named),
        "items": inner | several,
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        "dependencies": st.dictionaries(NAMES, inner | st.lists(NAMES, max_size=2, unique=True), max_size=2),
    }
    return _some(LEAVES | nested)


def _some(keywords: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    chosen = st.lists(st.sampled_from(sorted(keywords)), max_size=4, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: keywords[name] for name in names}))


SCHEMAS = st.recursive(st.booleans() | _some({k: v for k, v in LEAVES.items() if k != "$ref"}), _schemas, max_leaves=12)


def verdict(schema: Any, instance: Any) -> bool:
    """What jsonschema says by itself; a schema that makes it raise is no yes."""
    try:
        return bool(Draft7Validator(schema, registry=Registry()).is_valid(instance))
    except Exception:  # a reference to nowhere, one without end
        return False


def assert_located(instance: Any, pointer: str) -> None:
    """The place exists, or is a missing member of a container that exists."""
    place = pointers.resolve(instance, pointer)
    assert place is not ABSENT or isinstance(pointers.resolve(instance, pointers.parent(pointer)), dict | list), pointer


@settings(max_examples=3 * settings().max_examples, suppress_health_check=list(HealthCheck))
@given(SCHEMAS, INSTANCES)
def test_verdict_is_that_of_draft7(schema: Any, instance: Any) -> None:
    diagnosis = diagnose(schema, instance)
    assert diagnosis.valid == verdict(schema, instance)
    assert diagnosis.valid == (not diagnosis.errors)
    for fault in diagnosis.errors:
        assert fault.message.endswith((".", "?"))
        if not fault.in_schema:
            assert_located(instance, fault.pointer)
            assert pointers.resolve(schema, fault.schema_pointer) is not ABSENT


@settings(max_examples=2 * settings().max_examples, suppress_health_check=list(HealthCheck))
@given(
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "required", "properties", "items", "oneOf", "not", "enum", "pattern", "$ref", "a"]
                ),
                inner,
            )
        ),
        max_leaves=20,
    ),
    INSTANCES,
)
def test_whatever_stands_for_a_schema_is_diagnosed(schema: Any, instance: Any) -> None:
    diagnosis = diagnose(schema, instance)
    assert diagnosis.valid == verdict(schema, instance)
    try:
        Draft7Validator.check_schema(schema)
    except Exception:
        assert diagnosis.schema_errors


@each_case(
    ("schema", "instance", "pointer", "schema_pointer"),
    [
        ({"properties": {"a": False}}, {"a": 1}, "/a", "/properties/a"),
        ({"$ref": "#/definitions/x", "definitions": {"x": {"type": "null"}}}, 1, "", "/definitions/x/type"),
        ({"properties": {"a/b": {"type": "null"}}}, {"a/b": 1}, "/a~1b", "/properties/a~1b/type"),
        ({"not": {"required": ["x"]}}, {"x": 1}, "/x", "/not"),
        ({"if": {"required": ["x"]}, "then": {"required": ["y"]}}, {"x": 1}, "/y", "/then/required"),
        ({"if": {"required": ["x"]}, "else": {"required": ["y"]}}, {}, "/y", "/else/required"),
        ({"dependencies": {"x": ["y"]}}, {"x": 1}, "/y", "/dependencies"),
        ({"dependencies": {"x": {"required": ["y"]}}}, {"x": 1}, "/y", "/dependencies/x/required"),
        ({"contains": {"type": "null"}}, [1], "", "/contains"),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, "/ab", "/propertyNames"),
        ({"items": [True], "additionalItems": False}, [1, 2], "/1", "/additionalItems"),
        ({"patternProperties": {"^a": {"type": "null"}}}, {"ab": 1}, "/ab", "/patternProperties/^a/type"),
        ({"const": {"a": {"b": [1, 2]}}}, {"a": {"b": [1, 3]}}, "/a/b/1", "/const"),
        ({"$ref": "http://json-schema.org/draft-07/schema#"}, {"minLength": "x"}, "/minLength", "/$ref"),
    ],
)
def test_every_kind_of_keyword_is_located(schema: Any, instance: Any, pointer: str, schema_pointer: str) -> None:
    (fault,) = diagnose(schema, instance).errors
    assert (fault.pointer, fault.schema_pointer) == (pointer, schema_pointer)


SAFE = {
    name: strategy
    for name, strategy in LEAVES.items()
    if name in ("type", "required", "nullable", "format") or name.startswith(("min", "max", "exclusive"))
}
SAFE["const"] = st.none() | st.sampled_from(["", "a"])
SAFE["enum"] = st.lists(SAFE["const"], min_size=1)


def _safe(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    nested = {
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), several),
        **dict.fromkeys(("not", "if", "then", "else", "contains", "additionalProperties", "items"), inner),
        "properties": st.dictionaries(NAMES, inner, max_size=3),
    }
    return _some(SAFE | nested)


@settings(max_examples=3 * settings().max_examples, suppress_health_check=list(HealthCheck))
@given(st.recursive(st.booleans() | _some(SAFE), _safe, max_leaves=12), INSTANCES | st.floats(-2, 2))
def test_the_compiled_yes_is_that_of_draft7(schema: Any, instance: Any) -> None:
    accepts = compile_check(schema)
    assert accepts is not None
    if is_plain(instance):
        assert accepts(instance) == verdict(schema, instance)
    else:
        assert not accepts(instance)


REFERENCES = SAFE | {"$ref": st.sampled_from(["#/definitions/a", "#/definitions/b", "#/$defs/c"])}


@settings(max_examples=2 * settings().max_examples, suppress_health_check=list(HealthCheck))
@given(
    st.fixed_dictionaries(dict.fromkeys("abc", st.recursive(_some(REFERENCES), _safe, max_leaves=6))),
    st.recursive(_some(REFERENCES), _safe, max_leaves=6),
    st.lists(INSTANCES, min_size=1, max_size=3),
)
def test_the_compiled_yes_holds_through_references(named: Any, schema: Any, some: list[Any]) -> None:
    root = {"definitions": {"a": named["a"], "b": named["b"]}, "$defs": {"c": named["c"]}, "items": schema}
    for whole, accepts in ((root, compile_check(root)), ({**root, "allOf": [schema]}, compiled_part(schema, root))):
        for value in some if accepts is not None else ():
            instance = [value] * 2 if whole is root else value
            agreed = verdict({**whole, "items": True} if whole is not root else whole, instance)
            assert accepts is not None and accepts(instance) == (agreed and is_plain(instance))
    many = some * 8
    assert diagnose(root, many).valid == verdict(root, many)


def test_definitions_are_compiled_and_circles_are_not() -> None:
    tree = {"type": "object", "properties": {"inner": {"type": "array", "items": {"$ref": "#/definitions/tree"}}}}
    accepts = compile_check({"allOf": [{"$ref": "#/definitions/tree"}], "definitions": {"tree": tree}})
    assert accepts is not None and accepts({"inner": [{}, {"inner": []}]}) and not accepts({"inner": [1]})
    deep: Any = {}
    for _ in range(50_000):
        deep = {"inner": [deep]}
    assert not accepts(deep)
    circle = {"allOf": [{"$ref": "#/definitions/b"}]}
    for definitions in (
        {"a": circle, "b": {"not": {"$ref": "#/definitions/a"}}},
        {"a": {"$ref": "#/definitions/nowhere"}},
        {f"{name}": {"allOf": [{"$ref": f"#/definitions/{chr(ord(name) + 1)}"}] * 3} for name in "abcdefghijk"}
        | {"l": {}},
    ):
        assert compile_check({"$ref": "#/definitions/a", "definitions": definitions}) is None


@settings(max_examples=2 * settings().max_examples)
@given(st.lists(INSTANCES | st.booleans() | st.integers(0, 1), max_size=5), INSTANCES)
def test_equality_is_that_of_draft7(items: list[Any], other: Any) -> None:
    unique = {"uniqueItems": True}
    assert diagnose(unique, items).valid == verdict(unique, items)
    found = twins(items)
    assert (found is None) == (not any(equal(a, b) for n, a in enumerate(items) for b in items[:n]))
    if found:
        assert equal(items[found[0]], items[found[1]])
    chosen = {"enum": items}
    for value in (other, *items, [items], {"a": items}):
        assert diagnose(chosen, value).valid == verdict(chosen, value)


def equal(one: Any, other: Any) -> bool:
    """Whether Draft 7 takes two values for the same."""
    return Draft7Validator({"const": one}).is_valid(other)


def test_nothing_grows_with_the_square(step: Callable[[int], int]) -> None:
    """With a cost that does, each of these takes minutes, and the time limit of the suite ends the test."""
    many = [{"id": number} for number in range(30_000 // step(3))]
    assert diagnose({"uniqueItems": True}, many).valid
    (fault,) = diagnose({"uniqueItems": True}, [*many, {"id": 7.0}]).errors
    assert f"items 7 and {len(many)} are equal" in fault.message
    assert find_fixes({"uniqueItems": True}, [*many, {"id": 7.0}], fault)[0].patch == (
        {"op": "remove", "path": f"/{len(many)}"},
    )
    choices = [f"choice {number}" for number in range(50_000)]
    assert len(diagnose({"items": {"enum": choices}}, [f"no choice {number}" for number in range(500)]).errors) == 500
    declared = {f"member {number}": True for number in range(900)}
    strangers = {f"membre {number}": 1 for number in range(1_500 // step(50))}
    assert len(diagnose({"properties": declared, "additionalProperties": False}, strangers).errors) == len(strangers)
    definitions = {f"d{number}": {"description": "x" * 100} for number in range(5_000)}
    rows = {
        "items": {"properties": {"a": {"items": {"type": "null"}}, "b": {"pattern": "x"}}},
        "definitions": definitions,
    }
    assert diagnose(rows, [{"a": [None] * 8, "b": "x"} for _ in range(5_000 // step(2))]).valid


def test_more_faults_than_anybody_reads_are_not_all_told(
    step: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 10_000 // step(10)
    monkeypatch.setattr(sys.modules["workbench.schema.diagnose"], "MOST", most)  # its function has its name
    schema = {"additionalProperties": {"type": "string"}}
    few = diagnose(schema, {str(number): number for number in range(most)})
    assert (len(few.errors), few.more) == (most, False)
    value = {str(number): number for number in range(most + 500)}
    many = diagnose(schema, value)
    assert (len(many.errors), many.more, many.valid) == (most, True, False)
    (mend,) = find_fixes(schema, value, many.errors[0])
    assert (mend.target, mend.remaining) == (Target.SCHEMA, 0)


@settings(suppress_health_check=list(HealthCheck))
@given(SCHEMAS, st.lists(INSTANCES, min_size=2, max_size=3))
def test_long_arrays_are_judged_item_by_item(schema: Any, some: list[Any]) -> None:
    whole, items = {"items": schema, "definitions": {"a": True, "b": False}}, some * 5
    diagnosis = diagnose(whole, items)
    assert diagnosis.valid == verdict(whole, items)
    if not any(fault.in_schema for fault in diagnosis.errors):
        refused = {index for index, item in enumerate(items) if not diagnose(whole, [item]).valid}
        assert {int(pointers.split(fault.pointer)[0]) for fault in diagnosis.errors} == refused


@pytest.mark.parametrize("value", [2**53, -(2**60), 1e300, type("D", (dict,), {})()])
def test_only_plain_values_are_taken_by_the_compiled_check(value: Any) -> None:
    accepts = compile_check({"type": ["array", "object", "number", "string"]})
    assert accepts is not None and accepts([1, 1.5, "x", {"a": None}])
    assert not accepts(value)
    assert not accepts([value])


@pytest.mark.parametrize(
    "schema",
    [{"multipleOf": 2}, {"items": [{}]}, {"maximum": 10**30}, {"properties": {"a": {"patternProperties": {}}}}],
)
def test_schemas_that_leave_room_are_not_compiled(schema: Any) -> None:
    assert compile_check(schema) is None
