"""Every sentence for an error, made of its values: short for a mark, whole for a list, and as the headline of a run.

A sentence is plain text in spans, of which those in code are places, values and names; nothing in it is markup.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from workbench.domain import ErrorCode, Excerpt, HintKind, Side, ValidationError
from workbench.schema.words import both, count, either, place

LISTED = 5
"""Values of an ``enum`` in a short form."""

_SIZES = {
    "minLength": ("at least", "character", "characters"),
    "maxLength": ("at most", "character", "characters"),
    "minItems": ("at least", "item", "items"),
    "maxItems": ("at most", "item", "items"),
    "additionalItems": ("at most", "item", "items"),
    "minProperties": ("at least", "property", "properties"),
    "maxProperties": ("at most", "property", "properties"),
}
_LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}
_TYPES = "array, boolean, integer, null, number, object, string"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; ``code`` marks a place, a value or a name."""

    text: str
    code: bool = False


type Spans = tuple[Span, ...]
type _Parts = Iterator[str | Span]


def worded(error: ValidationError) -> ValidationError:
    """The error with ``expected``, ``actual`` and ``message`` made of its facts."""
    if error.code is ErrorCode.OTHER:
        return error
    error = replace(error, expected=expected(error), actual=actual(error))
    return replace(error, message=plain(sentence(error)))


def plain(spans: Spans) -> str:
    """The text of a sentence."""
    return "".join(span.text for span in spans)


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
    if error.keyword == "enum" and error.wanted:
        return f"{error.value.text or actual(error)} is not {_one_of(error, LISTED)}"
    if error.keyword == "uniqueItems" and error.wanted:
        return f"items {both(error.wanted)} are equal"
    if error.keyword in _SIZES and error.keyword != "additionalItems":
        return f"expected {expected(error)}, got {error.value.size}"
    return f"expected {expected(error)}, got {actual(error)}"


def sentence(error: ValidationError, giver: str = "") -> Spans:
    """The whole sentence; with ``giver`` (``the handler``) it says who returned the value."""
    if error.code is ErrorCode.OTHER:
        return _with_place(error)
    parts = _OWN[error.code](error) if error.code in _OWN else _sentence(error, giver)
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts if part != "")


def headline(error: ValidationError, more: int, giver: str) -> Spans:
    """The headline of a run that an error decided; ``more`` counts the other errors, ``giver`` returned the output."""
    tail = (Span(f" {count(more, 'more error')}."),) if more else ()
    if error.in_schema or error.code.is_of_sdk or error.where not in _LEADS:
        return sentence(error, giver) + tail
    return (Span(_LEADS[error.where]), *sentence(error), *tail)


_LEADS = {Side.INPUT: "Invalid inputs: ", Side.AUTH: "Invalid auth: "}


def expected(error: ValidationError) -> str:
    """What was expected, in few words: ``integer``, ``at least 3 items``."""
    wanted, keyword = error.wanted, error.keyword
    if error.code is ErrorCode.CONSTANT:
        return wanted[0] if wanted else "no value"
    if error.code is not ErrorCode.KEYWORD:
        make = _EXPECTED.get(error.code)
        return make(error) if make else "".join(error.wanted[:1])
    if error.cause is not None:
        return expected(error.cause)
    if keyword in _SIZES:
        words, one, many = _SIZES[keyword]
        return f"{words} {''.join(wanted)} {one if wanted == ('1',) else many}"
    if keyword in _LIMITS:
        return f"{_LIMITS[keyword]} {''.join(wanted)}"
    make = _WANTED.get(keyword)
    return make(error) if make else f"{keyword} {''.join(wanted)}"


def actual(error: ValidationError) -> str:
    """What was found, in few words: ``string "five"``, ``missing``."""
    if error.cause is not None:
        return actual(error.cause)
    if error.code is ErrorCode.MANY_BRANCHES:
        return f"{len(error.wanted)} branches"
    if error.keyword == "additionalProperties" or error.code is ErrorCode.FORBIDDEN_PROPERTY:
        return "additional property"
    if error.keyword == "propertyNames":
        return f"name {error.value.text}" if error.value else "invalid name"
    if error.value is None:
        return "".join(error.wanted[-1:]) if error.code not in (ErrorCode.KEYWORD, ErrorCode.CONSTANT) else "missing"
    found = error.value
    if found.type in ("array", "object"):
        noun = "items" if found.type == "array" else "properties"
        if not found.size:
            return f"empty {found.type}"
        one = "item" if found.type == "array" else "property"
        return f"{found.type} {'of' if found.type == 'array' else 'with'} {count(found.size, one, noun)}"
    if found.type == "null" or not found.text:
        return found.text or f"Python {found.type}"
    return f"{found.type} {found.text}"


