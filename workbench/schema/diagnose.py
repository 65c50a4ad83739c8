"""``diagnose``: why a schema said no, the likeliest cause first."""

import math
from collections.abc import Callable
from typing import Any

from jsonschema.exceptions import UnknownType
from referencing.exceptions import Unresolvable

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.schema import refs, verdict
from workbench.schema.explain import explain
from workbench.schema.faults import Diagnosis, Fault
from workbench.schema.patterns import TIME_LIMIT, PatternTooSlow
from workbench.schema.schema_check import prepare
from workbench.schema.words import count, place, quote

MOST = 10_000
"""Faults that are told; a value with more of them says so (``more``)."""

_FOLLOWED = 150
"""Levels of data that are followed for certain; the validator stops at a few hundred."""


def diagnose(schema: JSON, instance: JSON) -> Diagnosis:
    """Hold ``instance`` against ``schema`` (Draft 7) and say everything that is wrong.

    Nothing is raised for bad data or bad schemas, nothing is fetched, no pattern runs without a time limit: a schema
    that cannot be used is a fault with ``in_schema``. Takes JSON values; other Python values are tolerated and named.
    """
    prepared = prepare(schema)
    if prepared.accepts is not None and prepared.accepts(instance):
        return Diagnosis(valid=True)
    broken, schema = prepared.faults, prepared.schema
    found = verdict.run(prepared.validator, instance, most=MOST)
    if not broken and found.is_clean:
        return Diagnosis(valid=True)
    stop: tuple[Fault, ...] = () if found.stopped is None else (_stopped(found.stopped, schema, instance),)
    if broken:
        stop = tuple(fault for fault in stop if fault.keyword in ("$ref", "pattern"))
    return Diagnosis(found.is_clean, (*broken, *stop, *explain(found.errors, schema)), found.more)


def _stopped(error: Exception, schema: Any, instance: Any) -> Fault:
    """The fault that kept the validator from coming to an end."""
    if isinstance(error, PatternTooSlow):
        return _slow(error, schema, instance)
    if isinstance(error, Unresolvable):
        return _unresolvable(str(error.ref), schema)
    if isinstance(error, RecursionError):
        return _too_deep(schema, instance)
    if isinstance(error, UnknownType):
        return _unknown_type(str(error.type), schema)
    message = f"The value could not be held against its schema: {type(error).__name__}, {str(error)[:200]}."
    return Fault(_odd_place(instance), "", "", "a JSON value that can be judged", "a value that cannot", message)


def _slow(error: PatternTooSlow, schema: Any, instance: Any) -> Fault:
    at = _holder_of(schema, "pattern", lambda value: value == error.pattern)
    at = at or _holder_of(schema, "patternProperties", lambda value: error.pattern in value)
    where = _first(instance, lambda value: value == error.text or (isinstance(value, dict) and error.text in value))
    message = (
        f"The pattern {quote(error.pattern)} took more than {TIME_LIMIT} s on {place(where)} and was stopped: it "
        "backtracks. Repeats within repeats, such as (a+)+, are the usual reason."
    )
    return Fault(where, at, "pattern", "a pattern that answers", "a pattern that backtracks", message, in_schema=True)


def _unresolvable(ref: str, schema: Any) -> Fault:
    at = _holder_of(schema, "$ref", lambda value: isinstance(value, str) and value.endswith(ref))
    ref = str(pointers.resolve(schema, at)) if at else ref
    if refs.is_remote(ref):
        why = "leads out of this document, and nothing is fetched; copy what it means into definitions"
    else:
        why = "leads to nothing in this schema"
    message = f"The schema's $ref {quote(ref)} {why}."
    return Fault(refs.data_place(at), at, "$ref", "a reference within this schema", quote(ref), message, in_schema=True)


def _unknown_type(name: str, schema: Any) -> Fault:
    at = _holder_of(schema, "type", lambda value: value == name or (isinstance(value, list) and name in value))
    message = f"The schema asks for the type {quote(name)}, which Draft 7 does not know."
    return Fault(refs.data_place(at), at, "type", "a type of Draft 7", quote(name), message, in_schema=True)


def _too_deep(schema: Any, instance: Any) -> Fault:
    levels = refs.depth(instance)
    if levels > _FOLLOWED:
        words = count(levels, "level")
        message = f"The value is nested {words} deep, deeper than a validator can follow; make it flatter."
        return Fault(_deep_member(instance), "", "", "data that can be followed", f"{words} of nesting", message)
    at = _holder_of(schema, "$ref", lambda value: True)
    message = "The schema refers to itself without end, or is nested deeper than a validator can follow."
    return Fault(refs.data_place(at), at, "$ref", "a schema that ends", "a schema without end", message, in_schema=True)


def _deep_member(instance: Any) -> str:
    """The member or item of the document that holds the nesting."""
    for name, value in refs.named(instance):
        if refs.depth(value, most=_FOLLOWED + 1) > _FOLLOWED:
            return pointers.join("", name)
    return ""


def _odd_place(instance: Any) -> str:
    """The first number that is no JSON, which is what the validator stumbles over; else the document."""
    return _first(instance, lambda value: isinstance(value, float) and not math.isfinite(value))


def _first(instance: Any, wanted: Callable[[Any], bool]) -> str:
    waiting: list[tuple[str, Any, int]] = [("", instance, 0)]
    while waiting:
        pointer, node, level = waiting.pop()
        if wanted(node):
            return pointer
        if level < _FOLLOWED:
            inner = [(pointers.join(pointer, name), value, level + 1) for name, value in refs.named(node)]
            waiting.extend(reversed(inner))
    return ""


def _holder_of(schema: Any, keyword: str, wanted: Callable[[Any], bool]) -> str:
    """The pointer of the first ``keyword`` in a schema whose value is ``wanted``; ``""`` where there is none."""
    for pointer, node in refs.everything(schema):
        if isinstance(node, dict) and keyword in node and wanted(node[keyword]):
            return pointers.join(pointer, keyword)
    return ""
