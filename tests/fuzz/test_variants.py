"""Which changes are made of a recorded run, and which of them are drawn."""

import json
from typing import Any

import pytest

from workbench.domain import Exchange, Headers, Replacement, Request, Response, RuleAction
from workbench.fuzz import ChangeKind, Variant, choose
from workbench.fuzz.answer_changes import answer_variants
from workbench.fuzz.input_changes import input_variants
from workbench.jsondoc import pointer as pointers

JSON_TYPE: Headers = (("Content-Type", "application/json"),)


def exchange(number: int, body: Any, *, url: str = "https://a.example/items?page=1", method: str = "GET") -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Response(200, headers=JSON_TYPE, body=raw, size=len(raw))
    return Exchange(number, number, 1, "aiohttp", Request(method, url), 0.0, 0.1, response)


def values(*exchanges: Exchange) -> set[tuple[str, ChangeKind]]:
    return {(each.pointer, each.kind) for each in answer_variants(exchanges) if each.kind.is_of_value}


def test_each_value_of_a_body_is_changed_in_each_way_that_changes_it() -> None:
    made = values(exchange(1, {"name": "Ada", "tags": [{"id": 1}, {"id": 2}], "none": None, "empty": []}))
    assert {kind for pointer, kind in made if pointer == "/name"} == {
        ChangeKind.NULL, ChangeKind.ABSENT, ChangeKind.OTHER_TYPE, ChangeKind.LONG_TEXT,
    }  # fmt: skip
    assert ("/tags", ChangeKind.EMPTY) in made
    assert ("/empty", ChangeKind.EMPTY) not in made
    assert ("/none", ChangeKind.NULL) not in made
    assert ("/tags/0/id", ChangeKind.NULL) in made
    assert not any(pointer.startswith("/tags/1") for pointer, _ in made)  # the first item stands for the others


def test_a_change_is_for_the_turn_of_its_request() -> None:
    first, second = exchange(1, {"a": 1}), exchange(2, {"a": 2}, url="https://a.example/items?page=2")
    other = exchange(3, {"a": 3}, url="https://a.example/other")
    rules = {each.exchange: each.rules[0].match for each in answer_variants([first, second, other])}
    assert {number: (match.path, match.nth) for number, match in rules.items()} == {
        None: ("", None), 1: ("/items", 1), 2: ("/items", 2), 3: ("/other", 1),
    }  # fmt: skip


def test_the_same_page_answers_all_later_requests() -> None:
    exchanges = [exchange(1, {"a": 1}), exchange(2, {"next": 3})]
    found = [each for each in answer_variants(exchanges) if each.kind is ChangeKind.SAME_PAGE]
    assert [(each.rules[0].match.nth, each.rules[0].match.after) for each in found] == [(None, 0), (None, 1)]
    assert found[1].rules[0].body == b'{"next": 3}'


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000, b"1e999"])
def test_a_body_that_is_no_object_has_changes_as_a_whole_alone(body: bytes) -> None:
    made = list(answer_variants([exchange(1, body)]))
    assert made
    assert not any(each.kind.is_of_value for each in made)


def test_what_was_answered_already_is_no_change() -> None:
    assert not any(each.kind is ChangeKind.EMPTY_ARRAY for each in answer_variants([exchange(1, [])]))


def test_a_deep_and_a_wide_body_are_bounded() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = {"a": deep}
    wide = {str(number): number for number in range(10_000)}
    assert len(list(answer_variants([exchange(1, deep)]))) < 200
    assert len(values(exchange(1, wide))) <= 3 * 2_000


def test_every_rule_has_the_action_of_its_kind() -> None:
    made = list(answer_variants([exchange(1, {"a": "b"})]))
    actions = {each.kind: each.rules[0].action for each in made}
    assert actions[ChangeKind.RATE_LIMIT_DATE] is RuleAction.RATE_LIMIT
    assert actions[ChangeKind.TIMEOUT] is RuleAction.FAIL
    assert actions[ChangeKind.CUT] is RuleAction.TRUNCATE
    assert actions[ChangeKind.ABSENT] is RuleAction.REPLACE
    assert {each.rules[0].replacement for each in made if each.kind is ChangeKind.ABSENT} == {Replacement.NOTHING}


