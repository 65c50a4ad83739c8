"""Whether to change the data or the schema: a verdict with its reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.domain import ABSENT, JSON, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema.config_codes import ConfigFinding
from workbench.schema.decimal_multiples import is_decimal_multiple
from workbench.schema.diagnose import Diagnosis, diagnose
from workbench.schema.lint import lint
from workbench.schema.schema_check import is_valid
from workbench.schema.words import count, kind, place, types


class ErrorSource(StrEnum):
    """Where the errors come from: there are none, invalid data, or a schema that is likely wrong."""

    NONE = "none"
    DATA = "data"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``code`` is that of a check of schemas, or ``never-seen``, ``never-valid``, ``schema-valid``."""

    code: str
    schema_pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The source of the errors, and why it is taken for that. ``reasons`` is empty where there are no errors."""

    source: ErrorSource
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
    "schema-unsatisfiable",
    "schema-closed",
    "schema-multiple-of-decimal",
    "schema-ignored-keyword",
    "schema-ref-siblings",
}


def find_verdict(
    schema: JSON, instance: JSON, earlier: Sequence[JSON] = (), diagnosis: Diagnosis | None = None
) -> Verdict:
    """The likely source of the errors of ``instance``, from what is odd in the schema and from ``earlier`` values.

    ``earlier`` are values for the same schema (outputs of earlier runs); ``diagnosis`` saves making it again.
    """
    found = diagnosis or diagnose(schema, instance)
    if not found.errors:
        return Verdict(ErrorSource.NONE)
    odd = [
        Reason(each.code, each.pointer, _oddity_message(each))
        for each in lint(schema)
        if each.code in _SUSPECT and any(_touches(schema, each.code, each.pointer, error) for error in found.errors)
    ]
    reasons = (*odd, *_from_earlier(schema, found.errors, earlier))
    if reasons:
        return Verdict(ErrorSource.SCHEMA, tuple(dict.fromkeys(reasons)))
    first = found.errors[0]
    return Verdict(ErrorSource.DATA, (Reason("schema-valid", first.schema_pointer, first.message),))


def _oddity_message(oddity: ConfigFinding) -> str:
    """What is odd, and what to do; the message of an invalid schema says that itself."""
    return oddity.message if oddity.code == "schema-invalid" else f"{oddity.message} {oddity.fix}"


def _touches(schema: Any, code: str, oddity: str, error: ValidationError) -> bool:
    """Whether something odd in the schema explains an error: the error is the schema's, or both are of one place."""
    holder, rule = pointers.parent(oddity), error.rule
    if error.in_schema:
        return pointers.covers(oddity, error.schema_pointer) or pointers.covers(holder, error.schema_pointer)
    if code == "schema-nullable":
        return (error.value is not None and error.value.type == "null") and holder == pointers.parent(rule)
    if code == "schema-required-unknown":
        return holder == rule and pointers.resolve(schema, oddity) == pointers.last(error.pointer)
    if code in ("schema-unsatisfiable", "schema-closed"):
        name = pointers.last(oddity) if pointers.last(holder) == "properties" else pointers.resolve(schema, oddity)
        return name == pointers.last(error.pointer) and (rule == holder or pointers.last(rule) in _CLOSES)
    if code == "schema-multiple-of-decimal":
        value, step = error.value.text if error.value else "", "".join(error.details)
        return oddity == rule and is_decimal_multiple(value, step)
    return holder == pointers.parent(rule)


_CLOSES = ("additionalProperties", "required")


def _from_earlier(schema: Any, errors: Sequence[ValidationError], earlier: Sequence[Any]) -> Iterator[Reason]:
    """Reasons in earlier values: a type that none of them has, a schema that none of them matches."""
    if not earlier:
        return
    if not any(is_valid(schema, value) for value in earlier) and len(earlier) > 1:
        message = f"None of {count(len(earlier), 'earlier value')} is valid under this schema."
        yield Reason("never-valid", "", message)
    for error in errors:
        rule = error.rule
        if pointers.last(rule) != "type":
            continue
        wanted = pointers.resolve(schema, rule)
        values = [value for value in (_at(each, error.pointer) for each in earlier) if value is not ABSENT]
        if values and not any(is_valid({"type": wanted}, value) for value in values):
            kinds = sorted({kind(value) for value in values})
            message = (
                f"{place(error.pointer)} was never {types(wanted)} in {count(len(values), 'earlier value')}: "
                f"it was {types(kinds)}. Declare the type that is returned, or return the declared type."
            )
            yield Reason("never-seen", rule, message)


def _at(value: Any, pointer: str) -> Any:
    """The value at a pointer; where an array is shorter, its first item stands for all of them."""
    for part in pointers.split(pointer):
        found = pointers.child(value, part)
        if found is ABSENT and isinstance(value, list) and value and part.isdigit():
            found = value[0]
        value = found
    return value
