"""What was expected and what was found of an error, in few words: ``at least 3 items``, ``string "five"``."""

from collections.abc import Callable, Mapping

from workbench.domain import ErrorCode, ValidationError
from workbench.domain.masked_text import join
from workbench.schema.words import both, count, either

SIZES = {
    "minLength": ("at least", "character", "characters"),
    "maxLength": ("at most", "character", "characters"),
    "minItems": ("at least", "item", "items"),
    "maxItems": ("at most", "item", "items"),
    "additionalItems": ("at most", "item", "items"),
    "minProperties": ("at least", "property", "properties"),
    "maxProperties": ("at most", "property", "properties"),
}
LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}
TYPES = "array, boolean, integer, null, number, object, string"


def expected(error: ValidationError) -> str:
    """What was expected, in few words: ``integer``, ``at least 3 items``."""
    wanted, keyword = error.details, error.keyword
    if error.code is ErrorCode.CONSTANT:
        return wanted[0] if wanted else "no value"
    if error.code is not ErrorCode.KEYWORD:
        make = _BY_CODE.get(error.code)
        return make(error) if make else "".join(error.details[:1])
    if error.cause is not None:
        return expected(error.cause)
    if keyword in SIZES:
        words, one, many = SIZES[keyword]
        return f"{words} {''.join(wanted)} {one if wanted == ('1',) else many}"
    if keyword in LIMITS:
        return f"{LIMITS[keyword]} {''.join(wanted)}"
    make = BY_KEYWORD.get(keyword)
    return make(error) if make else f"{keyword} {''.join(wanted)}"


def actual(error: ValidationError) -> str:
    """What was found, in few words: ``string "five"``, ``missing``."""
    if error.cause is not None:
        return actual(error.cause)
    if error.code is ErrorCode.MANY_BRANCHES:
        return f"{len(error.details)} branches"
    if error.keyword == "additionalProperties" or error.code is ErrorCode.FORBIDDEN_PROPERTY:
        return "additional property"
    if error.keyword == "propertyNames":
        return "name " + error.value.text if error.value else "invalid name"
    if error.value is None:
        return "".join(error.details[-1:]) if error.code not in (ErrorCode.KEYWORD, ErrorCode.CONSTANT) else "missing"
    found = error.value
    if found.type in ("array", "object"):
        noun = "items" if found.type == "array" else "properties"
        if not found.size:
            return f"empty {found.type}"
        one = "item" if found.type == "array" else "property"
        return f"{found.type} {'of' if found.type == 'array' else 'with'} {count(found.size, one, noun)}"
    if found.type == "null" or not found.text:
        return found.text or f"Python {found.type}"
    return join((found.type, found.text), " ")


def one_of(error: ValidationError, most: int) -> str:
    """The first ``most`` allowed values, and how many more there are."""
    shown, left = error.details[:most], error.unlisted + len(error.details[most:])
    if len(shown) == 1 and not left:
        return shown[0]
    return f"one of {', '.join(shown)}{f' and {left} more' if left else ''}"


def branches(error: ValidationError) -> str:
    """The names of the branches, each once."""
    return either(dict.fromkeys(error.details))


def _properties(error: ValidationError) -> str:
    listed = [*error.details, *([f"{error.unlisted} more"] if error.unlisted else [])]
    return f"one of the properties {both(listed)}" if listed else "no additional properties"


BY_KEYWORD: Mapping[str, Callable[[ValidationError], str]] = {
    "": lambda error: "no value",
    "type": lambda error: either(error.details),
    "enum": lambda error: one_of(error, len(error.details)),
    "const": lambda error: "".join(error.details),
    "required": lambda error: "property",
    "dependencies": lambda error: "property",
    "additionalProperties": _properties,
    "pattern": lambda error: f"string matching {''.join(error.details)}",
    "uniqueItems": lambda error: "unique items",
    "contains": lambda error: f"at least one item matching {''.join(error.details)}",
    "not": lambda error: f"anything but {''.join(error.details)}",
    "propertyNames": lambda error: "".join(error.details) or "another name",
    "oneOf": branches,
    "anyOf": branches,
}

_BY_CODE: Mapping[ErrorCode, Callable[[ValidationError], str]] = {
    ErrorCode.FORBIDDEN_PROPERTY: lambda error: "no such property",
    ErrorCode.MANY_BRANCHES: lambda error: "exactly one branch",
    ErrorCode.REQUIRED_BOOLEAN: lambda error: "array of names",
    ErrorCode.TYPE_UNKNOWN: lambda error: f"one of {TYPES}",
    ErrorCode.PATTERN_INVALID: lambda error: "regular expression",
    ErrorCode.PATTERN_SLOW: lambda error: "pattern that ends in time",
    ErrorCode.REF_REMOTE: lambda error: "reference within this schema",
    ErrorCode.REF_DANGLING: lambda error: "reference within this schema",
    ErrorCode.SCHEMA_TOO_DEEP: lambda error: f"at most {''.join(error.details)} levels",
    ErrorCode.SCHEMA_ENDLESS: lambda error: "schema that ends",
    ErrorCode.DATA_TOO_DEEP: lambda error: f"at most {error.detail(0)} levels",
    ErrorCode.NOT_VALIDATED: lambda error: "JSON value",
    ErrorCode.ALTERNATIVES: lambda error: "fewer alternatives",
    ErrorCode.RECORDS_NOT_ARRAY: lambda error: "array",
    ErrorCode.RECORD_NOT_OBJECT: lambda error: "object",
    ErrorCode.RECORD_INCOMPLETE: lambda error: "property",
    ErrorCode.RECORD_ID_REPEATED: lambda error: "unique id",
    ErrorCode.RECORD_ID_EMPTY: lambda error: "string",
    ErrorCode.RECORD_ID_TYPE: lambda error: "string",
    ErrorCode.ACCOUNT_EMPTY: lambda error: "a field",
    ErrorCode.ACCOUNT_FIELD_TYPE: lambda error: "string",
}
