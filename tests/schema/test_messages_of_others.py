"""Sentences for errors that a worker made up: none of them raises."""

from tests.case_tables import each_case
from workbench.domain import ErrorCode, Side, ValidationError
from workbench.schema import headline, sentence, short, with_message
from workbench.schema.messages import at_field

KEYWORDS = ("type", "enum", "const", "required", "minimum", "pattern", "contains", "oneOf", "format", "", "unknown")


@each_case("code", ErrorCode)
def test_an_error_without_its_details_has_its_sentences(code: ErrorCode) -> None:
    for keyword in KEYWORDS if code is ErrorCode.KEYWORD else ("type",):
        for details in ((), ("a",), ("1", "2"), ("x", "y", "z")):
            error = ValidationError(Side.OUTPUT, "/a", "/b", keyword, code=code, details=details)
            assert sentence(error)
            assert headline(error, 1, "the handler")
            assert isinstance(short(error) + at_field(error), str)
            assert with_message(error).pointer == "/a"
