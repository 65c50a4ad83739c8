"""The result equals that of jsonschema's Draft7Validator, whatever the schema and the data.

The fast validator only says what is certainly valid. That it says so of what it is meant for is held here, too.
"""

import json
import math
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
from autohive_integrations_sdk._schema_survey import Survey
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.case_tables import each_case

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


@settings(max_examples=3 * settings().max_examples)
@given(schema=schemas(), data=any_data, form=st.sampled_from(["alone", "not", "oneOf", "if"]))
def test_what_the_fast_validator_accepts_is_valid(schema: Any, data: Any, form: str) -> None:
    """Also below ``not`` and the like, where a wrong "invalid" makes valid."""
    rejecting = {
        "not": {"not": schema},
        "oneOf": {"oneOf": [schema, {"minItems": 1}]},
        "if": {"if": schema, "then": False},
    }
    wrapped = rejecting.get(form, schema)
    accepts = compile_validator(wrapped)
    assert accepts is None or not accepts(data) or jsonschema_result(wrapped, data)


@settings(max_examples=2 * settings().max_examples)
@given(schema=schemas(), data=plain_data)
def test_the_fast_validator_knows_what_is_valid_by_the_usual_keywords(schema: Any, data: Any) -> None:
    accepts = compile_validator(schema)
    is_left = any(f'"{keyword}"' in json.dumps(schema) for keyword in LEFT_TO_JSONSCHEMA)
    if accepts is not None and not is_left and Survey(schema).is_well_formed:
        assert accepts(data) is Draft7Validator(schema).is_valid(data)


LEFT_TO_JSONSCHEMA = ("pattern", "patternProperties", "dependencies", "multipleOf", "uniqueItems", "enum", "const")
"""Keywords that the fast validator does not decide for all values."""


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


