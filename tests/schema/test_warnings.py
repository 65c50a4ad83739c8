"""The warnings, and the verdict of data against schema."""

from typing import Any

from tests.case_tables import each_case
from workbench.schema import ErrorSource, diagnose, find_verdict, matches_format, warnings


@each_case(
    ("name", "good", "bad"),
    [
        ("date", ["2026-02-28"], ["2026-02-30", "2026-2-3", "x"]),
        ("date-time", ["2026-01-02T03:04:05Z", "2026-01-02t03:04:05.678+13:00", "1990-12-31T23:59:60Z"],
         ["2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z"]),
        ("time", ["23:59:59", "23:59:59.5Z"], ["24:00:00", "1:2:3"]),
        ("email", ["a@b.test", "a+b@c.d.test", "root@localhost"], ["a", "a@", "a b@c.test", "@c.test"]),
        ("uri", ["http://x.test/a?b=c#d", "mailto:a@b.test", "urn:x:y"], ["x.test", "/a", "http://a b", ""]),
        ("hostname", ["a.test", "localhost"], ["-a.test", "a..b", "a_b", ""]),
        ("ipv4", ["127.0.0.1"], ["256.0.0.1", "1.2.3"]),
        ("ipv6", ["::1"], ["::g", "1:2"]),
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567", "{123e4567-e89b-12d3-a456-42661417400}"]),
        ("duration", ["P1D", "PT5M", "P1Y2M3DT4H5M6.5S"], ["P", "PT", "1D"]),
        ("regex", ["a+"], ["("]),
        ("password", ["anything"], []),
    ],
)  # fmt: skip
def test_formats(name: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not matches_format(name, text)] == []
    assert [text for text in bad if matches_format(name, text)] == []


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "start_date": {"type": "string", "format": "date"},
        "list": {"type": "array", "items": {"$ref": "#/definitions/person"}},
        "either": {"oneOf": [{"type": "string", "format": "email"}, {"type": "integer"}]},
        "note": {"type": "string", "nullable": True},
    },
    "definitions": {"person": {"properties": {"email": {"type": "string", "format": "email"}}}},
}


def test_the_second_light_warns_and_refuses_nothing() -> None:
    value = {"startDate": "2026-01-01", "list": [{"email": "nobody"}, {"Email": 1}], "either": "x", "other": 1}
    assert diagnose(SCHEMA, value).valid
    found = [(warning.keyword, warning.pointer, warning.schema_pointer) for warning in warnings(SCHEMA, value)]
    assert found == [
        ("unknown-member", "/startDate", "/properties/start_date"),
        ("format", "/list/0/email", "/properties/list/items/properties/email/format"),
        ("unknown-member", "/list/1/Email", "/properties/list/items/properties/email"),
        ("format", "/either", "/properties/either/oneOf/0/format"),
        ("schema-nullable", "", "/properties/note/nullable"),
    ]


def test_warnings_are_bounded() -> None:
    schema = {"items": {"format": "date"}}
    assert len(warnings(schema, [str(n) for n in range(1000)])) == 200


@each_case(
    ("schema", "value", "earlier", "source", "codes"),
    [
        ({"type": "string"}, "x", [], ErrorSource.NONE, []),
        ({"type": "string"}, 1, [], ErrorSource.DATA, ["schema-valid"]),
        ({"type": "strng"}, 1, [], ErrorSource.SCHEMA, ["schema-invalid"]),
        ({"required": False}, {}, [], ErrorSource.SCHEMA, ["schema-required-boolean"]),
        ({"type": "string", "nullable": True}, None, [], ErrorSource.SCHEMA, ["schema-nullable"]),
        ({"type": "string", "nullable": True}, 5, [], ErrorSource.DATA, ["schema-valid"]),
        (
            {"properties": {"a": {}}, "required": ["b", "a"]},
            {"a": 1},
            [],
            ErrorSource.SCHEMA,
            ["schema-required-unknown"],
        ),
        ({"properties": {"a": {}}, "required": ["b", "a"]}, {"b": 1}, [], ErrorSource.DATA, ["schema-valid"]),
        ({"type": "string", "default": 5}, 5, [], ErrorSource.SCHEMA, ["schema-default-invalid"]),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}, [{"a": 2}], ErrorSource.SCHEMA, ["never-seen"]),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}, [{"a": "x"}], ErrorSource.DATA, ["schema-valid"]),
        ({"items": {"type": "string"}}, ["x", "y", None], [[1]], ErrorSource.SCHEMA, ["never-seen"]),
        ({"required": ["a"]}, {}, [{}, {"b": 1}], ErrorSource.SCHEMA, ["never-valid"]),
        ({"$ref": "http://x.test/y"}, 1, [], ErrorSource.SCHEMA, ["schema-ref-remote"]),
    ],
)
def test_data_or_schema(schema: Any, value: Any, earlier: list[Any], source: ErrorSource, codes: list[str]) -> None:
    verdict = find_verdict(schema, value, earlier)
    assert (verdict.source, [reason.code for reason in verdict.reasons]) == (source, codes)
