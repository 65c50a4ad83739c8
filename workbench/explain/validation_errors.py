"""The values of a run with their schemas, and the sentences for errors in them as parts of a page."""

from dataclasses import dataclass

from workbench import schema
from workbench.domain import JSON, Kind, Run, RunRequest, Side, ValidationError, ValidationPlace
from workbench.explain.text import Part, Sentence, code
from workbench.explain.text import sentence as sentence_of
from workbench.jsondoc import pointer as pointers

_VALIDATED = {Side.INPUT: "the inputs were", Side.AUTH: "the auth was", Side.OUTPUT: "the output was"}


@dataclass(frozen=True, slots=True)
class ValueAndSchema:
    """A value that an error's pointers lead into, and its schema. ``title`` names the value.

    ``giver`` returned it, where it is an output: ``the handler`` or ``the poll``.
    """

    where: str
    title: str
    value: JSON
    schema: JSON
    giver: str = ""


def value_and_schema(run: Run, where: str) -> ValueAndSchema:
    """The value and the schema for errors of ``where`` (``input``, ``auth`` or ``output``)."""
    request, returned = run.request, run.outcome.returned
    if where == "input":
        return ValueAndSchema(where, "Inputs", request.inputs, request.input_schema)
    if where == "auth":
        return ValueAndSchema(where, "Auth", request.auth_fields, request.auth_schema)
    giver = "the poll" if request.kind is Kind.TRIGGER else "the handler"
    value = returned.value if returned else None
    return ValueAndSchema(where, f"Return value of {giver}", value, request.output_schema, giver)


def sentence(error: ValidationError) -> Sentence:
    """The error as one sentence with its places and values in code."""
    return _parts(schema.sentence(error))


def headline(error: ValidationError, of: ValueAndSchema, more: int) -> Sentence:
    """The headline of a run that an error decided; ``more`` counts the others."""
    return _parts(schema.headline(error, more, of.giver))


def stopped_in(place: ValidationPlace, request: RunRequest) -> Sentence:
    """Where a run was stopped in a validation, after “Timed out …”."""
    pointer, whose = pointers.build(place.data), _VALIDATED.get(place.where, "a value was")
    schemas = {Side.INPUT: request.input_schema, Side.AUTH: request.auth_schema, Side.OUTPUT: request.output_schema}
    rule = schema.followed_pointer(schemas.get(place.where), place.schema)
    at = (" on ", code(pointer)) if pointer else ()
    return sentence_of(f" while {whose} validated: ", code(place.keyword), " at ", code(rule or "the root"), *at)


def _parts(spans: schema.Spans) -> Sentence:
    return tuple(Part(span.text, span.code) for span in spans)
