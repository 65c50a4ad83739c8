"""Whether to change the data or the schema, also by what earlier runs gave."""

from dataclasses import dataclass

from workbench import schema
from workbench.domain import JSON, Kind, Run
from workbench.schema import AtFault
from workbench.schema.schema_check import fits
from workbench.web.runs.validated_value import Around, Examined, Subject, is_large, recorded

_COMPARED = 20
"""Earlier values that a value is compared with, to count each once."""


_VALID = "The schema is valid, and all earlier runs match it."
_ONLY_VALID = "The schema is valid."
_FIXES = {
    "input": "Fix the inputs, or allow this value in the schema.",
    "auth": "Fix the auth, or allow this value in the schema.",
    "output": "Fix the handler, or allow this value in the schema.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether to change the data or the schema, in words, with the reasons and the rule of each."""

    told: str
    schema: bool
    where: str
    reasons: tuple[tuple[str, str], ...]


def judged(run: Run, examined: Examined, around: Around) -> Judged | None:
    """The verdict on a fault; None where there is nothing to judge."""
    of = examined.subject
    others = _others(of, run, around)
    found = schema.judge(of.schema, of.value, others, examined.diagnosis)
    if found.at_fault is AtFault.NOBODY:
        return None
    schema_is = found.at_fault is AtFault.SCHEMA
    data = {"input": "The inputs are invalid.", "auth": "The auth is invalid.", "output": _handler(run)}[of.where]
    told = _schema(examined) if schema_is else data
    reasons = tuple((reason.message, reason.schema_pointer) for reason in found.reasons if reason.code != "sound")
    if not schema_is:
        matched = others and all(fits(of.schema, value) for value in others)
        reasons = ((f"{_VALID if matched else _ONLY_VALID} {_FIXES[of.where]}", ""),)
    return Judged(told, schema_is, of.where, reasons)


def _others(of: Subject, run: Run, around: Around) -> list[JSON]:
    """What earlier runs gave, each value once and not this one again: repeating a run proves nothing new.

    None for a large value: the verdict stands on the first paint of the page.
    """
    found: list[JSON] = []
    if is_large(of.value):
        return found
    for value in recorded(of, run, around.runs):
        if value != of.value and value not in found[:_COMPARED]:
            found.append(value)
    return found


def _schema(examined: Examined) -> str:
    invalid = any(error.in_schema for error in examined.diagnosis.errors)
    return "The schema is invalid." if invalid else "The schema is likely wrong."


def _handler(run: Run) -> str:
    return (
        "The poll returned invalid data." if run.request.kind is Kind.TRIGGER else "The handler returned invalid data."
    )
