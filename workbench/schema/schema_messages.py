"""The sentences for errors that no value of a property decides: an invalid schema, a pattern, a poll's records."""

from collections.abc import Callable, Mapping

from workbench.domain import ErrorCode, ValidationError
from workbench.schema.phrases import TYPES, actual, expected
from workbench.schema.words import Parts, Span, place


def _invalid(error: ValidationError) -> Parts:
    yield "The schema is invalid"
    if error.schema_pointer:
        yield " at "
        yield Span(error.schema_pointer, code=True)
    yield ": "


def _invalid_rule(error: ValidationError) -> Parts:
    yield from _invalid(error)
    yield f"expected {expected(error)}, got {actual(error)}."


def _required_boolean(error: ValidationError) -> Parts:
    yield from _invalid(error)
    yield Span(f'"required": {error.value.text if error.value else ""}', code=True)
    yield " is not allowed on a property. Remove it; list required properties in the parent's "
    yield Span("required", code=True)
    yield " array."


def _type_unknown(error: ValidationError) -> Parts:
    yield from _invalid(error)
    yield f"type is {actual(error)}; Draft 7 has {TYPES}."


def _pattern_invalid(error: ValidationError) -> Parts:
    yield from _invalid(error)
    yield "the pattern "
    yield Span(error.detail(0), code=True)
    yield f" is not a regular expression ({error.detail(1)})."


def _pattern_slow(error: ValidationError) -> Parts:
    yield "The pattern "
    yield Span(error.detail(0), code=True)
    yield f" took more than {error.detail(1)} s on "
    yield Span(place(error.pointer), code=True) if error.pointer else "the value"
    yield " and was stopped: it backtracks. Nested repeats, such as (a+)+, are the usual reason."


def _reference(why: str) -> Callable[[ValidationError], Parts]:
    def parts(error: ValidationError) -> Parts:
        yield "The schema's $ref "
        yield Span(error.detail(0), code=True)
        yield why

    return parts


def _alternatives(error: ValidationError) -> Parts:
    yield "The schema has too many alternatives to compare them all, so at most the closest is explained"
    if error.schema_pointer:
        yield ". The comparison was stopped at "
        yield Span(error.schema_pointer, code=True)
    yield ". Use fewer alternatives within alternatives."


def _record(error: ValidationError) -> Parts:
    name, number, lacking = map(error.detail, range(3))
    if error.code is ErrorCode.RECORDS_NOT_ARRAY:
        yield "The trigger "
        yield Span(name, code=True)
        yield " must return an array of records."
        return
    yield f"Record {number} of the trigger "
    yield Span(name, code=True)
    if error.code is ErrorCode.RECORD_NOT_OBJECT:
        yield " must be an object with "
        yield Span("id", code=True)
        yield " and "
        yield Span("data", code=True)
        yield "."
    else:
        yield " has no "
        yield Span(lacking, code=True)
        yield "."


def _record_id(error: ValidationError) -> Parts:
    number, first = map(error.detail, range(2))
    yield f"Record {number} has the "
    yield Span("id", code=True)
    yield " "
    yield Span(error.value.text or actual(error) if error.value else "null", code=True)
    if error.code is ErrorCode.RECORD_ID_REPEATED:
        yield f", as record {first} has. Each record needs an id of its own."
    elif error.code is ErrorCode.RECORD_ID_TYPE:
        yield ", which is not a string. Return a string, such as "
        yield Span("str(…)", code=True)
        yield " of it."
    else:
        yield ". Return a string that belongs to this record alone."


def _account_empty(error: ValidationError) -> Parts:
    yield "The account has no field set. Set at least one of "
    for position, name in enumerate(error.details):
        yield ", " if position else ""
        yield Span(name, code=True)
    yield "."


def _account_field(error: ValidationError) -> Parts:
    yield "The account's "
    yield Span("".join(error.details), code=True)
    yield " must be a string, but got "
    yield actual(error)
    yield "."


BY_CODE: Mapping[ErrorCode, Callable[[ValidationError], Parts]] = {
    ErrorCode.SCHEMA_INVALID: _invalid_rule,
    ErrorCode.REQUIRED_BOOLEAN: _required_boolean,
    ErrorCode.TYPE_UNKNOWN: _type_unknown,
    ErrorCode.PATTERN_INVALID: _pattern_invalid,
    ErrorCode.PATTERN_SLOW: _pattern_slow,
    ErrorCode.REF_REMOTE: _reference(" leads out of this document and is not fetched. Copy its target to definitions."),
    ErrorCode.REF_DANGLING: _reference(" does not exist in this schema."),
    ErrorCode.SCHEMA_TOO_DEEP: lambda error: iter(
        (f"The schema is nested too deep. Reduce nesting below {''.join(error.details)} levels.",)
    ),
    ErrorCode.SCHEMA_ENDLESS: lambda error: iter(
        ("The schema refers to itself without end, or is nested deeper than a validator can follow.",)
    ),
    ErrorCode.NOT_VALIDATED: lambda error: iter((f"The value could not be validated: {''.join(error.details)}.",)),
    ErrorCode.ALTERNATIVES: _alternatives,
    ErrorCode.RECORDS_NOT_ARRAY: _record,
    ErrorCode.RECORD_NOT_OBJECT: _record,
    ErrorCode.RECORD_INCOMPLETE: _record,
    ErrorCode.RECORD_ID_REPEATED: _record_id,
    ErrorCode.RECORD_ID_EMPTY: _record_id,
    ErrorCode.RECORD_ID_TYPE: _record_id,
    ErrorCode.ACCOUNT_EMPTY: _account_empty,
    ErrorCode.ACCOUNT_FIELD_TYPE: _account_field,
}