SCHEMA = {
    "type": "object",
    "properties": {
        "limit": {"type": "integer", "minimum": 1, "maximum": 50},
        "query": {"$ref": "#/definitions/text"},
        "deep~/": {"type": ["string", "null"]},
    },
    "required": ["query"],
    "definitions": {"text": {"type": "string", "maxLength": 5}},
}


def test_inputs_are_varied_at_the_edges_of_their_schema() -> None:
    made = list(input_variants(SCHEMA, {"limit": 10, "query": "a"}))
    limits = [each.inputs["limit"] for each in made if each.pointer == "/limit" and "limit" in each.inputs]  # type: ignore[operator,index,call-overload]
    assert {0, 1, 50, 51} <= {each for each in limits if type(each) is int}
    assert limits.index(50) < limits.index(51)  # valid ones first
    texts = [each.inputs["query"] for each in made if each.pointer == "/query" and "query" in each.inputs]  # type: ignore[operator,index,call-overload]
    assert "" in texts
    assert {"limit": 10} in [each.inputs for each in made]
    assert any(each.pointer == "/deep~0~1" for each in made)


def test_inputs_are_varied_at_any_depth_by_what_the_schema_names_and_by_format() -> None:
    schema = {
        "type": "object",
        "properties": {
            "filter": {"type": "object", "properties": {"since": {"type": "string", "format": "date"}}},
            "tags": {"type": "array", "items": {"type": "string", "examples": ["red"]}, "maxItems": 3},
            "size": {"type": "integer", "default": 20},
            "note": {"type": ["string", "null"]},
        },
        "required": ["filter"],
    }
    recorded = {"filter": {"since": "2026-01-01"}, "tags": ["blue"], "size": 10}
    made = list(input_variants(schema, recorded))

    def tried(pointer: str) -> list[Any]:
        return [pointers.resolve(each.inputs, pointer) for each in made if each.pointer == pointer]

    assert {"2024-02-29", "", "\u202e\u05d0\u05d1"} <= set(tried("/filter/since"))
    assert "red" in tried("/tags/0")
    assert [] in tried("/tags")
    assert [len(each) for each in tried("/tags") if isinstance(each, list)].count(100) == 1
    assert tried("/size")[1] == 20
    assert None in tried("/note")
    assert {"filter": {"since": "2026-01-01"}} in [each.inputs for each in made if not each.pointer]
    assert tried("/not_declared") == ["text"]
    assert all(each.inputs["tags"] is recorded["tags"] for each in made if each.pointer == "/size")  # type: ignore[index,call-overload]  # large inputs are not copied
    assert recorded == {"filter": {"since": "2026-01-01"}, "tags": ["blue"], "size": 10}


@pytest.mark.parametrize("schema", [None, True, {"properties": 7}, {"$ref": "#"}, {"properties": {"a": {"$ref": "#"}}}])
def test_odd_schemas_of_inputs_give_what_they_can(schema: Any) -> None:
    assert len(list(input_variants(schema, {"a": 1}))) < 100


def test_the_same_seed_draws_the_same_variants_and_whole_answers_come_first() -> None:
    variants = [Variant(ChangeKind.NULL, pointer=f"/{number}") for number in range(100)]
    variants += [Variant(ChangeKind.NOT_FOUND), Variant(ChangeKind.TIMEOUT)]
    drawn = choose(variants, 10, seed=1)
    assert len(drawn) == 10
    assert [each.kind for each in drawn[:2]] == [ChangeKind.NOT_FOUND, ChangeKind.TIMEOUT]
    assert drawn == choose(variants, 10, seed=1)
    assert drawn != choose(variants, 10, seed=2)
    assert len(choose(variants, 1, seed=1)) == 1
    assert choose(variants, 1000, seed=1) == [*variants[100:], *variants[:100]]
