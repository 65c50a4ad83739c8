"""The sentences of errors: their grammar, and how they stand at a field."""

import pytest

from workbench import schema
from workbench.domain import JSON, ErrorCode, Side, ValidationError
from workbench.schema import messages


@pytest.mark.parametrize(
    ("first", "text"),
    [
        ([{}], "`/1` is one item too many: at most 1 item is allowed."),
        ([{}, {}], "`/2` is one item too many: at most 2 items are allowed."),
    ],
)
def test_the_number_of_items_agrees_with_its_verb(first: list[JSON], text: str) -> None:
    declared: JSON = {"items": first, "additionalItems": False}
    value: JSON = [0] * (len(first) + 1)
    spans = schema.sentence(schema.diagnose(declared, value).errors[0])
    assert "".join(f"`{span.text}`" if span.code else span.text for span in spans) == text


@pytest.mark.parametrize(
    ("declared", "value", "text"),
    [
        ({"type": "integer"}, None, "Must be an integer, but is null."),
        ({"properties": {"a": {"type": "array"}}}, {"a": "x"}, 'Must be an array, but is the string "x".'),
        ({"required": ["a"]}, {}, "Is required, but is missing."),
        ({"enum": ["red", "blue"]}, "Red", 'Must be one of "red", "blue", but is the string "Red". Did you mean red?'),
        (
            {"properties": {"a": {"oneOf": [{"type": "integer"}, {"title": "Name", "const": "x"}]}}},
            {"a": None},
            "Must match one of: integer or Name, but is null.",
        ),
    ],
)
def test_at_a_field_the_sentence_has_no_subject(declared: JSON, value: JSON, text: str) -> None:
    error = schema.diagnose(declared, value).errors[0]
    assert messages.at_field(error) == text
    assert error.message.endswith(text[1:])


def test_at_a_field_a_branch_says_what_its_cause_says() -> None:
    declared: JSON = {"oneOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"type": "integer"}]}
    error = schema.diagnose(declared, {"a": "x"}).errors[0]
    text = 'Must be an integer, but is the string "x". Closest of 2 branches: 1 (object with "a").'
    assert messages.at_field(error) == text


def test_a_branch_within_a_branch_is_named_once_from_the_outside_in() -> None:
    inner: JSON = {"oneOf": [{"type": "string"}, {"type": "object", "required": ["b"], "title": "B"}]}
    declared: JSON = {"oneOf": [{"properties": {"a": inner}, "required": ["a"], "title": "A"}, {"type": "integer"}]}
    error = schema.diagnose(declared, {"a": {}}).errors[0]
    assert error.message == "/a/b is required, but is missing. Closest of 2 branches: 1 (A), and within it 2 of 2 (B)."


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValidationError(Side.INPUT, "/a", "", "masked", "Type it again.", code=ErrorCode.OTHER), "Type it again."),
        (schema.diagnose({"type": "strin"}, 1).errors[0], None),
        (schema.diagnose({"$ref": "#/a"}, 1).errors[0], None),
    ],
)
def test_what_is_not_about_the_value_stays_whole(error: ValidationError, text: str | None) -> None:
    assert messages.at_field(error) == (error.message if text is None else text)