@each_case(
    "schema",
    [
        {"items": {"$ref": "http://127.0.0.1:1/"}},
        {"$ref": None},
        {"$id": "http://example.org/"},
        {"$schema": "https://json-schema.org/draft/2020-12/schema"},
        {"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}},
        {"anyOf": [{"type": "string"}] * 5001},
        "text",
        None,
    ],
)
def test_schemas_that_are_left_to_jsonschema(schema: Any) -> None:
    assert compile_validator(schema) is None


@each_case(
    ("schema", "unsure", "sure"),
    [
        ({"enum": [[1], 1]}, [1], 1),
        ({"not": {"enum": [[True], 1]}}, [1], 2),
        ({"dependencies": {"a": ["b"]}}, {}, "x"),
        ({"patternProperties": {"a": {}}}, {}, "x"),
        ({"multipleOf": 0.1}, 1, "x"),
        ({"not": {"multipleOf": 0.1}}, 1, None),
        ({"anyOf": [{"type": "string", "multipleOf": 0.5}, {"type": "number"}]}, math.inf, None),
        ({"uniqueItems": True}, [1, 2], ["a", "b"]),
        ({"maximum": math.inf}, 1, "x"),
        ({"maximum": True}, 1, "x"),
        ({"enum": ("a",)}, "a", None),
        ({"required": False}, {}, "x"),
        ({"type": "object", "properties": []}, {}, None),
        ({"properties": {"a": {"type": "string", "required": False}}}, {"a": {}}, {"a": "x"}),
        ({"items": 5}, [1], []),
        ({"items": True, "additionalItems": True}, [], {}),
        ({"pattern": "["}, "x", 1),
        ({"pattern": "x"}, "x", 1),
        ({"type": "strng"}, "x", None),
        ({"anyOf": [{"type": "object", "required": False}, {"type": "string"}]}, "x", None),
        ({"not": {"type": "object", "required": False}}, "x", None),
        ({"not": {"type": "array"}}, (1,), 1),
        ({"anyOf": [{"minimum": 0}, True]}, Decimal("NaN"), -1),
        ({"contains": {"minimum": 0}}, [Decimal("NaN"), 1], [-1, 1]),
        ({"oneOf": [{"type": "string"}, {"minLength": 3}]}, Word.A, "a"),
        ({"if": {"type": "string"}, "then": False}, Text("a"), 1),
    ],
)
def test_what_is_not_certain_is_left_to_jsonschema(schema: Any, unsure: Any, sure: Any) -> None:
    accepts = compile_validator(schema)
    assert accepts is not None
    assert not accepts(unsure)
    if sure is not None:
        assert accepts(sure)
        assert Draft7Validator(schema).is_valid(sure)


RULES = [
    *({"minimum": 3}, {"maximum": 2}, {"multipleOf": 5}, {"minLength": 3}, {"maxLength": 0}, {"required": ["z"]}),
    *({"minItems": 3}, {"items": False}, {"contains": False}, {"additionalProperties": False}, {"minProperties": 3}),
]


@pytest.mark.parametrize("kind", ["boolean", "null", "string", "integer", "number", "array", "object"])
def test_keywords_apply_to_values_of_their_type_alone(kind: str) -> None:
    for rule in RULES:
        part = {"type": kind, **rule}
        for schema in (part, {"not": {"required": ["a"], "properties": {"a": {"properties": {"b": part}}}}}):
            accepts, validator = compile_validator(schema), Draft7Validator(schema)
            assert accepts is not None
            for data in (True, None, "ab", 1, 1.5, 7, [1], {"a": 1}):
                value = data if schema is part else {"a": {"b": data}}
                assert accepts(value) is validator.is_valid(value), (schema, value)


@each_case(
    "data",
    [*((), {1}, Word.A, Text("a"), Mapping(), Sequence(), OrderedDict(), Number.ONE, Decimal(1), b"")],
)
def test_values_of_other_types_are_left_to_jsonschema(data: Any) -> None:
    accepts = compile_validator({"type": ["object", "array", "string", "integer"]})
    assert accepts is not None
    assert not accepts(data)


@each_case("name", ["'", '"', "\\", "\n", "']: raise SystemExit\n#", "{0}", "%s", "\x00", "\ud800", "\u2028", "v"])
def test_names_and_options_are_no_code(name: str) -> None:
    part = {"enum": [name], "minLength": len(name)}
    schema = {"required": [name], "properties": {name: part}, "additionalProperties": {"const": name}}
    for each in (schema, {"not": {"not": schema}}):
        accepts = compile_validator(each)
        assert accepts is not None
        assert accepts({name: name, "other": name})
        assert not accepts({name: name, "other": "x"})
        assert not accepts({name: "x"})
        assert not accepts({})


def test_data_without_end_is_not_walked_for_ever() -> None:
    accepts = compile_validator({"type": "array"})
    assert accepts is not None
    endless: list[Any] = []
    endless += [endless, endless, endless]
    assert accepts(endless)
    for schema in ({"items": {"$ref": "#"}}, {"contains": {"$ref": "#"}}, {"contains": {"contains": {"$ref": "#"}}}):
        accepts = compile_validator(schema)
        assert accepts is not None
        assert not accepts(endless)
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


def test_deep_data_under_a_deep_schema_is_decided() -> None:
    schema: Any = {"type": "string"}
    data: Any = "x"
    for _ in range(150):
        schema = {"type": "object", "properties": {"a": {"type": "array", "items": schema}}}
        data = {"a": [data]}
    accepts = compile_validator(schema)
    assert accepts is not None
    assert accepts(data)


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


@each_case(
    ("schema", "followed"),
    [
        ({"$ref": "#/definitions/a", "definitions": {"a": {"type": "string"}}}, True),
        ({"items": {"$ref": "#/$defs/a.b"}, "$defs": {"a.b": {"minLength": 1}}}, True),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"properties": 5, "allOf": 5}}}, True),
        ({"definitions": {"a": {"pattern": "x"}}, "type": "string"}, True),
        ({"$ref": "#/definitions/a", "pattern": "x", "definitions": {"a": {}}}, True),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}}, False),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"allOf": [{"$ref": "#"}]}}}, False),
        ({"$ref": "#/definitions/nowhere"}, False),
        ({"$ref": "#/definitions/a~1b", "definitions": {"a/b": {}}}, False),
        ({"$ref": "#/properties/a", "properties": {"a": {}}}, True),
        ({"properties": {"a": {"type": "array", "items": {"$ref": "#/properties/a"}}}}, True),
        ({"$ref": "#/properties/a/properties/b", "properties": {"a": {"$id": "x", "properties": {"b": {}}}}}, False),
        ({"$ref": "#/allOf/0", "allOf": [{}]}, False),
        ({"$ref": 5}, False),
        (NODE, True),
        (block("text"), True),
        (block("text", "image"), False),
        (chain(5, deeper=False), True),
        (chain(24, deeper=False), False),
        (chain(24, deeper=True), False),
    ],
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


PROPERTY = {
    "properties": {"type": {"const": "text"}, "children": {"type": "array", "items": {"$ref": "#/properties/it"}}}
}
PROPERTY["properties"]["it"] = {"type": "object", "properties": {**PROPERTY["properties"]}}


@given(data=LISTS)
@pytest.mark.parametrize("schema", [block("text"), PROPERTY], ids=["definition", "property"])
def test_a_reference_to_what_it_stands_in_gives_the_result_of_jsonschema(schema: Any, data: Any) -> None:
    assert our_result(schema, data) is Draft7Validator(schema).is_valid(data)


def odd_items(odd: Any) -> list[Any]:
    """A list whose last item holds something that is not JSON."""
    return [{"a": [number, "x"], "b": {"c": number / 3}} for number in range(100)] + [{"a": [0, odd]}]


@each_case("odd", [(1,), math.nan, Decimal(1), Word.A, {1: 2}, b"x", [[1, (2,)]]])
@each_case("rule", [{"type": "array"}, {"type": "string"}, {"maximum": 5}, {"not": {"type": "number"}}, {}])
def test_in_a_long_list_too_the_result_is_that_of_jsonschema(odd: Any, rule: Any) -> None:
    schema = {"items": {"properties": {"a": {"items": [{}, rule]}}}}
    data = odd_items(odd)[-1:] * 70
    assert our_result(schema, data) is Draft7Validator(schema).is_valid(data)


def test_a_long_list_is_decided_without_jsonschema() -> None:
    accepts = compile_validator({"items": {"properties": {"a": {"items": {"type": ["integer", "string"]}}}}})
    assert accepts is not None
    assert accepts(odd_items("x"))
    assert not accepts(odd_items((1,)))