def _one_of(error: ValidationError, most: int) -> str:
    shown, left = error.wanted[:most], error.unlisted + len(error.wanted[most:])
    if len(shown) == 1 and not left:
        return shown[0]
    return f"one of {', '.join(shown)}{f' and {left} more' if left else ''}"


def _branches(error: ValidationError) -> str:
    return either(dict.fromkeys(error.wanted))


def _properties(error: ValidationError) -> str:
    listed = [*error.wanted, *([f"{error.unlisted} more"] if error.unlisted else [])]
    return f"one of the properties {both(listed)}" if listed else "no additional properties"


_WANTED: Mapping[str, Callable[[ValidationError], str]] = {
    "": lambda error: "no value",
    "type": lambda error: either(error.wanted),
    "enum": lambda error: _one_of(error, len(error.wanted)),
    "const": lambda error: "".join(error.wanted),
    "required": lambda error: "property",
    "dependencies": lambda error: "property",
    "additionalProperties": _properties,
    "pattern": lambda error: f"string matching {''.join(error.wanted)}",
    "uniqueItems": lambda error: "unique items",
    "contains": lambda error: f"at least one item matching {''.join(error.wanted)}",
    "not": lambda error: f"anything but {''.join(error.wanted)}",
    "propertyNames": lambda error: "".join(error.wanted) or "another name",
    "oneOf": _branches,
    "anyOf": _branches,
}

_EXPECTED: Mapping[ErrorCode, Callable[[ValidationError], str]] = {
    ErrorCode.FORBIDDEN_PROPERTY: lambda error: "no such property",
    ErrorCode.MANY_BRANCHES: lambda error: "exactly one branch",
    ErrorCode.REQUIRED_BOOLEAN: lambda error: "array of names",
    ErrorCode.TYPE_UNKNOWN: lambda error: f"one of {_TYPES}",
    ErrorCode.PATTERN_INVALID: lambda error: "regular expression",
    ErrorCode.PATTERN_SLOW: lambda error: "pattern that ends in time",
    ErrorCode.REF_REMOTE: lambda error: "reference within this schema",
    ErrorCode.REF_DANGLING: lambda error: "reference within this schema",
    ErrorCode.SCHEMA_TOO_DEEP: lambda error: f"at most {''.join(error.wanted)} levels",
    ErrorCode.SCHEMA_ENDLESS: lambda error: "schema that ends",
    ErrorCode.DATA_TOO_DEEP: lambda error: f"at most {error.wanted[0]} levels",
    ErrorCode.NOT_VALIDATED: lambda error: "JSON value",
    ErrorCode.RECORDS_NOT_ARRAY: lambda error: "array",
    ErrorCode.RECORD_NOT_OBJECT: lambda error: "object",
    ErrorCode.RECORD_INCOMPLETE: lambda error: "property",
}


def _sentence(error: ValidationError, giver: str) -> _Parts:
    if error.cause is not None:
        yield from sentence(error.cause, giver)
        closest = next((branch for branch in error.branches if branch.closest), None)
        if closest is not None and error.branch_count > 1:
            yield f" Closest of {error.branch_count} branches: {closest.index + 1} ({closest.label})."
        return
    yield Span(place(error.pointer), code=bool(error.pointer))
    yield from _must(error)
    yield from _but(error, giver)
    yield "."
    yield from _hint(error)


