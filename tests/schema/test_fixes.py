"""Every mend that is offered was tried: it is applied here again, and the file keeps all but the mended lines."""

import difflib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.jsondoc.patch import PatchError, add, apply, move, remove, replace, under
from workbench.jsondoc.rewrite import rewrite
from workbench.jsondoc.strict import JsonError
from workbench.schema import Fix, check_schema, diagnose, find_fixes


def fixes(schema: Any, value: Any, earlier: Any = ()) -> tuple[Fix, ...]:
    return find_fixes(schema, value, diagnose(schema, value).errors[0], earlier)


def patches(schema: Any, value: Any, target: str, earlier: Any = ()) -> list[Any]:
    return [list(fix.patch) for fix in fixes(schema, value, earlier) if fix.target == target]


OBJECT = {"type": "object", "properties": {"n": {"type": "integer"}, "name": {"type": "string"}}, "required": ["name"]}


@each_case(
    ("schema", "value", "first"),
    [
        (OBJECT, {"name": "x", "n": "5"}, replace("/n", 5)),
        (OBJECT, {"name": 5}, replace("/name", "5")),
        (OBJECT, {"Name": "x"}, move("/Name", "/name")),
        (OBJECT, {}, add("/name", "")),
        ({"properties": {"a": {"default": "d"}}, "required": ["a"]}, {}, add("/a", "d")),
        ({"properties": {"name": {}}, "additionalProperties": False}, {"nmae": 1}, move("/nmae", "/name")),
        ({"properties": {}, "additionalProperties": False}, {"x": 1}, remove("/x")),
        ({"items": {"enum": ["Open", "Shut"]}}, ["open"], replace("/0", "Open")),
        ({"type": "array", "items": {"type": "string"}}, "x", replace("", ["x"])),
        ({"maximum": 5}, 7, replace("", 5)),
        ({"exclusiveMinimum": 5}, 5, replace("", 6)),
        ({"multipleOf": 5}, 12, replace("", 10)),
        ({"maxLength": 3}, "abc ", replace("", "abc")),
        ({"maxItems": 1}, [1, 2], remove("/1")),
        ({"uniqueItems": True}, [1, 1], remove("/1")),
        ({"pattern": "^[a-z]+$"}, "Abc", replace("", "abc")),
        ({"properties": {"a": False}}, {"a": 1}, remove("/a")),
        ({"oneOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}, ["5"], replace("/0", 5)),
    ],
)
def test_the_smallest_change_of_data_comes_first(schema: Any, value: Any, first: Any) -> None:
    assert patches(schema, value, "data")[0] == [first]


@each_case(
    ("schema", "value", "patch"),
    [
        (OBJECT, {"name": None}, [replace("/properties/name/type", ["string", "null"])]),
        ({"type": "integer"}, 1.5, [replace("/type", "number")]),
        ({"type": "string", "nullable": True}, None, [replace("/type", ["string", "null"]), remove("/nullable")]),
        ({"type": "string", "enum": ["a"]}, None, [replace("/type", ["string", "null"]), add("/enum/-", None)]),
        (OBJECT, {"n": 1}, [remove("/required")]),
        ({"required": ["a", "b"]}, {"a": 1}, [remove("/required/1")]),
        ({"enum": ["a"]}, "b", [add("/enum/-", "b")]),
        ({"const": "a"}, "b", [remove("/const"), add("/enum", ["a", "b"])]),
        ({"maximum": 5}, 7, [replace("/maximum", 7)]),
        ({"additionalProperties": False}, {"x": 1}, [add("/properties", {"x": {"type": "integer"}})]),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 3, [move("/oneOf", "/anyOf")]),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "x", [add("/anyOf/-", {"type": "string"})]),
        (
            {"properties": {"a": {"type": "object", "required": True}}},
            {"a": {}},
            [remove("/properties/a/required"), add("/required", ["a"])],
        ),
    ],
)
def test_the_smallest_change_of_the_schema_comes_first(schema: Any, value: Any, patch: Any) -> None:
    assert patches(schema, value, "schema")[0] == patch


def test_an_offer_says_how_its_trial_went() -> None:
    first = next(fix for fix in fixes(OBJECT, {"name": None}, [{"name": "x"}, {}]) if fix.target == "schema")
    assert (first.remaining, first.earlier, first.passing) == (0, 2, 1)


def test_a_change_that_refuses_a_recorded_value_is_not_offered() -> None:
    schema = {"items": {"required": ["a"], "additionalProperties": False, "properties": {"a": True}}}
    for earlier in ([[{"a": 1}]], [[]]):
        for fix in fixes(schema, [{"b": 1}], earlier):
            if fix.target == "schema":
                assert all(diagnose(apply(schema, fix.patch), value).valid for value in earlier)
    own = {"oneOf": [{"const": 1}, {"const": 2}]}
    only_one = find_fixes(own, 3, diagnose(own, 3).errors[0], [1, 2])
    assert all(diagnose(apply(own, fix.patch), 1).valid for fix in only_one if fix.target == "schema")


def test_every_offer_for_every_mutation_of_the_corpus_holds(
    corpus_schemas: list[Any], mutate: Callable[[Any], Any], step: Callable[[int], int]
) -> None:
    tried = offered = 0
    every = step(5)
    for schema in corpus_schemas[::151]:
        for mutation in mutate(schema, 7 * every):
            tried += 1
            fault = diagnose(schema, mutation.value).errors[0]
            found = find_fixes(schema, mutation.value, fault, [mutation.valid])
            offered += bool({fix.target for fix in found} >= {"schema"})
            for fix in found:
                on_data = fix.target == "data"
                new_schema = schema if on_data else apply(schema, fix.patch)
                new_value = apply(mutation.value, fix.patch) if on_data else mutation.value
                after = diagnose(new_schema, new_value).errors
                assert fault not in after and len(after) == fix.remaining
                assert not check_schema(new_schema)
                assert diagnose(new_schema, mutation.valid).valid
    assert tried > 100 / every
    assert offered > 0.95 * tried, (offered, tried)


