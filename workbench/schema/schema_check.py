"""Whether a schema is a schema: Draft 7's own metaschema, patterns that compile, and depths that can be followed."""

import marshal
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs
from jsonschema import Draft7Validator
from jsonschema.protocols import Validator

from workbench.jsondoc import pointer as pointers
from workbench.schema import refs, verdict
from workbench.schema.compiled import Accepts, compiled
from workbench.schema.explain import explain
from workbench.schema.faults import Fault
from workbench.schema.patterns import compile_error
from workbench.schema.words import describe, place, quote

DEEPEST = 400
"""Levels of a schema; beyond this it is not even looked at."""

_MOST = 1000
"""Faults of a schema that are told."""

_META = jsonschema_rs.Draft7Validator(Draft7Validator.META_SCHEMA)
_DRAFT7_TYPES = "array, boolean, integer, null, number, object, string"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A schema made ready: a copy that nobody changes, what is wrong with it, and its validator (None for none).

    ``accepts`` is a compiled check whose yes can be relied on, None where there is none.
    """

    schema: Any
    faults: tuple[Fault, ...]
    validator: Validator | None
    accepts: Accepts | None = None


def prepare(schema: Any) -> Prepared:
    """The prepared form of a schema; made once for equal schemas, which costs more than most values do."""
    try:
        return _prepared(marshal.dumps(schema, 2))
    except ValueError:  # what marshal does not know, and nesting that is too deep for it
        return _prepare(schema, _check(schema))


def fits(schema: Any, instance: Any) -> bool:
    """The verdict alone, quickly; a schema that gives none counts as a no."""
    prepared = prepare(schema)
    if prepared.accepts is not None and prepared.accepts(instance):
        return True
    return verdict.run(prepared.validator, instance, most=1).is_clean


def check_schema(schema: Any) -> tuple[Fault, ...]:
    """What is wrong with a schema under Draft 7; empty where it is valid.

    A fault's ``schema_pointer`` is the place in the schema, its ``pointer`` the place in the data that it speaks of.
    """
    try:
        return _checked(marshal.dumps(schema, 2))
    except ValueError:
        return _check(schema)


@lru_cache(maxsize=4096)
def _checked(written: bytes) -> tuple[Fault, ...]:
    # to look for patterns takes a walk, so first whether the word is there at all
    return _check(marshal.loads(written), patterns=b"pattern" in written)  # noqa: S302  # written by check_schema, above


@lru_cache(maxsize=2048)
def _prepared(written: bytes) -> Prepared:
    return _prepare(marshal.loads(written), _checked(written))  # noqa: S302  # written by prepare, further above


def _prepare(schema: Any, faults: tuple[Fault, ...]) -> Prepared:
    return Prepared(schema, faults, verdict.prepare(schema), None if faults else compiled(schema))


def _check(schema: Any, *, patterns: bool = True) -> tuple[Fault, ...]:
    if refs.depth(schema, most=DEEPEST + 1) > DEEPEST:
        return (_too_deep(),)
    found = () if _passes(schema) else _against_metaschema(schema)
    return found + _bad_patterns(schema) if patterns else found


def _passes(schema: Any) -> bool:
    """The compiled verdict. It may say no too often (it knows more formats than Python's), which costs time only."""
    try:
        return bool(_META.is_valid(schema))
    except Exception:  # a Python value that is no JSON
        return False


def _against_metaschema(schema: Any) -> tuple[Fault, ...]:
    found = verdict.run(verdict.prepare(Draft7Validator.META_SCHEMA), schema, most=_MOST)
    if isinstance(found.stopped, RecursionError):
        return (_too_deep(),)
    return tuple(_as_schema_fault(fault) for fault in explain(found.errors, Draft7Validator.META_SCHEMA))


def _as_schema_fault(fault: Fault) -> Fault:
    """A fault of a schema against the metaschema, told as one of the schema."""
    at = fault.pointer
    keyword = pointers.last(at)
    holder = pointers.parent(at)
    where = f"in the schema at {holder}" if holder else "at the root of the schema"
    if keyword == "required" and fault.actual in ("true", "false"):
        message = (
            f"The schema is invalid: {where}, required is {fault.actual}; Draft 7 wants a list of names there, "
            "on the object that holds the member."
        )
    elif keyword == "type":
        message = f"The schema is invalid: {where}, type is {fault.actual}; Draft 7 knows {_DRAFT7_TYPES}."
    elif not at:
        message = f"The schema is {fault.actual}; Draft 7 wants an object, true or false."
    elif keyword.isdigit():
        message = f"The schema is invalid: {place(at)} is {fault.actual}; Draft 7 wants {fault.expected}."
    else:
        message = f"The schema is invalid: {where}, {keyword} is {fault.actual}; Draft 7 wants {fault.expected}."
    return Fault(refs.data_place(at), at, keyword, fault.expected, fault.actual, message, in_schema=True)


def _bad_patterns(schema: Any) -> tuple[Fault, ...]:
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
            if problem := compile_error(pattern):
                found.append(_bad_pattern(pointer, keyword, pattern, problem))
    return tuple(found)


def _bad_pattern(pointer: str, keyword: str, pattern: str, problem: str) -> Fault:
    at = pointers.join(pointer, keyword)
    message = f"The schema is invalid: the pattern {quote(pattern)} at {at} is no regular expression ({problem})."
    return Fault(refs.data_place(at), at, keyword, "a regular expression", describe(pattern), message, in_schema=True)


def _too_deep() -> Fault:
    message = "The schema is nested too deep to be checked; flatten it, or define its parts once and refer to them."
    return Fault("", "", "", f"at most {DEEPEST} levels", "more levels than can be followed", message, in_schema=True)
