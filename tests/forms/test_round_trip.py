"""value -> HTML -> what a browser posts -> value: the same JSON text, whatever the schema and the value are."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.case_tables import each_case
from workbench import forms
from workbench.domain import ABSENT, JSON

type Submit = Callable[..., list[tuple[str, str]]]

TEXTS = [
    "",
    " ",
    " a\n",
    "\n",
    "\n\na",
    "a\r\nb",
    "a\rb",
    "\t",
    "<script>alert(1)</script>",
    "\"'&amp;",
    "{{7*7}}",
    "é😀",
]
TEXTS += ["\0", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe", "\ufeff", "\u2028", "１２", "null", "a.b", "-", "0"]
NUMBERS: list[JSON] = [
    0,
    -0.0,
    1,
    1.0,
    1e22,
    1e-7,
    9007199254740993,
    10**30,
    -(10**400),
    5e-324,
    1.7976931348623157e308,
]
FIXTURES: dict[str, JSON] = {
    "ref": {
        "$ref": "#/definitions/a",
        "definitions": {
            "a": {"type": "object", "properties": {"x": {"$ref": "#/definitions/b"}}},
            "b": {"type": "integer"},
        },
    },
    "all of": {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
            {"properties": {"b": {"type": "number", "minimum": 0}, "a": {"maxLength": 5}}},
        ]
    },
    "if": {
        "type": "object",
        "properties": {"kind": {"enum": ["card", "bank"]}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "card"}}},
        "then": {"properties": {"number": {"type": "string"}}},
        "else": {"properties": {"iban": {"type": "string"}, "number": {"type": "integer"}}},
    },
    "const": {
        "type": "object",
        "properties": {"a": {"const": "x"}, "b": {"const": {"k": [1, None]}}, "c": {"const": None}},
    },
    "tuple": {
        "type": "array",
        "items": [{"type": "string"}, {"type": "integer"}],
        "additionalItems": {"type": "boolean"},
    },
    "closed tuple": {
        "type": "object",
        "properties": {
            "t": {
                "type": "array",
                "items": [{"type": "string"}, {"type": ["null", "number"]}],
                "additionalItems": False,
            }
        },
    },
    "patterns": {
        "type": "object",
        "properties": {
            "p": {
                "type": "object",
                "patternProperties": {"^x-": {"type": "string"}, "^n": {"type": "integer"}, "^x-n": {"minLength": 1}},
                "additionalProperties": {"type": "boolean"},
            }
        },
    },
    "closed patterns": {
        "type": "object",
        "patternProperties": {"^x-": {"type": "array", "items": {"type": "number"}}},
        "additionalProperties": False,
    },
    "dependencies": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "dependencies": {"a": ["b"], "b": {"properties": {"c": {"type": "boolean"}}, "required": ["c"]}},
    },
    "one of": {
        "oneOf": [
            {"type": "string", "maxLength": 3},
            {
                "type": "object",
                "properties": {"a": {"type": "integer"}},
                "required": ["a"],
                "additionalProperties": False,
            },
            {"type": "array", "items": {"type": "string"}},
        ]
    },
    "alike branches": {
        "type": "object",
        "properties": {
            "s": {
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {"kind": {"const": "a"}, "v": {"type": "string"}},
                        "required": ["kind", "v"],
                    },
                    {
                        "type": "object",
                        "properties": {"kind": {"const": "b"}, "v": {"type": "integer"}},
                        "required": ["kind", "v"],
                    },
                ]
            }
        },
    },
    "any of": {
        "type": "object",
        "properties": {
            "a": {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]},
            "b": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        },
    },
    "type lists": {
        "type": "object",
        "properties": {
            "a": {"type": ["string", "null"]},
            "b": {"type": ["integer", "null"]},
            "c": {"type": ["object", "null"]},
            "d": {"type": ["array", "null"]},
            "e": {"type": ["boolean", "null"]},
            "f": {"type": ["string", "number", "object", "array", "boolean", "null"]},
            "g": {"type": ["integer", "number"]},
        },
    },
    "enums": {
        "type": "object",
        "properties": {
            "a": {"enum": [1, "1", None, True, {"x": 1}, [1], "", " "]},
            "b": {"type": "integer", "enum": [1, 2]},
            "c": {"enum": [0.5, 1.0]},
        },
    },
    "constants with titles": {
        "type": "object",
        "properties": {"a": {"oneOf": [{"const": 1, "title": "One"}, {"const": "two"}]}},
    },
    "anything": {},
    "true": True,
    "root array": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}},
    "root text": {"type": "string"},
    "root nullable": {"type": ["array", "null"], "items": {"type": "integer"}},
    "nested arrays": {
        "type": "object",
        "properties": {"a": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}},
    },
    "required objects": {
        "type": "object",
        "properties": {
            "a": {
                "type": "object",
                "properties": {"b": {"type": "object", "properties": {"c": {"type": "string"}}, "required": ["c"]}},
                "required": ["b"],
            }
        },
        "required": ["a"],
    },
    "formats": {
        "type": "object",
        "properties": {
            name: {"type": "string", "format": name}
            for name in ("date", "date-time", "time", "email", "uri", "byte", "made-up")
        },
    },
    "free": {
        "type": "object",
        "properties": {
            "o": {"type": "object"},
            "l": {"type": "array"},
            "m": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    },
    "strange names": {
        "type": "object",
        "properties": {
            name: {"type": "string"}
            for name in (
                "",
                " ",
                "a.b",
                "a/b",
                "a~b",
                "_x",
                "required",
                "properties",
                "data",
                "<b>",
                '"',
                "\n",
                "é",
                "\0",
                "op",
                "root",
            )
        },
    },
}


JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from(NUMBERS)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(TEXTS)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TEXTS) | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def likely(schema: Any, root: Any) -> st.SearchStrategy[Any]:
    """Values that are probably valid for one of the fixtures; the caller keeps those that are."""
    if not isinstance(schema, dict):
        return JSONS
    if "$ref" in schema:
        return st.deferred(lambda: likely(root["definitions"][schema["$ref"].rpartition("/")[2]], root))
    for keyword in ("oneOf", "anyOf", "allOf"):
        if keyword in schema:
            rest = {k: v for k, v in schema.items() if k != keyword}
            if keyword == "allOf":
                names = {k: v for part in schema[keyword] for k, v in part.get("properties", {}).items()}
                return likely({**rest, "type": "object", "properties": names}, root)
            return st.one_of([likely({**rest, **part}, root) for part in schema[keyword]])
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    kinds = schema.get("type", ["object"] if {"properties", "patternProperties"} & schema.keys() else None)
    if kinds is None:
        return JSONS
    return st.one_of([typed(kind, schema, root) for kind in (kinds if isinstance(kinds, list) else [kinds])])


def typed(kind: str, schema: Any, root: Any) -> st.SearchStrategy[Any]:
    """Values of one type."""
    if kind == "string":
        return st.sampled_from(TEXTS) | st.text(max_size=6)
    if kind == "array":
        items = schema.get("items", True)
        if isinstance(items, list):
            head = st.tuples(*(likely(item, root) for item in items)).map(list)
            return st.builds(
                lambda a, b, end: (a + b)[:end], head, st.lists(st.booleans(), max_size=2), st.integers(0, 4)
            )
        return st.lists(likely(items, root), max_size=3)
    if kind == "object":
        known = dict(schema.get("properties", {}))
        for part in (schema.get("then"), schema.get("else"), *schema.get("dependencies", {}).values()):
            known.update(part.get("properties", {}) if isinstance(part, dict) else {})
        named = {name: likely(part, root) for name, part in known.items()}
        others = st.dictionaries(
            st.sampled_from(["x-a", "x-n", "n", "zz", "", "a.b"]),
            st.booleans() | st.text(max_size=3) | st.integers() | JSONS,
            max_size=2,
        )
        required = {name: named.pop(name) for name in schema.get("required", []) if name in named}
        return st.builds(
            shuffled, st.fixed_dictionaries(required, optional=named), others, st.randoms(use_true_random=False)
        )
    return {
        "integer": st.integers(),
        "boolean": st.booleans(),
        "null": st.none(),
        "number": st.sampled_from(NUMBERS) | st.floats(allow_nan=False, allow_infinity=False),
    }[kind]


def shuffled(a: dict[str, Any], b: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Both, in any order."""
    both = {**b, **a}
    order = list(both)
    draw.shuffle(order)
    return {name: both[name] for name in order}


