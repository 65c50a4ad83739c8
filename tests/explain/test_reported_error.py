"""Errors that a handler returned in its data, and answers that look like them."""

from typing import Any

from tests.case_tables import each_case
from workbench.explain import reported_error

ERRORS: list[tuple[Any, str, str]] = [
    ({"result": False, "error": "access_token is required"}, "/error", "access_token is required"),
    ({"success": False, "error": "nope"}, "/error", "nope"),
    ({"success": False, "message": "Not authorised", "data": [1]}, "/message", "Not authorised"),
    ({"ok": False, "error": {"code": 401, "message": "Invalid  key"}}, "/error", "Invalid key"),
    ({"ok": False, "errors": [{"detail": "first"}, {"detail": "second"}]}, "/errors", "first"),
    ({"status": "error", "message": "quota exceeded"}, "/message", "quota exceeded"),
    ({"status": "FAILED", "error": "quota", "data": []}, "/error", "quota"),
    ({"success": False}, "/success", ""),
    ({"ok": False, "error": None}, "/ok", ""),
    ({"error": True, "message": "broken"}, "/message", "broken"),
    ({"error": True}, "/error", ""),
    ({"error": "no such board"}, "/error", "no such board"),
    ({"items": [], "count": 0, "next": None, "error": "timeout"}, "/error", "timeout"),
    ({"data": None, "errors": [{"message": "Field 'x' does not exist"}]}, "/errors", "Field 'x' does not exist"),
    ({"error": "invalid_grant", "error_description": "expired"}, "/error", "invalid_grant"),
    ({"error": {"type": "E1", "fields": {"a": 1}}}, "/error", '{"type": "E1", "fields": {"a": 1}}'),
    ({"status": 500, "error": "Server Error"}, "/error", "Server Error"),
    ({"result": {"success": False, "error": "inner"}}, "/result/error", "inner"),
    ({"result": "Error: HTTP 401"}, "/result", "HTTP 401"),
    ("Error: no connection", "", "no connection"),
    ({"exception": "ValueError: x", "a/b": ""}, "/exception", "ValueError: x"),
]

ANSWERS: list[Any] = [
    {"error": None},
    {"error": ""},
    {"error": "  "},
    {"errors": []},
    {"error": False},
    {"error": {}, "data": {"id": 1}},
    {"result": False},
    {"result": False, "message": "not a member"},
    {"is_member": False},
    {"valid": False, "errors": ["a is missing"]},
    {"exists": False, "error": "not found"},
    {"success": True, "errors": ["row 3 left out"]},
    {"ok": True, "error": "old"},
    {"status": "success", "error": "x"},
    {"id": 7, "status": "failed"},
    {"id": 7, "status": "failed", "error": "out of memory"},
    {"job": {"status": "error"}, "name": "nightly"},
    {"runs": [{"success": False, "error": "x"}], "total": 1},
    {"message": "Error budget: 3"},
    {"items": [{"id": 1}], "error": "page 2 failed"},
    "errors: 3",
    "Error:",
    [],
    [{"error": "x"}],
    {},
    None,
    False,
    0,
]


@each_case(("value", "pointer", "message"), ERRORS)
def test_an_error_in_the_data_is_found_with_its_place_and_text(value: Any, pointer: str, message: str) -> None:
    assert reported_error.find(value) == reported_error.ReportedError(pointer, message)


@each_case("value", ANSWERS)
def test_an_answer_that_looks_like_one_is_none(value: Any) -> None:
    assert reported_error.find(value) is None


def test_a_deeply_nested_result_ends_the_search() -> None:
    value: Any = {"error": "deep"}
    for _ in range(5_000):
        value = {"result": value}
    assert reported_error.find(value) is None
