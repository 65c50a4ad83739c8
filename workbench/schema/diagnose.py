"""``diagnose``: why a value is invalid, the likeliest cause first."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from jsonschema.exceptions import UnknownType
from referencing.exceptions import Unresolvable

from workbench.domain import JSON, ErrorCode, Excerpt, Side, ValidationError
from workbench.jsondoc import nesting
from workbench.jsondoc import pointer as pointers
from workbench.schema import guarded_validator, refs
from workbench.schema.compiled import is_plain, plain_parts
from workbench.schema.effort import Effort, EffortSpent, limited
from workbench.schema.messages import with_message
from workbench.schema.patterns import TIME_LIMIT, PatternTooSlow, without_risk
from workbench.schema.schema_check import PreparedSchema, prepare
from workbench.schema.violations import explain_violations
from workbench.schema.words import quote

MOST = 10_000
"""Errors of one value; beyond that ``more`` is set."""

_MOST_ECONOMICAL = 1_000
"""The same where alternatives are too many to compare them all: by then most errors repeat others."""

_FOLLOWED = 150
"""Levels of data that are followed for certain; the validator stops at a few hundred."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every error of a value, the likeliest cause first; of more than ten thousand the first, and then ``more``.

    ``valid`` is the verdict of ``jsonschema.Draft7Validator``. Where that gives none (a schema that cannot be used,
    data too deep to follow) it is False. An invalid schema is always named in ``errors`` (``in_schema``), even where
    its error happened not to matter for this data and ``valid`` is True.
    """

    valid: bool
    errors: tuple[ValidationError, ...] = ()
    more: bool = False

    @property
    def headline(self) -> ValidationError | None:
        """The likeliest cause, None where there is no error."""
        return self.errors[0] if self.errors else None

    @property
    def schema_errors(self) -> tuple[ValidationError, ...]:
        """The errors that no data can fix."""
        return tuple(error for error in self.errors if error.in_schema)


def diagnose(schema: JSON, instance: JSON) -> Diagnosis:
    """Every error of ``instance`` under ``schema`` (Draft 7).

    Nothing is raised for bad data or bad schemas, nothing is fetched, no pattern runs without a time limit: a schema
    that cannot be used is an error with ``in_schema``. Takes JSON values; other Python values are tolerated and named.
    """
    prepared = prepare(schema)
    with plain_parts(plain=is_plain(instance)):
        return _answer(prepared, instance)


def _answer(prepared: PreparedSchema, instance: JSON) -> Diagnosis:
    """The thorough diagnosis, or the economical one where that would take too long."""
    if prepared.accepts is not None and prepared.accepts(instance):
        return Diagnosis(valid=True)
    try:
        with limited(Effort.thorough(instance)):
            return _diagnosed(prepared, instance, MOST)
    except EffortSpent as spent:
        # without the traceback, whose frames hold all that was found
        first = spent.with_traceback(None)
    try:
        with limited(Effort.restrained(instance)):
            found = _diagnosed(prepared, instance, _MOST_ECONOMICAL)
    except EffortSpent as second:
        return Diagnosis(valid=False, errors=(*prepared.errors, _too_many(second, prepared.schema, instance)))
    if found.valid:
        return found
    return replace(found, errors=(*found.errors, _too_many(first, prepared.schema, instance)))


def risky_pattern(schema: JSON, instance: JSON) -> ValidationError | None:
    """The first search of a pattern that ``re`` might not come back from, as an error; None where there is none."""
    prepared = prepare(schema)
    try:
        with limited(Effort.restrained(instance)), without_risk():
            stopped = guarded_validator.run(prepared.validator, instance, most=MOST).stopped
    except EffortSpent:
        return None
    return _slow(stopped, prepared.schema, instance) if isinstance(stopped, PatternTooSlow) else None


def _diagnosed(prepared: PreparedSchema, instance: JSON, most: int) -> Diagnosis:
    """The diagnosis within the current effort. Raises :class:`EffortSpent`."""
    broken, schema = prepared.errors, prepared.schema
    found = guarded_validator.run(prepared.validator, instance, most=most)
    if not broken and found.is_clean:
        return Diagnosis(valid=True)
    stop: tuple[ValidationError, ...] = () if found.stopped is None else (_stopped(found.stopped, schema, instance),)
    if broken:
        stop = tuple(error for error in stop if error.keyword in ("$ref", "pattern"))
    return Diagnosis(found.is_clean, (*broken, *stop, *explain_violations(found.errors, schema)), found.more)


def _too_many(spent: EffortSpent, schema: Any, instance: Any) -> ValidationError:
    """The error for a schema whose alternatives could not all be compared, at the place where the work ended."""
    at = refs.Places(schema).of(spent.schema) or ""
    where = _first(instance, lambda value: value is spent.instance)
    return _made(ErrorCode.ALTERNATIVES, where, at, "")


def _stopped(error: Exception, schema: Any, instance: Any) -> ValidationError:
    """The error that kept the validator from coming to an end."""
    if isinstance(error, PatternTooSlow):
        return _slow(error, schema, instance)
    if isinstance(error, Unresolvable):
        return _unresolvable(str(error.ref), schema)
    if isinstance(error, RecursionError):
        return _too_deep(schema, instance)
    if isinstance(error, UnknownType):
        return _unknown_type(str(error.type), schema)
    why = f"{type(error).__name__}, {str(error)[:200]}"
    return _made(ErrorCode.NOT_VALIDATED, _odd_place(instance), "", "", why)


def _made(
    code: ErrorCode, pointer: str, schema_pointer: str, keyword: str, *details: str, value: Excerpt | None = None
) -> ValidationError:
    in_schema = code not in (ErrorCode.NOT_VALIDATED, ErrorCode.DATA_TOO_DEEP, ErrorCode.ALTERNATIVES)
    return with_message(
        ValidationError(
            Side.VALUE,
            pointer,
            schema_pointer,
            keyword,
            in_schema=in_schema,
            code=code,
            details=details,
            value=value,
        )
    )


def _slow(error: PatternTooSlow, schema: Any, instance: Any) -> ValidationError:
    at = _holder_of(schema, "pattern", lambda value: value == error.pattern)
    at = at or _holder_of(schema, "patternProperties", lambda value: error.pattern in value)
    where = _first(instance, lambda value: value == error.text or (isinstance(value, dict) and error.text in value))
    return _made(ErrorCode.PATTERN_SLOW, where, at, "pattern", quote(error.pattern), str(TIME_LIMIT))


def _unresolvable(ref: str, schema: Any) -> ValidationError:
    at = _holder_of(schema, "$ref", lambda value: isinstance(value, str) and value.endswith(ref))
    ref = str(pointers.resolve(schema, at)) if at else ref
    code = ErrorCode.REF_REMOTE if refs.is_remote(ref) else ErrorCode.REF_DANGLING
    return _made(code, refs.data_place(at), at, "$ref", quote(ref))


def _unknown_type(name: str, schema: Any) -> ValidationError:
    at = _holder_of(schema, "type", lambda value: value == name or (isinstance(value, list) and name in value))
    return _made(ErrorCode.TYPE_UNKNOWN, refs.data_place(at), at, "type", value=Excerpt("string", quote(name)))


def _too_deep(schema: Any, instance: Any) -> ValidationError:
    levels = nesting.depth(instance)
    if levels > _FOLLOWED:
        return _made(ErrorCode.DATA_TOO_DEEP, _deep_member(instance), "", "", str(_FOLLOWED), f"{levels:,}")
    at = _holder_of(schema, "$ref", lambda value: True)
    return _made(ErrorCode.SCHEMA_ENDLESS, refs.data_place(at), at, "$ref")


def _deep_member(instance: Any) -> str:
    """The property or item of the document that holds the nesting."""
    for name, value in refs.items_of(instance):
        if nesting.depth(value, most=_FOLLOWED + 1) > _FOLLOWED:
            return pointers.join("", name)
    return ""


def _odd_place(instance: Any) -> str:
    """The first number that is not JSON, at which the validator fails; else the document."""
    return _first(instance, lambda value: isinstance(value, float) and not math.isfinite(value))


def _first(instance: Any, wanted: Callable[[Any], bool]) -> str:
    waiting: list[tuple[str, Any, int]] = [("", instance, 0)]
    while waiting:
        pointer, node, level = waiting.pop()
        if wanted(node):
            return pointer
        if level < _FOLLOWED:
            inner = [(pointers.join(pointer, name), value, level + 1) for name, value in refs.items_of(node)]
            waiting.extend(reversed(inner))
    return ""


def _holder_of(schema: Any, keyword: str, wanted: Callable[[Any], bool]) -> str:
    """The pointer of the first ``keyword`` in a schema whose value is ``wanted``; ``""`` where there is none."""
    for pointer, node in refs.walk(schema):
        if isinstance(node, dict) and keyword in node and wanted(node[keyword]):
            return pointers.join(pointer, keyword)
    return ""
