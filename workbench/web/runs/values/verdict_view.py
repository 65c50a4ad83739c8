"""The verdict on an error as the page shows it: change the data or the schema, and why."""

from dataclasses import dataclass

from workbench import schema
from workbench.domain import JSON, Kind, Run
from workbench.explain import hints, missing_credentials, value_origin
from workbench.explain.provenance import Origin
from workbench.explain.text import Sentence, sentence, with_code
from workbench.schema import ErrorSource
from workbench.web.runs.values.validated_value import Around, ErrorContext, Subject, earlier_values, is_large

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
class VerdictView:
    """``summary`` says what is wrong, data or schema; ``reasons`` are sentences, each with the pointer of its rule."""

    summary: str
    blames_schema: bool
    where: str
    reasons: tuple[tuple[Sentence, str], ...]


def present_verdict(run: Run, context: ErrorContext, around: Around, origin: Origin | None) -> VerdictView | None:
    """The verdict on an error, whose value came from ``origin``; None where there is no error."""
    of = context.subject
    others = _others(of, run, around)
    found = schema.find_verdict(of.schema, of.value, others, context.diagnosis)
    if found.source is ErrorSource.NONE:
        return None
    blames_schema = found.source is ErrorSource.SCHEMA
    data = {"input": "The inputs are invalid.", "auth": _auth(run), "output": _handler(run, origin)}[of.where]
    summary = _schema(context) if blames_schema else data
    reasons = tuple((with_code(reason.message), reason.schema_pointer) for reason in found.reasons)
    if not blames_schema:
        matched = others and all(schema.is_valid(of.schema, value) for value in others)
        reasons = ((sentence(f"{_VALID if matched else _ONLY_VALID} {_fix(run, of.where)}"), ""),)
    return VerdictView(summary, blames_schema, of.where, reasons)


def _fix(run: Run, where: str) -> str:
    """What to do about invalid data: the schema is not to be changed where the cause is known."""
    if where == "auth" and missing_credentials.labels(run):
        return "Fill in the credentials."
    if where == "input" and all(missing_credentials.is_absent(one) for one in run.outcome.errors if one.where == where):
        return "Fill in the inputs."
    return "Fix the handler." if where == "output" and hints.decisive(run) is not None else _FIXES[where]


def _others(of: Subject, run: Run, around: Around) -> list[JSON]:
    """The values of earlier runs, each once and without this one: repeating a run proves nothing new.

    None for a large value: the first paint of the page has the verdict already.
    """
    found: list[JSON] = []
    if is_large(of.value):
        return found
    for value in earlier_values(of, run, around.runs):
        if value != of.value and value not in found[:_COMPARED]:
            found.append(value)
    return found


def _schema(context: ErrorContext) -> str:
    invalid = any(error.in_schema for error in context.diagnosis.errors)
    return "The schema is invalid." if invalid else "The schema is likely wrong."


def _auth(run: Run) -> str:
    return "Credentials are not filled in." if missing_credentials.labels(run) else "The auth is invalid."


def _handler(run: Run, origin: Origin | None) -> str:
    giver = "poll" if run.request.kind is Kind.TRIGGER else "handler"
    if value_origin.is_passed_on(origin):
        return f"The {giver} returned invalid data as the API had sent it."
    return f"The {giver} returned invalid data."
