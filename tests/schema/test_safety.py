"""Row 20 of the security page: nothing is fetched, nothing recurses without bound, no pattern runs for ever."""

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.schema import check_config, check_schema, diagnose, find_fixes, warnings
from workbench.schema.patterns import PatternTooSlow, _bounded_search, can_explode, search


def nested(levels: int, *, kind: str) -> Any:
    """A document nested that deep; built from within, as no parser would."""
    value: Any = []
    for _ in range(levels):
        value = [value] if kind == "list" else {"a": value} if kind == "dict" else {kind: value}
    return value


@pytest.fixture
def visited() -> Any:
    """A server on a free port, and the paths that were asked of it."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"true")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_reference_is_fetched(visited: Any, tmp_path: Any) -> None:
    base, paths = visited
    canary = tmp_path / "canary.json"
    canary.write_text("true")
    for ref in (f"{base}/x", f"{base}/x#/y", canary.as_uri(), str(canary), "../canary.json", "//x.test/y"):
        schema = {"properties": {"a": {"$ref": ref}}}
        (fault,) = diagnose(schema, {"a": 1}).errors
        assert fault.in_schema and fault.keyword == "$ref" and "is not fetched" in fault.message
        assert (fault.pointer, fault.schema_pointer) == ("/a", "/properties/a/$ref")
        assert diagnose(schema, {}).valid
        assert [
            found.code
            for found in check_config({"actions": {"x": {"input_schema": schema}}})
            if "$ref" in found.pointer
        ] == ["schema-ref-remote"]
        assert find_fixes(schema, {"a": 1}, fault) is not None
        warnings(schema, {"a": 1})
    assert diagnose({"$id": f"{base}/root", "$ref": "other"}, 1).errors
    assert paths == []


@pytest.mark.parametrize("levels", [100, 1000, 50_000])
@pytest.mark.parametrize("kind", ["list", "dict"])
def test_deep_data_is_a_clear_fault(levels: int, kind: str) -> None:
    schema = {"type": ["array", "object"], "items": {"$ref": "#"}, "additionalProperties": {"$ref": "#"}}
    diagnosis = diagnose(schema, nested(levels, kind=kind))
    assert diagnosis.valid == (levels == 100)
    if levels > 100:
        assert "deep" in diagnosis.errors[0].message and f"{levels:,}" in diagnosis.errors[0].message
    assert diagnose({"type": "string"}, nested(levels, kind=kind)).errors[0].keyword == "type"
    assert diagnose({}, nested(levels, kind=kind)).valid
    assert diagnose({"enum": [1]}, nested(levels, kind=kind)).errors
    warnings(schema, nested(levels, kind=kind))


@each_case("levels", [1000, 50_000])
@each_case("keyword", ["items", "not", "additionalProperties", "default", "properties"])
def test_a_deep_schema_is_a_clear_fault(levels: int, keyword: str) -> None:
    schema = nested(levels, kind=keyword)
    (fault,) = check_schema(schema)
    assert fault.in_schema and "nested too deep" in fault.message
    assert diagnose(schema, nested(20, kind="list")).schema_errors
    assert diagnose(schema, {"items": 1}).schema_errors


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}]},
        {
            "$ref": "#/definitions/a",
            "definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}},
        },
    ],
)
def test_a_reference_in_a_circle_is_a_clear_fault(schema: Any) -> None:
    (fault,) = diagnose(schema, 1).errors
    assert fault.in_schema and fault.keyword == "$ref" and "without end" in fault.message
    warnings(schema, 1)


EVIL = "^(a|aa)+$"
TEXT = "a" * 60 + "b"


def test_a_pattern_that_backtracks_is_stopped_and_named(step: Callable[[int], int]) -> None:
    for schema, value, pointer in (
        ({"properties": {"x": {"pattern": EVIL}}}, {"x": TEXT}, "/x"),
        ({"items": {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": EVIL}}, [TEXT], "/0"),
        ({"additionalProperties": False, "patternProperties": {EVIL: True}}, {TEXT: 1}, ""),
        ({"patternProperties": {EVIL: False}}, {TEXT: 1}, ""),
        ({"items": {"$schema": "http://json-schema.org/draft-04/schema#", "pattern": EVIL}}, [TEXT], "/0"),
    )[:: step(2)]:
        (fault,) = diagnose(schema, value).errors
        assert (fault.keyword, fault.pointer, fault.in_schema) == ("pattern", pointer, True)
        assert "backtracks" in fault.message


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param(EVIL, TEXT, marks=pytest.mark.exhaustive),  # by the test above, too
        pytest.param("(a|aa){2,30}$", "a" * 60 + "b", marks=pytest.mark.exhaustive),
        ("a?" * 30 + "a" * 30 + "$", "a" * 30 + "b"),
        pytest.param("(a|ab)" * 30 + "$", "a" * 30 + "c", marks=pytest.mark.exhaustive),
        ("(.*?,){11}P", ",".join("1" * 200)),
        pytest.param("(.*,){8}P", ",".join("1" * 200), marks=pytest.mark.exhaustive),
        ("a*a*a*a*a*b", "a" * 2000),
        pytest.param("(a{1,3})+$", "a" * 60 + "b", marks=pytest.mark.exhaustive),
        (r"(a+)\1+\1+$", "a" * 3000 + "b"),
        ("x+$", "x" * 200_000 + "y"),
    ],
)
def test_every_search_ends(pattern: str, text: str) -> None:
    """The time limit of the whole suite would stop this test; either an answer or a refusal will do."""
    try:
        assert isinstance(search(pattern, text), bool)
    except PatternTooSlow as error:
        assert error.pattern == pattern


def test_only_one_slow_search_is_paid_for() -> None:
    with pytest.raises(PatternTooSlow):
        search(EVIL, TEXT)
    assert len(diagnose({"items": {"pattern": EVIL}}, [TEXT] * 1000).errors) == 1


def test_patterns_that_can_explode_are_told_from_those_that_cannot() -> None:
    assert all(map(can_explode, [EVIL, "(a+)+$", "((a*))*c", r"(\w+\s?)*$", "^(?:x|(?:a|aa)+)$", "(.?,?)+"]))
    assert not any(
        map(
            can_explode,
            ["^[a-z]+$", r"^\d{4}-\d{2}$", "(ab)+", "^[a-z]+(-[a-z]+)*$", "(foo|bar)+", r"^[^@\s]+@[^@\s]+$", "("],
        )
    )


PIECES = st.sampled_from(
    [*("a", "b", ".", "^", "$", "|", r"\d", r"\w", r"\b", "[ab]", "[^a]", "(a|b)", "(?:ab)", "(?=a)", "{", "}", "{a}"),
     *("a*", "b+?", "a{2,3}", "a{,2}", "(a+)+", "(a*b)*", "(?i:A)", "é", r"\.", r"\{", "{e<=1}")]
)  # fmt: skip


@settings(max_examples=4 * settings().max_examples)
@given(st.lists(PIECES, max_size=4).map("".join), st.text("ab1é{}e<=,A.", max_size=6))
def test_the_bounded_search_says_what_re_says(pattern: str, text: str) -> None:
    try:
        expected = re.search(pattern, text) is not None
    except re.error:
        return
    assert _bounded_search(pattern, text) == expected
    assert search(pattern, text) == expected


ODD: dict[str, Any] = {
    "tuple": (1, 2),
    "set": {1, 2},
    "object": object(),
    "bytes": b"x",
    "nan": float("nan"),
    "infinity": float("inf"),
    "thousands of digits": 10**5000,
    "number as a name": {1: 2},
    "half a surrogate": {"\ud800": "\ud800"},
}
WANTED: tuple[dict[str, Any], ...] = (
    {"type": "string"},
    {"multipleOf": 3},
    {"minimum": 1e9},
    {"enum": [1]},
    {"additionalProperties": False},
    {"propertyNames": {"pattern": "x"}},
    {"oneOf": [{"type": "null"}, {"type": "boolean"}]},
)


@each_case("name", ODD)
def test_values_that_are_no_json_are_tolerated(name: str) -> None:
    for schema in WANTED:
        for instance in (ODD[name], [ODD[name]], {"a": ODD[name]}):
            for fault in diagnose(schema, instance).errors:
                fault.message.encode("utf-8")
                find_fixes(schema, instance, fault)


@each_case("schema", [None, 5, "x", [], (1,), object(), {"type": object()}, {"enum": {1}}, {1: 2}])
def test_schemas_that_are_no_json_are_tolerated(schema: Any) -> None:
    diagnose(schema, {"a": 1})
    check_schema(schema)
