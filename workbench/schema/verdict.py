"""Data or schema at error? A verdict with its reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.domain import ABSENT, JSON, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema.config_codes import ConfigFinding
from workbench.schema.diagnose import Diagnosis, diagnose
from workbench.schema.lint import lint
from workbench.schema.schema_check import fits
from workbench.schema.words import count, kind, place, types


class AtFault(StrEnum):
    """Who is to change."""

    NOBODY = "nobody"
    DATA = "data"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``code`` is that of a check of schemas, or ``never-seen``, ``never-fits``, ``sound``."""

    code: str
    schema_pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the data or the schema is at error, and why. ``reasons`` is empty where nobody is."""

    at_fault: AtFault
    reasons: tuple[Reason, ...] = ()


_SUSPECT = {
    "schema-invalid",
    "schema-required-boolean",
    "schema-too-deep",
    "schema-ref-remote",
    "schema-ref-not-found",
    "schema-ref-circular",
    "schema-nullable",
    "schema-required-unknown",
    "schema-default-invalid",
    "schema-enum-invalid",
    "schema-empty-range",
    "schema-ignored-keyword",
    "schema-ref-siblings",
}


def judge(schema: JSON, instance: JSON, recorded: Sequence[JSON] = (), diagnosis: Diagnosis | None = None) -> Verdict:
    """Hold the errors of ``instance`` against what is odd in the schema and what earlier runs gave.

    ``recorded`` are earlier values for the same schema (outputs of earlier runs); ``diagnosis`` saves making it anew.
    """
    found = diagnosis or diagnose(schema, instance)
    if not found.errors:
        return Verdict(AtFault.NOBODY)
    odd = [
        Reason(each.code, each.pointer, _told(each))
        for each in lint(schema)
        if each.code in _SUSPECT and any(_touches(schema, each.code, each.pointer, error) for error in found.errors)
    ]
    reasons = (*odd, *_from_records(schema, found.errors, recorded))
    if reasons:
        return Verdict(AtFault.SCHEMA, tuple(dict.fromkeys(reasons)))
    first = found.errors[0]
    return Verdict(AtFault.DATA, (Reason("sound", first.schema_pointer, first.message),))


def _told(oddity: ConfigFinding) -> str:
    """What is odd, and what to do. A schema that is invalid says itself what is wanted."""
    return oddity.message if oddity.code == "schema-invalid" else f"{oddity.message} {oddity.remedy}"


def _touches(schema: Any, code: str, oddity: str, error: ValidationError) -> bool:
    """Whether something odd in the schema explains a error: the error is the schema's, or both are of one place."""
    holder, at_fault = pointers.parent(oddity), _keyword_place(error)
    if error.in_schema:
        return pointers.covers(oddity, error.schema_pointer) or pointers.covers(holder, error.schema_pointer)
    if code == "schema-nullable":
        return (error.value is not None and error.value.type == "null") and holder == pointers.parent(at_fault)
    if code == "schema-required-unknown":
        return holder == at_fault and pointers.resolve(schema, oddity) == pointers.last(error.pointer)
    return holder == pointers.parent(at_fault)


def _keyword_place(error: ValidationError) -> str:
    return error.rule


def _from_records(schema: Any, errors: Sequence[ValidationError], recorded: Sequence[Any]) -> Iterator[Reason]:
    """What earlier values say: a type that none ever had, a schema that none ever fitted."""
    if not recorded:
        return
    if not any(fits(schema, value) for value in recorded) and len(recorded) > 1:
        message = f"None of {count(len(recorded), 'earlier value')} is valid under this schema."
        yield Reason("never-fits", "", message)
    for error in errors:
        keyword_place = _keyword_place(error)
        if pointers.last(keyword_place) != "type":
            continue
        wanted = pointers.resolve(schema, keyword_place)
        seen = [value for value in (_at(each, error.pointer) for each in recorded) if value is not ABSENT]
        if seen and not any(fits({"type": wanted}, value) for value in seen):
            kinds = sorted({kind(value) for value in seen})
            message = (
                f"{place(error.pointer)} was never {types(wanted)} in {count(len(seen), 'earlier value')}: "
                f"it was {types(kinds)}. Declare the type that is returned, or return the declared type."
            )
            yield Reason("never-seen", keyword_place, message)


def _at(value: Any, pointer: str) -> Any:
    """The value at a pointer; where an array is shorter, its first item stands for all of them."""
    for part in pointers.split(pointer):
        found = pointers.child(value, part)
        if found is ABSENT and isinstance(value, list) and value and part.isdigit():
            found = value[0]
        value = found
    return value
