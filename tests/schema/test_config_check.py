"""Every code of check_config is found where it should be, and nothing where it should not."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.schema import CHECKS, check_config, diagnose
from workbench.schema.lint import lint

TEXT = {"type": "string"}
OBJECT = {"type": "object", "properties": {"a": TEXT}}
GOOD: dict[str, Any] = {
    "name": "sample",
    "display_name": "Sample",
    "version": "1.2.3-rc.1+5",
    "description": "A sample.",
    "entry_point": "sample.py",
    "supports_connected_account": False,
    "auth": {"identifier": "x", "type": "Custom", "fields": OBJECT},
    "actions": {"act": {"description": "Acts.", "input_schema": OBJECT, "output_schema": OBJECT}},
    "polling_triggers": {
        "poll": {"description": "Polls.", "polling_interval": "5m", "input_schema": OBJECT, "output_schema": OBJECT}
    },
}
INPUT = "/actions/act/input_schema"
OUTPUT = "/polling_triggers/poll/output_schema"
GONE = object()

BROKEN: list[tuple[str, str, Any, str]] = [
    # code, place that is changed, what stands there, place that is named
    ("config-property-missing", "/name", GONE, "/name"),
    ("config-property-missing", "/entry_point", "", "/entry_point"),
    ("config-type", "/actions", [], "/actions"),
    ("config-type", "/actions/act", 5, "/actions/act"),
    ("config-type", "/version", 1, "/version"),
    ("config-type", "/supports_connected_account", "yes", "/supports_connected_account"),
    ("config-type", "/auth", "none", "/auth"),
    ("config-type", INPUT, "{}", INPUT),
    ("config-unknown-property", "/iconn", "x", ""),
    ("config-unknown-property", "/actions/act/Display-Name", "x", ""),
    ("description-missing", "/description", GONE, "/description"),
    ("display-name-missing", "/display_name", GONE, "/display_name"),
    ("description-missing", "/actions/act/description", "", "/actions/act/description"),
    ("version-not-semver", "/version", "1.0", "/version"),
    ("version-not-semver", "/version", "01.0.0", "/version"),
    ("auth-type-missing", "/auth/type", GONE, "/auth/type"),
    ("auth-type-unknown", "/auth/type", "kerberos", "/auth/type"),
    ("auth-type-unknown", "/auth/type", "oauth2_pkce", "/auth/type"),
    ("auth-fields-missing", "/auth/fields", GONE, "/auth/fields"),
    ("auth-fields-shape", "/auth/fields", {"type": "array"}, "/auth/fields/type"),
    ("auth-provider-missing", "/auth", {"type": "platform"}, "/auth/provider"),
    ("entry-property-missing", "/actions/act/output_schema", GONE, "/actions/act/output_schema"),
    ("entry-property-missing", "/actions/act/description", GONE, "/actions/act/description"),
    ("output-unchecked", "/actions/act/output_schema", {"type": "object"}, "/actions/act/output_schema"),
    ("schema-invalid", INPUT, {"type": "strng"}, f"{INPUT}/type"),
    ("schema-invalid", INPUT, {"pattern": "("}, f"{INPUT}/pattern"),
    ("schema-invalid", INPUT, {"properties": {"a": 5}}, f"{INPUT}/properties/a"),
    ("schema-required-boolean", INPUT, {"properties": {"a": {"required": True}}}, f"{INPUT}/properties/a/required"),
    ("schema-ref-remote", INPUT, {"$ref": "http://example.test/x"}, f"{INPUT}/$ref"),
    ("schema-ref-remote", INPUT, {"items": {"$ref": "file:///etc/passwd"}}, f"{INPUT}/items/$ref"),
    ("schema-ref-not-found", INPUT, {"$ref": "#/definitions/x"}, f"{INPUT}/$ref"),
    ("schema-ref-circular", INPUT, {"$ref": "#"}, f"{INPUT}/$ref"),
    (
        "schema-ref-siblings",
        INPUT,
        {"$ref": "#/definitions/x", "minimum": 1, "definitions": {"x": {}}},
        f"{INPUT}/minimum",
    ),
    ("schema-pattern-slow", INPUT, {"pattern": "(a+)+$"}, f"{INPUT}/pattern"),
    ("schema-nullable", INPUT, {"type": "string", "nullable": True}, f"{INPUT}/nullable"),
    ("schema-ignored-keyword", INPUT, {"prefixItems": []}, f"{INPUT}/prefixItems"),
    ("schema-ignored-keyword", INPUT, {"min_length": 1}, f"{INPUT}/min_length"),
    ("schema-required-unknown", INPUT, {"properties": {"a": {}}, "required": ["b"]}, f"{INPUT}/required/0"),
    ("schema-default-invalid", INPUT, {"type": "string", "default": 5}, f"{INPUT}/default"),
    ("schema-enum-invalid", INPUT, {"type": "string", "enum": ["a", 5]}, f"{INPUT}/enum/1"),
    (
        "schema-unsatisfiable",
        INPUT,
        {"properties": {}, "additionalProperties": False, "allOf": [{"required": ["a"]}]},
        f"{INPUT}/allOf/0/required/0",
    ),
    (
        "schema-closed",
        INPUT,
        {"properties": {}, "additionalProperties": False, "if": {}, "then": {"required": ["a"]}},
        f"{INPUT}/then/required/0",
    ),
    ("schema-multiple-of-decimal", INPUT, {"multipleOf": 0.01}, f"{INPUT}/multipleOf"),
    ("schema-empty-range", INPUT, {"minimum": 5, "maximum": 1}, f"{INPUT}/minimum"),
    ("interval-missing", "/polling_triggers/poll/polling_interval", GONE, "/polling_triggers/poll/polling_interval"),
    ("interval-invalid", "/polling_triggers/poll/polling_interval", "5 minutes", ""),
    ("interval-invalid", "/polling_triggers/poll/polling_interval", "0s", ""),
    ("interval-invalid", "/polling_triggers/poll/polling_interval", "٣m", ""),
    ("trigger-output-shape", OUTPUT, {"type": "array", "items": OBJECT}, OUTPUT),
    ("trigger-output-shape", OUTPUT, {"type": "object", "properties": {"id": {}, "data": {}}}, OUTPUT),
]


def changed(place: str, value: Any) -> dict[str, Any]:
    config = copy.deepcopy(GOOD)
    *way, name = place[1:].split("/")
    holder = config
    for part in way:
        holder = holder[part]
    if value is GONE:
        del holder[name]
    else:
        holder[name] = value
    return config


def test_a_sound_config_has_no_findings() -> None:
    assert check_config(GOOD) == ()


@pytest.mark.parametrize("unit", ["30s", "5m", "2h", "1d", "05m"])
def test_intervals_parse(unit: str) -> None:
    assert check_config(changed("/polling_triggers/poll/polling_interval", unit)) == ()


@each_case(("code", "place", "value", "named"), BROKEN)
def test_each_fault_is_found_at_its_place(code: str, place: str, value: Any, named: str) -> None:
    found = check_config(changed(place, value))
    assert [(fault.code, fault.pointer) for fault in found] == [(code, named or place)]
    assert found[0].message.endswith((".", "?")) and found[0].fix


def test_too_deep_and_not_an_object() -> None:
    schema: dict[str, Any] = {}
    for _ in range(1000):
        schema = {"items": schema}
    assert [fault.code for fault in check_config(changed(INPUT, schema))] == ["schema-too-deep"]
    assert [fault.code for fault in check_config([])] == ["config-not-an-object"]
    bare = [fault.code for fault in check_config({})]
    assert bare == [
        *["config-property-missing"] * 3,
        "description-missing",
        "display-name-missing",
        "config-no-handlers",
    ]


def test_every_code_is_tried_here() -> None:
    elsewhere = {"schema-too-deep", "config-not-an-object", "config-no-handlers"}
    assert {code for code, *_ in BROKEN} | elsewhere == {check.code for check in CHECKS}


def test_the_corpus_has_one_error(corpus: list[Path]) -> None:
    """Looked at one by one: ``required: false`` in aws is invalid under Draft 7; all else is sound."""
    errors = [
        (folder.name, fault.code, fault.pointer)
        for folder in corpus
        for fault in check_config(json.loads((folder / "config.json").read_text(encoding="utf-8")))
        if fault.severity != "note"
    ]
    pointer = "/auth/fields/properties/aws_session_token/required"
    assert errors == [("aws", "schema-required-boolean", pointer)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(sorted({place for _, place, *_ in BROKEN})), JSON)
def test_whatever_stands_anywhere_is_checked(place: str, value: Any) -> None:
    for fault in check_config(changed(place, value)):
        assert fault.severity in ("error", "warning", "note")


IDENTIFIED: dict[str, Any] = {
    "$id": "http://example.test/tree",
    "items": {"$ref": "node"},
    "definitions": {
        "node": {
            "$id": "http://example.test/node",
            "properties": {"up": {"$ref": "tree"}, "me": {"$ref": "#/definitions/x"}},
            "definitions": {"x": {"type": "null"}},
        },
        "named": {"$id": "#named", "allOf": [{"$ref": "http://example.test/tree#named-too"}]},
        "other": {"$id": "#named-too"},
    },
}


def test_references_are_read_from_their_own_id() -> None:
    assert [each for each in lint(IDENTIFIED) if "ref" in each.code] == []
    astray = {"$id": "http://example.test/a", "$ref": "b"}
    assert [each.code for each in lint(astray)] == ["schema-ref-remote"]
    within = {"properties": {"a": {"$id": "inner", "items": {"$ref": "#/definitions/x"}}}, "definitions": {"x": {}}}
    assert [each.code for each in lint(within)] == ["schema-ref-not-found"]
    assert diagnose(within, {"a": [1]}).errors[0].in_schema


def test_annotations_beside_a_reference_are_no_slip() -> None:
    plain = {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "x", "$ref": "#/definitions/a", "default": 1}
    assert lint({**plain, "definitions": {"a": {"type": "integer"}}}) == ()
    assert [each.code for each in lint({**plain, "minimum": 3, "definitions": {"a": {}}})] == ["schema-ref-siblings"]


def test_what_other_configs_hold_is_at_most_a_note() -> None:
    text = {"type": "object", "properties": {"a": TEXT}}
    action = {"description": "x", "input_schema": text, "output_schema": text}
    more = {"title": "T", "tags": ["t"], "timeout": 3, "annotations": {}, "x-own": 1, "examples": [{}], "confirm": True}
    config: dict[str, Any] = {
        "name": "n",
        "display_name": "N",
        "version": "1.0.0",
        "description": "d",
        "entry_point": "n.py",
        "author": {"name": "A"},
        "category": "c",
        "supports_billing": True,
        "icon": "i.svg",
        "$schema": "./s.json",
        "homepage": "h",
        "actions": {"act": action | more},
        "polling_triggers": {
            f"every {each}": action | {"polling_interval": each} for each in ("30s", "5m", "2h", "1d")
        },
    }
    for auth in (
        *(None, {}, {"type": "none"}, {"type": "platform", "provider": "p", "scopes": ["a"]}),
        *(
            {"type": "PlatformTeams", "token_url": "t", "scopes": {"a": "b"}},
            {"type": "PlatformOauth2", "scopes": "a b"},
        ),
        *({"type": kind, "identifier": "i", "fields": text} for kind in ("Custom", "custom", "ApiKey", "Basic")),
    ):
        assert check_config(config | {"auth": auth}) == ()
    assert [each.severity for each in check_config(config | {"supports_connected_acount": True})] == ["note"]