def same(submit: Submit, schema: JSON, value: JSON) -> None:
    """Assert that ``value`` comes back with the same text, without an error."""
    reading = forms.read(schema, submit(forms.open_form(schema, value).markup))
    assert reading.value is not ABSENT
    assert json.dumps(reading.value) == json.dumps(value)
    assert reading.errors == ()


def sample(schema: Any, draw: random.Random, depth: int = 0) -> Any:
    """A valid value of one of the corpus's schemas, with awkward texts and numbers."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    if "oneOf" in schema:
        return sample(
            {**{k: v for k, v in schema.items() if k != "oneOf"}, **draw.choice(schema["oneOf"])}, draw, depth
        )
    kind = schema.get("type", "object" if "properties" in schema else draw.choice(["string", "object", "array"]))
    kind = draw.choice(kind) if isinstance(kind, list) else kind
    if kind == "object":
        return sample_object(schema, draw, depth)
    if kind == "array":
        low, high = schema.get("minItems", 0), min(schema.get("maxItems", 3), schema.get("minItems", 0) + 3)
        return [
            sample(schema.get("items", {"type": "string"}), draw, depth + 1) for _ in range(draw.randint(low, high))
        ]
    if kind == "string":
        return draw.choice([text for text in TEXTS if len(text) <= schema.get("maxLength", 99)])
    low, high = schema.get("minimum", -(10**20)), schema.get("maximum", 10**20)
    if kind == "integer":
        return draw.randint(int(low), max(int(low), int(high)))
    if kind == "number":
        return draw.choice([float(low), low + (high - low) / 3])
    return draw.choice([True, False]) if kind == "boolean" else None


def sample_object(schema: Any, draw: random.Random, depth: int) -> Any:
    """Members in any order, a few unknown ones among them."""
    names = [name for name in schema.get("properties", {}) if name in schema.get("required", []) or draw.random() < 0.6]
    value = {name: sample(schema["properties"][name], draw, depth + 1) for name in names}
    if schema.get("additionalProperties", True) is not False and draw.random() < 0.3:
        extra = schema.get("additionalProperties")
        value[draw.choice(["zz", "", "a.b", "\0", "x\ny"])] = sample(extra if isinstance(extra, dict) else {}, draw, 9)
    order = list(value)
    draw.shuffle(order)
    return {name: value[name] for name in order}


def test_values_of_all_700_actions_come_back(
    corpus_inputs: list[tuple[str, JSON]], spread: Callable[[list[Any]], list[Any]], submit: Submit
) -> None:
    draw = random.Random(7)
    for name, schema in spread(corpus_inputs):
        value = sample(schema, draw)
        reading = forms.read(schema, submit(forms.open_form(schema, value).markup))
        assert json.dumps(reading.value) == json.dumps(value), name
        assert reading.errors == (), name


def test_auth_values_come_back_but_for_secrets_which_never_reach_the_page(
    corpus_auth: list[tuple[str, JSON]], submit: Submit
) -> None:
    assert len(corpus_auth) > 10
    for name, schema in corpus_auth:
        assert isinstance(schema, dict)
        value = {key: f"geheim-{index}" for index, key in enumerate(schema.get("properties", {}))}
        markup = forms.open_form(schema, value, prefix="auth").markup
        hidden = [value[key] for key, part in schema["properties"].items() if part.get("format") == "password"]
        assert not [text for text in hidden if text in markup], name
        reading = forms.read(schema, submit(markup), prefix="auth", previous=value)
        assert json.dumps(reading.value) == json.dumps(value), name


@pytest.mark.parametrize("name", FIXTURES)
def test_generated_values_come_back(name: str, submit: Submit) -> None:
    schema = FIXTURES[name]

    @settings(
        max_examples=settings().max_examples // 5,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    @given(value=likely(schema, schema).filter(Draft7Validator(schema).is_valid))
    def holds(value: JSON) -> None:
        same(submit, schema, value)

    holds()


@each_case("name", FIXTURES)
def test_values_that_the_schema_does_not_allow_come_back_too(name: str, submit: Submit) -> None:
    schema = FIXTURES[name]
    members = list(schema.get("properties", {"a": 0})) if isinstance(schema, dict) else ["a"]

    @settings(
        max_examples=settings().max_examples // 5,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    @given(value=JSONS | st.dictionaries(st.sampled_from(members), JSONS))
    def holds(value: JSON) -> None:
        same(submit, schema, value)

    holds()


RECURSIVE: JSON = {
    "definitions": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": "#/definitions/node"}},
                "next": {"$ref": "#/definitions/node"},
            },
            "required": ["name"],
        }
    },
    "$ref": "#/definitions/node",
}


@each_case("depth", [0, 1, 2, 5, 11, 12, 13, 40])
def test_recursive_values_come_back(depth: int, submit: Submit) -> None:
    value: dict[str, JSON] = {"name": "leaf", "extra": [1, {"": None}]}
    for level in range(depth):
        value = {"next": value, "name": f"n{level}", "children": [{"name": "c", "children": []}]}
    same(submit, RECURSIVE, value)


@each_case("value", NUMBERS)
def test_numbers_keep_their_text(value: JSON, submit: Submit) -> None:
    same(submit, {"type": "object", "properties": {"n": {"type": "number"}, "any": {}}}, {"n": value, "any": [value]})


@each_case("value", TEXTS)
def test_texts_keep_every_character(value: str, submit: Submit) -> None:
    schema: JSON = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "m": {"type": "object", "additionalProperties": {"type": "string"}}},
    }
    same(submit, schema, {"a": value, "m": {value: value}, f"zz{value}": [value]})


def test_a_value_with_thousands_of_nodes_comes_back(submit: Submit) -> None:
    value: JSON = {"rows": [{"id": i, "tags": ["a", "b"]} for i in range(3000)], "small": [1]}
    schema: JSON = {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}},
            "small": {"type": "array", "items": {"type": "integer"}},
        },
    }
    pairs = submit(forms.open_form(schema, value).markup)
    assert len(pairs) < forms.MAX_PARTS
    assert forms.read(schema, pairs).value == value


def test_two_forms_on_a_page_do_not_mix(submit: Submit) -> None:
    schema: JSON = {"type": "object", "properties": {"a": {"type": "string"}}}
    pairs = submit(
        forms.open_form(schema, {"a": "one"}, prefix="inputs").markup
        + forms.open_form(schema, {"a": "two"}, prefix="inputs2").markup
    )
    assert forms.read(schema, pairs, prefix="inputs").value == {"a": "one"}
    assert forms.read(schema, pairs, prefix="inputs2").value == {"a": "two"}
