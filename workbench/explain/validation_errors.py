"""The values of a run with their schemas, and the sentences for errors in them as parts of a page."""

from dataclasses import dataclass

from workbench import schema
from workbench.domain import JSON, Kind, Run, ValidationError
from workbench.explain.text import Part, Sentence


@dataclass(frozen=True, slots=True)
class Judged:
    """The value that a problem's pointers lead into, and the schema that judged it. ``title`` names the value.

    ``giver`` returned it, of outputs: ``the handler`` or ``the poll``.
    """

    where: str
    title: str
    value: JSON
    schema: JSON
    giver: str = ""


def judged(run: Run, where: str) -> Judged:
    """The value and the schema for problems of ``where`` (``input``, ``auth`` or ``output``)."""
    request, returned = run.request, run.outcome.returned
    if where == "input":
        return Judged(where, "The inputs", request.inputs, request.input_schema)
    if where == "auth":
        return Judged(where, "The auth", request.auth_fields, request.auth_schema)
    giver = "the poll" if request.kind is Kind.TRIGGER else "the handler"
    value = returned.value if returned else None
    return Judged(where, f"What {giver} returned", value, request.output_schema, giver)


def told(error: ValidationError) -> Sentence:
    """The error as one sentence with its places and values in code."""
    return _parts(schema.sentence(error))


def headline(error: ValidationError, of: Judged, more: int) -> Sentence:
    """The headline of a run that an error decided; ``more`` counts the others."""
    return _parts(schema.headline(error, more, of.giver))


def _parts(spans: schema.Spans) -> Sentence:
    return tuple(Part(span.text, span.code) for span in spans)
