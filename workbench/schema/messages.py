"""Every sentence for an error, made of its values: short for a mark, whole for a list, and as the headline of a run.

A sentence is plain text in spans, of which those in code are places, values and names; nothing in it is markup.
"""

from collections.abc import Sequence
from dataclasses import replace

from workbench.domain import ErrorCode, Side, ValidationError
from workbench.domain.masked_text import join
from workbench.schema import phrases, predicates, schema_messages
from workbench.schema.words import Parts, Span, Spans, both, count, place, plain

LISTED = 5
"""Values of an ``enum`` in a short form."""


def with_message(error: ValidationError) -> ValidationError:
    """The error with ``expected``, ``actual`` and ``message`` made of its facts."""
    if error.code is ErrorCode.OTHER:
        return error
    error = replace(error, expected=phrases.expected(error), actual=phrases.actual(error))
    return replace(error, message=plain(sentence(error)))


def short(error: ValidationError) -> str:
    """The few words at a mark: ``expected integer, got string "five"``."""
    if error.in_schema:
        return "invalid schema"
    if error.code.is_of_sdk:
        return "required by the SDK"
    if error.cause is not None:
        return short(error.cause)
    if error.code is ErrorCode.FORBIDDEN_PROPERTY or error.keyword == "additionalProperties":
        return "property not allowed"
    if error.value is None:
        return "missing required property"
    if error.keyword == "enum" and error.details:
        return f"{error.value.text or phrases.actual(error)} is not {phrases.one_of(error, LISTED)}"
    if error.keyword == "uniqueItems" and error.details:
        return f"items {both(error.details)} are equal"
    if error.keyword in phrases.SIZES and error.keyword != "additionalItems":
        return f"expected {phrases.expected(error)}, got {error.value.size}"
    return join(("expected ", phrases.expected(error), ", got ", phrases.actual(error)))


def sentence(error: ValidationError, giver: str = "") -> Spans:
    """The whole sentence; with ``giver`` (``the handler``) it says who returned the value."""
    if error.code is ErrorCode.OTHER:
        return (Span(error.message),)
    return _spans(_parts(error, giver))


def at_field(error: ValidationError) -> str:
    """The sentence as it stands at the field of the value, without its subject: ``Must be an integer, but is null.``"""
    if error.code is ErrorCode.OTHER or error.code in schema_messages.BY_CODE:
        return error.message
    text = plain(_spans(_predicate(error, ""))).strip()
    return text[:1].upper() + text[1:]


def _parts(error: ValidationError, giver: str) -> Parts:
    if error.code in schema_messages.BY_CODE:
        yield from schema_messages.BY_CODE[error.code](error)
        return
    yield Span(place(error.pointer), code=bool(error.pointer))
    yield from _predicate(error, giver)


def _predicate(error: ValidationError, giver: str) -> Parts:
    outer: list[ValidationError] = []
    while error.cause is not None:
        outer.append(error)
        error = error.cause
    yield from predicates.predicate(error, giver)
    yield _closest_branches(outer[-2:])


def _closest_branches(errors: Sequence[ValidationError]) -> str:
    """Which branch was closest, and which within that one; ``errors`` are the outer and the inner choice."""
    found = [(one.branch_count, branch) for one in errors for branch in one.branches if branch.closest]
    named = [(total, f"({branch.label})", branch.index + 1) for total, branch in found if total > 1]
    if not named:
        return ""
    total, label, number = named[0]
    within = "".join(f", and within it {number} of {total} {label}" for total, label, number in named[1:])
    return f" Closest of {total} branches: {number} {label}{within}."


def _spans(parts: Parts) -> Spans:
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts if part != "")


def headline(error: ValidationError, more: int, giver: str) -> Spans:
    """The headline of a run that an error decided; ``more`` counts the other errors, ``giver`` returned the output."""
    tail = (Span(f" {count(more, 'more error')}."),) if more else ()
    if error.in_schema or error.code.is_of_sdk or error.where not in _WHOLE:
        return sentence(error, giver) + tail
    words = sentence(error)
    if not error.pointer and words[0] == Span(place("")):
        words = (Span(_WHOLE[error.where]), *words[1:])
    return words + tail


_WHOLE = {Side.INPUT: "The inputs", Side.AUTH: "The auth"}
