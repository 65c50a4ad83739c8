"""Checks a schema against Draft 7's metaschema, its patterns, and its depth."""

import marshal
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs
from jsonschema import Draft7Validator
from jsonschema.protocols import Validator

from workbench.domain import ErrorCode, Excerpt, Side, ValidationError
from workbench.jsondoc import nesting
from workbench.jsondoc import pointer as pointers
from workbench.schema import guarded_validator, refs
from workbench.schema.compiled import Accepts, compile_check
from workbench.schema.effort import Effort, EffortSpent, limited
from workbench.schema.facts import excerpt
from workbench.schema.messages import with_message
from workbench.schema.patterns import compile_error
from workbench.schema.violations import explain_violations
from workbench.schema.words import quote

DEEPEST = 400
"""Levels of a schema; beyond this it is not checked any further."""

_MOST = 1000
"""Errors of a schema that are reported."""

_META = jsonschema_rs.Draft7Validator(Draft7Validator.META_SCHEMA)
_DRAFT7_TYPES = "array, boolean, integer, null, number, object, string"


@dataclass(frozen=True, slots=True)
class PreparedSchema:
    """A schema made ready: a copy that nobody changes, what is wrong with it, and its validator (None for none).

    ``accepts`` is a compiled check that accepts only valid values, None where there is none.
    """

    schema: Any
    errors: tuple[ValidationError, ...]
    validator: Validator | None
    accepts: Accepts | None = None


def prepare(schema: Any) -> PreparedSchema:
    """The prepared form of a schema; made once for equal schemas, which costs more than most values do."""
    try:
        return _prepared(marshal.dumps(schema, 2))
    except ValueError:  # what marshal does not know, and nesting that is too deep for it
        return _prepare(schema, _check(schema))


def is_valid(schema: Any, instance: Any) -> bool:
    """Whether a value is valid, and nothing more; under a schema that cannot be used, or whose
    alternatives are too many to compare, it is not."""
    prepared = prepare(schema)
    if prepared.accepts is not None and prepared.accepts(instance):
        return True
    try:
        with limited(Effort.restrained(instance)):
            return guarded_validator.run(prepared.validator, instance, most=1).is_clean
    except EffortSpent:
        return False


def is_valid_within(root: Any, schema: Any, instance: Any) -> bool:
    """Whether a value is valid under ``schema``, whose references are those of the document ``root``."""
    try:
        with limited(Effort.restrained(instance)):
            return guarded_validator.is_valid_within(root, schema, instance)
    except EffortSpent:
        return False


def check_schema(schema: Any) -> tuple[ValidationError, ...]:
    """The errors of a schema under Draft 7; empty if it is valid.

    An error's ``schema_pointer`` is the place in the schema, its ``pointer`` the place in the data that it speaks of.
    """
    try:
        return _checked(marshal.dumps(schema, 2))
    except ValueError:
        return _check(schema)


@lru_cache(maxsize=4096)
def _checked(written: bytes) -> tuple[ValidationError, ...]:
    # to look for patterns takes a walk, so first whether the word is there at all
    return _check(marshal.loads(written), patterns=b"pattern" in written)  # noqa: S302  # written by check_schema, above


@lru_cache(maxsize=2048)
def _prepared(written: bytes) -> PreparedSchema:
    return _prepare(marshal.loads(written), _checked(written))  # noqa: S302  # written by prepare, further above


def _prepare(schema: Any, errors: tuple[ValidationError, ...]) -> PreparedSchema:
    return PreparedSchema(schema, errors, guarded_validator.prepare(schema), None if errors else compile_check(schema))


def _check(schema: Any, *, patterns: bool = True) -> tuple[ValidationError, ...]:
    if nesting.depth(schema, most=DEEPEST + 1) > DEEPEST:
        return (_too_deep(),)
    found = () if _passes(schema) else _against_metaschema(schema)
    return found + _bad_patterns(schema) if patterns else found


def _passes(schema: Any) -> bool:
    """The compiled verdict. It may reject too much (it knows more formats than Python's), which costs time only."""
    try:
        return bool(_META.is_valid(schema))
    except Exception:  # a Python value that is not JSON
        return False


def _against_metaschema(schema: Any) -> tuple[ValidationError, ...]:
    found = guarded_validator.run(guarded_validator.prepare(Draft7Validator.META_SCHEMA), schema, most=_MOST)
    if isinstance(found.stopped, RecursionError):
        return (_too_deep(),)
    return tuple(_as_schema_error(error) for error in explain_violations(found.errors, Draft7Validator.META_SCHEMA))


def _as_schema_error(error: ValidationError) -> ValidationError:
    """An error of a schema against the metaschema as one of the schema."""
    at, keyword = error.pointer, pointers.last(error.pointer)
    code = ErrorCode.SCHEMA_INVALID
    if keyword == "required" and error.value is not None and error.value.type == "boolean":
        code = ErrorCode.REQUIRED_BOOLEAN
    elif keyword == "type":
        code = ErrorCode.TYPE_UNKNOWN
    return _made(code, at, keyword, (error.expected,), error.value)


def _made(
    code: ErrorCode, at: str, keyword: str, wanted: tuple[str, ...], value: Excerpt | None = None
) -> ValidationError:
    return with_message(
        ValidationError(
            Side.VALUE, refs.data_place(at), at, keyword, in_schema=True, code=code, details=wanted, value=value
        )
    )


def _bad_patterns(schema: Any) -> tuple[ValidationError, ...]:
    found = []
    for pointer, node in refs.subschemas(schema):
        if not isinstance(node, dict):
            continue
        keys = node.get("patternProperties")
        patterns: list[tuple[str, str]] = [
            ("patternProperties", key) for key in (keys if isinstance(keys, dict) else ())
        ]
        if isinstance(pattern := node.get("pattern"), str):
            patterns.append(("pattern", pattern))
        for keyword, pattern in patterns:
            if error := compile_error(pattern):
                found.append(_bad_pattern(pointer, keyword, pattern, error))
    return tuple(found)


def _bad_pattern(pointer: str, keyword: str, pattern: str, error: str) -> ValidationError:
    at = pointers.join(pointer, keyword)
    return _made(ErrorCode.PATTERN_INVALID, at, keyword, (quote(pattern), error), excerpt(pattern))


def _too_deep() -> ValidationError:
    return _made(ErrorCode.SCHEMA_TOO_DEEP, "", "", (str(DEEPEST),))
