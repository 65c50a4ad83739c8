"""What a sentence says of the place of an error: ``must be an integer, but is null``."""

from collections.abc import Callable, Mapping

from workbench.domain import ErrorCode, Excerpt, SpellingHintKind, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema import phrases
from workbench.schema.decimal_multiples import is_decimal_multiple
from workbench.schema.words import Parts, Span, both, count, either, quote


def predicate(error: ValidationError, giver: str = "") -> Parts:
    """All of the sentence after its subject; with ``giver`` (``the handler``) it says who returned the value."""
    if error.code in _BY_CODE:
        yield from _BY_CODE[error.code](error)
        return
    yield from _must(error)
    yield from _but(error, giver)
    yield "."
    yield from _rounded(error)
    yield from _hint(error)


def _rounded(error: ValidationError) -> Parts:
    if error.keyword != "multipleOf" or error.value is None:
        return
    if is_decimal_multiple(error.value.text, "".join(error.details)):
        yield " As a decimal number it is one, but it is rejected because of binary rounding."


def _must(error: ValidationError) -> Parts:
    keyword, wanted = error.keyword, error.details
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
    elif keyword == "additionalItems":
        verb = "is" if wanted == ("1",) else "are"
        yield f" is one item too many: {phrases.expected(error)} {verb} allowed"
    elif keyword in phrases.SIZES:
        yield f" must have {phrases.expected(error)}"
    elif keyword in _PHRASES:
        yield from _PHRASES[keyword](error)
    else:
        verb = "be" if keyword in phrases.LIMITS or keyword in phrases.BY_KEYWORD else "satisfy"
        yield f" must {verb} {phrases.expected(error)}"


_PHRASES: Mapping[str, Callable[[ValidationError], Parts]] = {
    "": lambda error: iter((" must not have a value",)),
    "enum": lambda error: iter((" must be ", phrases.one_of(error, len(error.details)))),
    "const": lambda error: iter((" must be ", _exactly(error))),
    "pattern": lambda error: iter((" must match the pattern ", Span("".join(error.details), code=True))),
    "uniqueItems": lambda error: iter((" must have unique items",)),
    "contains": lambda error: iter((f" must have {phrases.expected(error)}",)),
    "not": lambda error: iter((f" must not be {''.join(error.details)}",)),
    "propertyNames": lambda error: iter((f" has an invalid name: expected {phrases.expected(error)}",)),
    "oneOf": lambda error: iter((f" must match one of: {phrases.branches(error)}",)),
    "anyOf": lambda error: iter((f" must match one of: {phrases.branches(error)}",)),
}


def _exactly(error: ValidationError) -> str | Span:
    same = error.value is not None and error.value.type in ("array", "object") and not error.value.text
    text = "".join(error.details)
    return f"exactly {text}, as the schema gives it" if same else Span(text, code=True)


def _but(error: ValidationError, giver: str) -> Parts:
    found, keyword = error.value, error.keyword
    if error.code in (ErrorCode.MANY_BRANCHES, ErrorCode.FORBIDDEN_PROPERTY):
        return
    if keyword in ("additionalProperties", "additionalItems", "propertyNames"):
        return
    if found is None:
        yield f", but {giver} did not return it" if giver else ", but is missing"
    elif keyword == "uniqueItems" and len(error.details) == 2:
        yield f", but items {both(error.details)} are equal"
    elif keyword in phrases.SIZES:
        noun = phrases.SIZES[keyword][1 if found.size == 1 else 2]
        yield f", but {giver} returned {found.size:,}" if giver else f", but has {found.size:,}"
        if found.text and found.type == "string":
            yield ": "
            yield Span(found.text, code=True)
        elif giver:
            yield f" {noun}"
    elif keyword == "contains":
        yield f", but {giver} returned none" if giver else ", but has none"
    elif (mark := _shared_mark(error)) is not None and mark.value is not None:
        yield ", but its "
        yield Span(quote(pointers.last(mark.pointer)), code=True)
        yield " is "
        yield from _the(mark.value)
    else:
        yield f", but {giver} returned " if giver else ", but is "
        yield from _the(found)


def _shared_mark(error: ValidationError) -> ValidationError | None:
    """The error of a property by whose constant every branch rejects the value; None where there is none."""
    if error.keyword not in ("oneOf", "anyOf") or not error.branches:
        return None
    marks = [
        {each.pointer: each for each in branch.errors if _is_constant(each, error.pointer)} for branch in error.branches
    ]
    return next((each for place, each in marks[0].items() if all(place in others for others in marks)), None)


def _is_constant(error: ValidationError, holder: str) -> bool:
    """Whether it is about the constant of a property of the object at ``holder``."""
    return error.keyword in ("const", "enum") and bool(error.pointer) and pointers.parent(error.pointer) == holder


def _the(found: Excerpt) -> Parts:
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


def _hint(error: ValidationError) -> Parts:
    if error.hint is not None:
        misspelt = error.hint.kind is SpellingHintKind.MISSPELT
        yield " Is " if misspelt else " Did you mean "
        yield Span(error.hint.text, code=True)
        yield " a misspelling of it?" if misspelt else "?"


def _deep(error: ValidationError) -> Parts:
    yield f" is nested {error.detail(1)} levels deep, deeper than a validator can follow."
    yield f" Reduce nesting below {error.detail(0)} levels."


def _format(error: ValidationError) -> Parts:
    yield f" must be a valid {''.join(error.details)}, but is "
    yield from _the(error.value) if error.value else ()
    yield ". The SDK does not check formats."


def _undeclared(error: ValidationError) -> Parts:
    yield " is not a declared property."
    yield from _hint(error)


_BY_CODE: Mapping[ErrorCode, Callable[[ValidationError], Parts]] = {
    ErrorCode.DATA_TOO_DEEP: _deep,
    ErrorCode.FORMAT: _format,
    ErrorCode.UNDECLARED_PROPERTY: _undeclared,
}