def _must(error: ValidationError) -> _Parts:
    keyword, wanted = error.keyword, error.wanted
    if error.code is ErrorCode.MANY_BRANCHES:
        yield f" must match exactly one branch, but matches {both(wanted)}"
    elif error.code is ErrorCode.FORBIDDEN_PROPERTY:
        yield " must not be present"
    elif keyword == "additionalProperties":
        yield " is not an allowed property"
        if wanted:
            listed = [*wanted, *([f"{error.unlisted} more"] if error.unlisted else [])]
            yield f"; allowed are {both(listed)}"
    elif error.value is None and error.code is not ErrorCode.CONSTANT:
        yield " is required" if keyword == "required" else " is required beside another property"
    elif error.code is ErrorCode.CONSTANT and not wanted:
        yield " must not be present"
    elif keyword == "type":
        yield f" must be {either(map(_a, wanted))}"
    elif keyword in _SIZES:
        yield (
            f" must have {expected(error)}"
            if keyword != "additionalItems"
            else f" is one item too many: {expected(error)} are allowed"
        )
    elif keyword in _PHRASES:
        yield from _PHRASES[keyword](error)
    else:
        yield f" must be {expected(error)}" if keyword in (*_LIMITS, *_WANTED) else f" must satisfy {expected(error)}"


_PHRASES: Mapping[str, Callable[[ValidationError], _Parts]] = {
    "": lambda error: iter((" must not have a value",)),
    "enum": lambda error: iter((" must be ", _one_of(error, len(error.wanted)))),
    "const": lambda error: iter((" must be ", _exactly(error))),
    "pattern": lambda error: iter((" must match the pattern ", Span("".join(error.wanted), code=True))),
    "uniqueItems": lambda error: iter((" must have unique items",)),
    "contains": lambda error: iter((f" must have {expected(error)}",)),
    "not": lambda error: iter((f" must not be {''.join(error.wanted)}",)),
    "propertyNames": lambda error: iter((f" has an invalid name: expected {expected(error)}",)),
    "oneOf": lambda error: iter((f" must match one of: {_branches(error)}",)),
    "anyOf": lambda error: iter((f" must match one of: {_branches(error)}",)),
}


def _exactly(error: ValidationError) -> str | Span:
    same = error.value is not None and error.value.type in ("array", "object") and not error.value.text
    text = "".join(error.wanted)
    return f"exactly {text}, as the schema gives it" if same else Span(text, code=True)


def _but(error: ValidationError, giver: str) -> _Parts:
    found, keyword = error.value, error.keyword
    if error.code in (ErrorCode.MANY_BRANCHES, ErrorCode.FORBIDDEN_PROPERTY):
        return
    if keyword in ("additionalProperties", "additionalItems", "propertyNames"):
        return
    if found is None:
        yield f", but {giver} did not return it" if giver else ", but is missing"
    elif keyword == "uniqueItems" and len(error.wanted) == 2:
        yield f", but items {both(error.wanted)} are equal"
    elif keyword in _SIZES:
        noun = _SIZES[keyword][1 if found.size == 1 else 2]
        yield f", but {giver} returned {found.size:,}" if giver else f", but has {found.size:,}"
        if found.text and found.type == "string":
            yield ": "
            yield Span(found.text, code=True)
        elif giver:
            yield f" {noun}"
    elif keyword == "contains":
        yield f", but {giver} returned none" if giver else ", but has none"
    else:
        yield f", but {giver} returned " if giver else ", but is "
        yield from _the(found)


def _the(found: Excerpt) -> _Parts:
    """What was found within a sentence: ``the string "five"``, ``null``, ``an array of 3 items``."""
    if found.type in ("array", "object"):
        noun = ("item", "items") if found.type == "array" else ("property", "properties")
        link = "of" if found.type == "array" else "with"
        yield f"{_a(found.type)} {link} {count(found.size, *noun)}" if found.size else f"an empty {found.type}"
    elif not found.text:
        yield f"a Python {found.type}"
    else:
        yield "" if found.type == "null" else f"the {found.type} "
        yield Span(found.text, code=True)


def _a(name: str) -> str:
    """A type with its article; ``null`` has none."""
    if name == "null":
        return name
    return f"{'an' if name[:1] in 'aio' else 'a'} {name}"


def _hint(error: ValidationError) -> _Parts:
    if error.hint is not None:
        misspelt = error.hint.kind is HintKind.MISSPELT
        yield " Is " if misspelt else " Did you mean "
        yield Span(error.hint.text, code=True)
        yield " a misspelling of it?" if misspelt else "?"


