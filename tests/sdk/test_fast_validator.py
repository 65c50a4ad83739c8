"""The result equals that of jsonschema's Draft7Validator, whatever the schema and the data.

The fast validator is compared with jsonschema on everything that it may check. What it may not check, because the two
differ, is listed here, each with a case in which they do.
"""

import json
import math
import sys
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from autohive_integrations_sdk import ValidationError
from autohive_integrations_sdk._fast_validator import compile_validator
from autohive_integrations_sdk._schema import Checker
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

names = st.sampled_from(["a", "b", "c", "é", "", "$ref"])
numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**30]),
    st.sampled_from([0.0, -0.0, 1.0, 1.5, 0.1, 1e300, -1e-300, 2.0**53, 2.0**64, 1e16]),
)
odd_numbers = st.sampled_from([math.nan, math.inf, -math.inf, Decimal("1.0"), Decimal("NaN"), Fraction(1, 2)])
texts = st.sampled_from(["", "a", "b", "é", "🐢", "ab\n", "\ud800", "1", "a@b.c"])


class Word(StrEnum):
    A = "a"


class Number(IntEnum):
    ONE = 1


class Text(str):
    __slots__ = ()


class Mapping(dict[str, Any]):
    pass


class Sequence(list[Any]):
    pass


Pair = namedtuple("Pair", "a b")
odd_values = st.sampled_from(
    [
        *((1, 2), Pair(1, "x"), {1: 2}, {None: 1}, {("a",): 1}, b"a", {1, 2}, 1j, object(), datetime(2026, 1, 1)),
        *(Word.A, Number.ONE, Text("a"), Mapping(a=1), Sequence([1]), OrderedDict(a=1), {Text("a"): 1}, {Word.A: 1}),
        *([(1,)], {"a": (1,)}, [math.nan], {"a": Decimal(1)}),
    ]
)


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Leaves, and lists and dicts of them, two levels deep."""
    flat = leaves | st.lists(leaves, max_size=3) | st.dictionaries(names, leaves, max_size=3)
    return flat | st.lists(flat, max_size=3) | st.dictionaries(names, flat, max_size=3)


plain_data = nested(st.none() | st.booleans() | numbers | texts)
any_data = nested(st.none() | st.booleans() | numbers | texts | odd_numbers | odd_values)
types = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])
counts = st.integers(0, 3)

LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "type": types | st.lists(types, min_size=1, max_size=3, unique=True),
    "required": st.lists(names, max_size=2, unique=True),
    "minimum": numbers,
    "maximum": numbers,
    "exclusiveMinimum": numbers,
    "exclusiveMaximum": numbers,
    "multipleOf": st.sampled_from([1, 2, 0.1, 0.5]),
    "minLength": counts,
    "maxLength": counts,
    "minItems": counts,
    "maxItems": counts,
    "minProperties": counts,
    "maxProperties": counts,
    "uniqueItems": st.booleans(),
    "enum": st.lists(plain_data, min_size=1, max_size=3, unique_by=repr),
    "const": plain_data,
    "pattern": st.sampled_from(["^a$", r"\d", "[a-z]+", r"\w", "^.$"]),
    "format": st.sampled_from(["email", "date", "ipv4", "regex", "uri"]),
    "contentEncoding": st.just("base64"),
    "contentMediaType": st.just("application/json"),
    "title": texts,
    "default": plain_data,
    "label": texts,
    "x-own": plain_data,
    "minContains": counts,
    "dependentRequired": st.just({"a": ["b"]}),
    "unevaluatedProperties": st.just(False),
}
ONE = ["additionalProperties", "items", "additionalItems", "propertyNames", "contains", "not", "if", "then", "else"]
NAMED = ["properties", "patternProperties", "dependencies"]
LISTED = ["allOf", "anyOf", "oneOf", "items", "prefixItems"]
COMMON = ["type", "properties", "items", "required", "enum", "anyOf", "additionalProperties", "minimum", "maxLength"]
KEYWORDS = st.sampled_from(sorted({*LEAVES, *ONE, *NAMED, *LISTED})) | st.sampled_from(COMMON)


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> Any:
    """Schemas of draft 7 with every keyword, and some of later drafts, in forms that the data is likely to meet."""
    if depth == 0 or draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([True, False, {}, {"type": "string"}, {"type": "integer"}, {"minimum": 1}]))
    child = schemas(depth=depth - 1)
    made: dict[str, Any] = {}
    for keyword in draw(st.lists(KEYWORDS, min_size=1, max_size=3, unique=True)):
        if keyword in LEAVES:
            made[keyword] = draw(LEAVES[keyword])
        elif keyword in NAMED:
            made[keyword] = draw(st.dictionaries(names, child, min_size=1, max_size=2))
        elif keyword in LISTED and (keyword != "items" or draw(st.booleans())):
            made[keyword] = draw(st.lists(child, min_size=1, max_size=2))
        else:
            made[keyword] = draw(child)
    return made


@st.composite
def meant_for(draw: st.DrawFn, schema: Any, wild: bool = True) -> Any:
    """Data that mostly matches a simple schema, such as real configurations hold."""
    if (wild and draw(st.integers(0, 7)) == 0) or not isinstance(schema, dict):
        return draw(plain_data)
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = draw(st.sampled_from(kind)) if isinstance(kind, list) else kind
    if kind == "object":
        required = schema.get("required", [])
        members = [name for name in schema.get("properties", {}) if name in required or draw(st.booleans())]
        return {name: draw(meant_for(schema["properties"][name])) for name in members}
    if kind == "array":
        return [draw(meant_for(schema.get("items", {}))) for _ in range(draw(counts))]
    scalars = {"integer": st.integers(-3, 30), "number": numbers, "boolean": st.booleans(), "null": st.none()}
    return draw(scalars.get(kind, texts))


def jsonschema_result(schema: Any, data: Any) -> bool | None:
    """Valid or not; None where jsonschema itself gives up."""
    try:
        return Draft7Validator(schema).is_valid(data)
    except Exception:
        return None


def has_no_surrogate(data: Any) -> bool:
    """Whether no text in the data is half a surrogate pair, which jsonschema-rs does not read."""
    return "\\ud800" not in json.dumps(data)


def our_result(schema: Any, data: Any) -> bool:
    try:
        Checker(schema).check(data, "output")
    except ValidationError:
        return False
    return True


@settings(max_examples=4 * settings().max_examples)
@given(schema=schemas(), data=any_data)
def test_the_result_is_that_of_jsonschema(schema: Any, data: Any) -> None:
    expected = jsonschema_result(schema, data)
    assert our_result(schema, data) is bool(expected)


@settings(max_examples=4 * settings().max_examples)
@given(schema=schemas(), data=plain_data)
def test_the_fast_validator_agrees_with_jsonschema_in_both_results(schema: Any, data: Any) -> None:
    accepts = compile_validator(schema)
    if accepts is not None and has_no_surrogate(data):
        assert accepts(data) is Draft7Validator(schema).is_valid(data)


@cache
def real_schemas() -> list[Any]:
    """Every third schema of the real configurations."""
    paths = sorted((Path(__file__).parent.parent / "corpus").glob("*/config.json"))
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    actions = [action for document in documents for action in document.get("actions", {}).values()]
    return [schema for action in actions for schema in (action["input_schema"], action["output_schema"])][::3]


@settings(max_examples=2 * settings().max_examples)
@given(draw=st.data())
def test_the_result_is_that_of_jsonschema_on_real_schemas(draw: st.DataObject) -> None:
    schema = draw.draw(st.sampled_from(real_schemas()))
    data = draw.draw(meant_for(schema))
    assert our_result(schema, data) is Draft7Validator(schema).is_valid(data)


def test_nearly_all_real_schemas_are_checked_by_the_fast_validator() -> None:
    judged = [compile_validator(schema) is not None for schema in real_schemas()]
    assert sum(judged) / len(judged) > 0.99


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": [[True]]},
        {"contentEncoding": "base64"},
        {"items": {"$ref": "http://127.0.0.1:1/"}},
        {"$id": "http://example.org/"},
        {"$schema": "https://json-schema.org/draft/2020-12/schema"},
        {"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}},
        {"dependencies": {"a": ["b"]}},
        {"maximum": math.inf},
        {"enum": ("a",)},
        {"required": False},
        {"type": "strng"},
        {"items": 5},
        "text",
        None,
    ],
    ids=repr,
)
def test_schemas_that_are_left_to_jsonschema(schema: Any) -> None:
    assert compile_validator(schema) is None


@pytest.mark.parametrize(
    "data",
    [
        *({"a": ((),)}, {None: 1}, {1}, Word.A),
        *(Text("a"), "\ud800", Mapping(), Sequence(), OrderedDict(), Number.ONE),
    ],
    ids=repr,
)
def test_data_that_is_left_to_jsonschema(data: Any) -> None:
    accepts = compile_validator({"type": ["object", "array", "string", "integer"]})
    assert accepts is not None
    assert not accepts(data)


def test_data_without_end_is_not_walked_for_ever() -> None:
    accepts = compile_validator({"type": "array"})
    assert accepts is not None
    endless: list[Any] = []
    endless += [endless, endless, endless]
    assert not accepts(endless)
    assert our_result({"type": "array"}, endless)
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert not accepts(deep)


@pytest.mark.parametrize("depth", [90, 5000])
def test_a_deep_schema_is_not_compiled_to_death(depth: int) -> None:
    schema: Any = {"type": "string"}
    for _ in range(depth):
        schema = {"items": schema}
    our_result(schema, ["x"])
    assert our_result(schema, []) is True


def test_without_the_fast_validator_jsonschema_decides_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)  # as where the SDK lies in dependencies/ without it
    assert compile_validator({"type": "string"}) is None
    assert our_result({"type": "string"}, "x")
    assert not our_result({"type": "string"}, 1)


def test_nothing_is_fetched_for_a_reference(service: Any) -> None:
    checker: Callable[..., None] = Checker({"properties": {"a": {"$ref": f"{service.url}/schema.json"}}}).check
    with pytest.raises(ValidationError, match="nothing is fetched"):
        checker({"a": 1}, "output")
    assert service.seen == []


def block(*kinds: str) -> dict[str, Any]:
    """A document of blocks that hold blocks."""
    blocks = {"type": "array", "items": {"$ref": "#/definitions/block"}}
    parts = [{"type": "object", "properties": {"type": {"const": kind}, "children": blocks}} for kind in kinds]
    return {"$ref": "#/definitions/block", "definitions": {"block": parts[0] if len(parts) == 1 else {"anyOf": parts}}}


def chain(length: int, *, deeper: bool) -> dict[str, Any]:
    """Definitions each of which has two references to the one before: to the same value, or to its property."""
    made: dict[str, Any] = {"d0": {"type": "object"}}
    for number in range(1, length):
        both = {"oneOf": [{"$ref": f"#/definitions/d{number - 1}"}] * 2}
        made[f"d{number}"] = {"properties": {"a": both}} if deeper else both
    return {"$ref": f"#/definitions/d{length - 1}", "definitions": made}


NODE = {
    "type": "object",
    "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}, "value": {"type": "string"}},
}


@pytest.mark.parametrize(
    ("schema", "followed"),
    [
        ({"$ref": "#/definitions/a", "definitions": {"a": {"type": "string"}}}, True),
        ({"items": {"$ref": "#/$defs/a.b"}, "$defs": {"a.b": {"minLength": 1}}}, True),
        ({"definitions": {"a": {"pattern": "x"}}, "type": "string"}, True),
        ({"$ref": "#/definitions/a", "pattern": "x", "definitions": {"a": {}}}, False),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"pattern": "x"}}}, False),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}}, False),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"allOf": [{"$ref": "#"}]}}}, False),
        ({"$ref": "#/definitions/nowhere"}, False),
        ({"$ref": "#/definitions/a~1b", "definitions": {"a/b": {}}}, False),
        ({"$ref": "#/properties/a", "properties": {"a": {}}}, False),
        ({"$ref": 5}, False),
        (NODE, True),
        (block("text"), True),
        (block("text", "image"), False),
        (chain(5, deeper=False), True),
        (chain(24, deeper=False), False),
        (chain(24, deeper=True), False),
    ],
    ids=str,
)
def test_references_are_followed_where_that_is_bounded(schema: Any, followed: bool) -> None:
    assert (compile_validator(schema) is not None) is followed


TREES = st.recursive(
    st.fixed_dictionaries({}, optional={"value": texts | numbers}),
    lambda inner: st.fixed_dictionaries({}, optional={"next": inner | st.none() | numbers, "value": texts}),
)
LISTS = st.recursive(
    st.fixed_dictionaries({}, optional={"type": st.sampled_from(["text", "image"])}),
    lambda inner: st.fixed_dictionaries({}, optional={"children": st.lists(inner, max_size=2) | numbers}),
)


@given(data=TREES)
def test_a_recursive_schema_gives_the_result_of_jsonschema(data: Any) -> None:
    assert our_result(NODE, data) is Draft7Validator(NODE).is_valid(data)


@given(data=LISTS)
def test_a_recursive_definition_gives_the_result_of_jsonschema(data: Any) -> None:
    assert our_result(block("text"), data) is Draft7Validator(block("text")).is_valid(data)


def odd_items(odd: Any) -> list[Any]:
    """A list that is long enough to be looked through level by level, with one item that is not JSON."""
    return [{"a": [number, "x"], "b": {"c": number / 3}} for number in range(100)] + [{"a": [0, odd]}]


@pytest.mark.parametrize("odd", [(1,), math.nan, Decimal(1), Word.A, {1: 2}, b"x", [[1, (2,)]]], ids=repr)
@pytest.mark.parametrize(
    "rule", [{"type": "array"}, {"type": "string"}, {"maximum": 5}, {"not": {"type": "number"}}, {}]
)
def test_in_a_long_list_too_the_result_is_that_of_jsonschema(odd: Any, rule: Any) -> None:
    schema = {"items": {"properties": {"a": {"items": [{}, rule]}}}}
    data = odd_items(odd)[-1:] * 70
    assert our_result(schema, data) is Draft7Validator(schema).is_valid(data)


def test_a_long_list_is_decided_without_jsonschema() -> None:
    accepts = compile_validator({"items": {"properties": {"a": {"type": "array"}}}})
    assert accepts is not None
    assert accepts(odd_items("x"))
    assert not accepts(odd_items((1,)))