CONFIG = """{
\t"name":   "caf\\u00e9",
    "actions": {"a": {"output_schema": {
        "type": "object",
        "properties": {
            "id": { "type": "string" },
            "names": ["a",
                      "b"]
        },
        "required": ["id", "names"]
    }}},
    "empty": {}, "list": []
}
"""
BASE = "/actions/a/output_schema"


@pytest.mark.parametrize(
    ("operation", "removed", "added"),
    [
        (replace("/properties/id/type", ["string", "null"]), ['            "id": { "type": "string" },'],
         ['            "id": { "type": ["string", "null"] },']),
        (remove("/required/0"), ['        "required": ["id", "names"]'], ['        "required": ["names"]']),
        (remove("/required"), ["        },", '        "required": ["id", "names"]'], ["        }"]),
        (add("/required/-", "x"), ['        "required": ["id", "names"]'],
         ['        "required": ["id", "names", "x"]']),
        (add("/properties/x", {"type": "null"}), ['                      "b"]'],
         ['                      "b"],', '            "x": { "type": "null" }']),
        (add("/properties/names/0", "z"), ['            "names": ["a",'], ['            "names": ["z", "a",']),
        (remove("/properties/id"), ['            "id": { "type": "string" },'], []),
    ],
)  # fmt: skip
def test_only_the_mended_lines_differ(operation: Any, removed: list[str], added: list[str]) -> None:
    new = rewrite(CONFIG, under(BASE, [operation]))
    lines = [line for line in difflib.ndiff(CONFIG.splitlines(), new.splitlines()) if line[0] in "+-"]
    assert [line[2:] for line in lines if line[0] == "-"] == removed
    assert [line[2:] for line in lines if line[0] == "+"] == added
    assert json.loads(new) == apply(json.loads(CONFIG), under(BASE, [operation]))


def test_renaming_keeps_the_place_and_line_ends_are_kept() -> None:
    text = CONFIG.replace("\n", "\r\n")
    new = rewrite(text, [move(f"{BASE}/type", f"{BASE}/kind"), add("/empty/x", 1)])
    assert new == text.replace('"type": "object"', '"kind": "object"').replace(
        '"empty": {}', '"empty": {\r\n        "x": 1\r\n    }'
    )


def test_a_new_member_ends_its_line_as_the_others_do() -> None:
    text = CONFIG.replace("\n", "\r\n")
    new = rewrite(text, [add(f"{BASE}/properties/x", True)])
    assert new == text.replace('                      "b"]', '                      "b"],\r\n            "x": true')


def test_a_text_that_cannot_be_changed_is_said() -> None:
    with pytest.raises(PatchError):
        rewrite(CONFIG, [remove("/nothing")])
    for broken in ("", "{", '{"a" 1}', "[1,]", "[1] 2", "[" * 100_000):
        with pytest.raises(JsonError):
            rewrite(broken, [add("/a", 1)])
    assert rewrite('{"a": 1, "a": 2}', [replace("/a", 3)]) == '{"a": 1, "a": 3}'
    assert rewrite(CONFIG, []) == CONFIG
    assert rewrite('\ufeff{"a": 1}', [replace("/a", 3)]) == '\ufeff{"a": 3}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('aé"\\/~\n', max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab/~é"', max_size=2), inner, max_size=3),
    max_leaves=8,
)
STYLES = st.sampled_from(
    [
        {"indent": 2},
        {"indent": 4},
        {"indent": "\t"},
        {},
        {"separators": (",", ":")},
        {"indent": 2, "ensure_ascii": False},
    ]
)


@settings(max_examples=3 * settings().max_examples)
@given(st.dictionaries(st.sampled_from("abc"), JSON, min_size=1, max_size=3), STYLES, JSON, st.data())
def test_text_and_value_change_alike(document: Any, style: Any, value: Any, data: Any) -> None:
    from workbench.jsondoc import pointer as pointers
    from workbench.schema.refs import items_of

    places = [""]
    for place in places:
        places += [pointers.join(place, name) for name, _ in items_of(pointers.resolve(document, place))]
    place = data.draw(st.sampled_from(places[1:]))
    holder = pointers.resolve(document, pointers.parent(place))
    new = pointers.join(pointers.parent(place), "-" if isinstance(holder, list) else "new")
    operation = data.draw(st.sampled_from([replace(place, value), remove(place), add(new, value), add(place, value)]))
    text = json.dumps(document, **style) + "\n"
    changed = rewrite(text, [operation])
    assert json.loads(changed) == apply(document, [operation])
    assert changed.endswith("\n")


def test_a_mend_of_every_corpus_file_changes_few_lines(corpus: list[Path]) -> None:
    for folder in corpus:
        text = (folder / "config.json").read_bytes().decode("utf-8")
        config = json.loads(text)
        name, action = next(iter(config["actions"].items()))
        base = f"/actions/{name}/output_schema"
        operation = replace(f"{base}/type", ["object", "null"])
        assert action["output_schema"]["type"]
        new = rewrite(text, [operation])
        old_lines, new_lines = text.splitlines(keepends=True), new.splitlines(keepends=True)
        assert len(old_lines) == len(new_lines)
        assert sum(a != b for a, b in zip(old_lines, new_lines, strict=True)) == 1
