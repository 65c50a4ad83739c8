"""A compiled yes: schemas and values for which ``jsonschema-rs`` provably says what ``Draft7Validator`` says.

Only a yes is taken from it, only for the keywords below, whose meaning leaves no room, and only for plain JSON values
with numbers that both sides hold exactly. Everything else goes to the validator that rules. A property test holds the
two against each other.
"""

import marshal
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jsonschema_rs

type Accepts = Callable[[Any], bool]
"""Whether a value certainly fits; False also means "ask the validator"."""

_EXACT = 2**53
"""Integers up to here are the same in every kind of number."""

_WORDS = frozenset(
    {"title", "description", "default", "examples", "format", "$comment", "readOnly", "writeOnly", "nullable"}
    | {"label", "help_text", "placeholder"}
)
"""Words that check nothing in Draft 7."""

_SIZES = frozenset({"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"})
_LIMITS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_ONE = frozenset({"items", "additionalProperties", "not", "if", "then", "else", "contains"})
_SEVERAL = frozenset({"allOf", "anyOf", "oneOf"})
_DEEPEST = 60
_TOO_MANY = 5_000
"""Subschemas; a larger schema is left to the validator."""


def compiled(schema: Any) -> Accepts | None:
    """The compiled check of a valid schema, None where it is not one of those that provably agree."""
    try:
        return _compiled(marshal.dumps(schema, 2))
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _compiled(written: bytes) -> Accepts | None:
    schema = marshal.loads(written)  # noqa: S302  # written by compiled, a few lines above
    if not _is_safe(schema):
        return None
    try:
        check = jsonschema_rs.Draft7Validator(schema, validate_formats=False).is_valid
    except Exception:  # whatever it does not take is left to the validator that rules
        return None
    return lambda value: is_plain(value) and _says_yes(check, value)


def _says_yes(check: Callable[[Any], bool], value: Any) -> bool:
    try:
        return check(value)
    except Exception:  # too deep for it, or half a surrogate pair
        return False


def is_plain(value: Any) -> bool:
    """Whether a value is JSON and nothing else: exact types, names that are text, numbers that both sides hold."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind is str or kind is bool or node is None:
            continue
        if kind is dict:
            for name in node:
                if type(name) is not str:
                    return False
            waiting.extend(node.values())
        elif kind is list:
            waiting.extend(node)
        elif not (kind is int or kind is float) or not _is_exact(node):
            return False
    return True


def _is_exact(number: float) -> bool:
    return -_EXACT < number < _EXACT and math.isfinite(number)


def _is_safe(schema: Any) -> bool:
    waiting = [(schema, 0)]
    seen = 0
    while waiting:
        node, level = waiting.pop()
        seen += 1
        if isinstance(node, bool):
            continue
        if not isinstance(node, dict) or level > _DEEPEST or seen > _TOO_MANY:
            return False
        for keyword, value in node.items():
            inner = _inner(keyword, value)
            if inner is None:
                return False
            waiting.extend((part, level + 1) for part in inner)
    return True


def _inner(keyword: str, value: Any) -> list[Any] | None:
    """The subschemas of a keyword that is safe as it stands, None where it is not."""
    if keyword in _ONE:
        return [value]
    if keyword == "properties":
        return list(value.values()) if isinstance(value, dict) else None
    if keyword in _SEVERAL:
        return value if isinstance(value, list) else None
    return [] if keyword in _WORDS or _is_safe_leaf(keyword, value) else None


def _is_safe_leaf(keyword: str, value: Any) -> bool:
    if keyword in ("type", "required"):
        return isinstance(value, str) or (isinstance(value, list) and all(isinstance(name, str) for name in value))
    if keyword in _SIZES:
        return type(value) is int and 0 <= value < _EXACT
    if keyword in _LIMITS:
        return type(value) in (int, float) and _is_exact(value)
    if keyword == "const":
        return value is None or isinstance(value, str)
    if keyword == "enum":
        return isinstance(value, list) and all(each is None or isinstance(each, str) for each in value)
    return keyword == "$schema" and value == "http://json-schema.org/draft-07/schema#"
