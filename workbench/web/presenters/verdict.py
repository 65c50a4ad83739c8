"""Data or schema: who is to change, held against what other runs gave."""

from dataclasses import dataclass

from workbench import schema
from workbench.domain import JSON, Kind, Run
from workbench.schema import AtFault
from workbench.web.presenters.subject import Around, Examined, Subject, is_large, recorded

_COMPARED = 20
"""Earlier values that a value is compared with, to count each once."""


_SOUND = "The schema is sound: it is valid Draft 7, and nothing recorded speaks against it."
_REMEDY = {
    "input": "Mend the inputs; or the schema, where such a value is meant to be taken.",
    "auth": "Mend the auth; or the schema, where such a value is meant to be taken.",
    "output": "Mend what is returned; or the schema, where such a value is meant to be given.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Data or schema: who is at fault, in words, with the reasons and the rule of each."""

    told: str
    schema: bool
    where: str
    reasons: tuple[tuple[str, str], ...]


def judged(run: Run, examined: Examined, around: Around) -> Judged | None:
    """The verdict on a fault; None where there is nothing to judge."""
    of = examined.subject
    found = schema.judge(of.schema, of.value, _others(of, run, around), examined.diagnosis)
    if found.at_fault is AtFault.NOBODY:
        return None
    schema_is = found.at_fault is AtFault.SCHEMA
    data = {"input": "The inputs are at fault.", "auth": "The auth is at fault.", "output": _handler(run)}[of.where]
    told = "The schema is at fault." if schema_is else data
    reasons = tuple((reason.message, reason.schema_pointer) for reason in found.reasons if reason.code != "sound")
    if not schema_is:
        reasons = ((f"{_SOUND} {_REMEDY[of.where]}", ""),)
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


def _handler(run: Run) -> str:
    return "The poll is at fault." if run.request.kind is Kind.TRIGGER else "The handler is at fault."
