"""Which of the messages of ``jsonschema``, which production passes on, belongs to an error."""

from typing import Final

from workbench.domain import ABSENT, JSON, ValidationError
from workbench.jsondoc import pointer as pointers

_PHRASES: Final = {
    "type": ("is not of type",),
    "required": ("is a required property",),
    "enum": ("is not one of",),
    "additionalProperties": ("Additional properties are not allowed", "do not match any of the regexes"),
    "pattern": ("does not match",),
    "minimum": ("is less than the minimum",),
    "maximum": ("is greater than the maximum",),
    "exclusiveMinimum": ("is less than or equal to the minimum",),
    "exclusiveMaximum": ("is greater than or equal to the maximum",),
    "multipleOf": ("is not a multiple of",),
    "minLength": ("is too short", "should be non-empty"),
    "maxLength": ("is too long", "is expected to be empty"),
    "minItems": ("is too short", "should be non-empty"),
    "maxItems": ("is too long", "is expected to be empty"),
    "uniqueItems": ("has non-unique elements",),
    "anyOf": ("is not valid under any of the given schemas",),
    "oneOf": ("is not valid under any of the given schemas", "is valid under each of"),
    "not": ("should not be valid under",),
}


def says(message: str, error: ValidationError, payload: JSON) -> bool:
    """Whether ``message`` is what the library says of this error of ``payload``: its phrase, and the value or name."""
    if not any(phrase in message for phrase in _PHRASES.get(error.keyword, ())):
        return False
    if error.keyword in ("required", "additionalProperties"):
        return repr(pointers.last(error.pointer)) in message
    value = pointers.resolve(payload, error.pointer)
    return value is not ABSENT and repr(value) in message
