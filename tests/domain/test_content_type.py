"""A Content-Type is read whatever stands in it."""

from tests.case_tables import each_case
from workbench.domain.content_type import ContentType, content_type_of

CASES = [
    ("", ContentType()),
    ("Application/JSON", ContentType("application/json")),
    ("text/html; charset=Latin-1", ContentType("text/html", "latin-1")),
    ('multipart/form-data; boundary="a b"', ContentType("multipart/form-data", "", "a b")),
    ("text/csv;\r\n charset=utf-8", ContentType("text/csv", "utf-8")),
    ("text/plain; charset*=x", ContentType("text/plain", "x")),
    ("\ud800", ContentType("text/plain")),
    ("text/html; charset=\ud800", ContentType("text/html", "?")),
    ("multipart/form-data; boundary*0*=x''%", ContentType("multipart/form-data", "", "%")),
]


@each_case("text, expected", CASES)
def test_each_header_is_read(text: str, expected: ContentType) -> None:
    assert content_type_of((("content-TYPE", text),)) == expected