def _with_place(error: ValidationError) -> Spans:
    """A sentence that was made elsewhere, the place in code where it begins with it."""
    text, shown = error.message, place(error.pointer)
    if error.pointer and text.startswith(f"{shown} "):
        return Span(shown, code=True), Span(text[len(shown) :])
    return (Span(text),)


def _invalid(error: ValidationError) -> _Parts:
    yield "The schema is invalid"
    if error.schema_pointer:
        yield " at "
        yield Span(error.schema_pointer, code=True)
    yield ": "


def _invalid_rule(error: ValidationError) -> _Parts:
    yield from _invalid(error)
    yield f"expected {expected(error)}, got {actual(error)}."


def _required_boolean(error: ValidationError) -> _Parts:
    yield from _invalid(error)
    yield Span(f'"required": {error.value.text if error.value else ""}', code=True)
    yield " is not allowed on a property. Remove it; list required properties in the parent's "
    yield Span("required", code=True)
    yield " array."


def _type_unknown(error: ValidationError) -> _Parts:
    yield from _invalid(error)
    yield f"type is {actual(error)}; Draft 7 has {_TYPES}."


def _pattern_invalid(error: ValidationError) -> _Parts:
    yield from _invalid(error)
    yield "the pattern "
    yield Span(error.wanted[0], code=True)
    yield f" is not a regular expression ({error.wanted[1]})."


def _pattern_slow(error: ValidationError) -> _Parts:
    yield "The pattern "
    yield Span(error.wanted[0], code=True)
    yield f" took more than {error.wanted[1]} s on "
    yield Span(place(error.pointer), code=True) if error.pointer else "the value"
    yield " and was stopped: it backtracks. Nested repeats, such as (a+)+, are the usual reason."


def _reference(why: str) -> Callable[[ValidationError], _Parts]:
    def parts(error: ValidationError) -> _Parts:
        yield "The schema's $ref "
        yield Span(error.wanted[0], code=True)
        yield why

    return parts


def _record(error: ValidationError) -> _Parts:
    name, number, lacking = (*error.wanted, "", "")[:3]
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


def _deep(error: ValidationError) -> _Parts:
    yield Span(place(error.pointer), code=bool(error.pointer))
    yield f" is nested {error.wanted[1]} levels deep, deeper than a validator can follow."
    yield f" Reduce nesting below {error.wanted[0]} levels."


def _format(error: ValidationError) -> _Parts:
    yield Span(place(error.pointer), code=bool(error.pointer))
    yield f" must be a valid {''.join(error.wanted)}, but is "
    yield from _the(error.value) if error.value else ()
    yield ". The SDK does not check formats."


def _undeclared(error: ValidationError) -> _Parts:
    yield Span(place(error.pointer), code=bool(error.pointer))
    yield " is not a declared property."
    yield from _hint(error)


_OWN: Mapping[ErrorCode, Callable[[ValidationError], _Parts]] = {
    ErrorCode.SCHEMA_INVALID: _invalid_rule,
    ErrorCode.REQUIRED_BOOLEAN: _required_boolean,
    ErrorCode.TYPE_UNKNOWN: _type_unknown,
    ErrorCode.PATTERN_INVALID: _pattern_invalid,
    ErrorCode.PATTERN_SLOW: _pattern_slow,
    ErrorCode.REF_REMOTE: _reference(" leads out of this document and is not fetched. Copy its target to definitions."),
    ErrorCode.REF_DANGLING: _reference(" does not exist in this schema."),
    ErrorCode.SCHEMA_TOO_DEEP: lambda error: iter(
        (f"The schema is nested too deep. Reduce nesting below {''.join(error.wanted)} levels.",)
    ),
    ErrorCode.SCHEMA_ENDLESS: lambda error: iter(
        ("The schema refers to itself without end, or is nested deeper than a validator can follow.",)
    ),
    ErrorCode.DATA_TOO_DEEP: _deep,
    ErrorCode.NOT_VALIDATED: lambda error: iter((f"The value could not be validated: {''.join(error.wanted)}.",)),
    ErrorCode.RECORDS_NOT_ARRAY: _record,
    ErrorCode.RECORD_NOT_OBJECT: _record,
    ErrorCode.RECORD_INCOMPLETE: _record,
    ErrorCode.FORMAT: _format,
    ErrorCode.UNDECLARED_PROPERTY: _undeclared,
}
