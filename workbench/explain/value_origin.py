"""Who brought an invalid value about, in a sentence: the API that sent it, or the handler that made it."""

from workbench.domain import ABSENT, Run, ValidationError
from workbench.explain import provenance
from workbench.explain.provenance import Origin
from workbench.explain.text import Sentence, code, sentence, value_text
from workbench.jsondoc import pointer as pointers


def explain(run: Run) -> Sentence:
    """The sentence for the first error of an invalid output; empty where its origin is not known."""
    error = next((each for each in run.outcome.errors if each.where == "output"), None)
    if error is None or error.in_schema or error.code.is_of_sdk:
        return ()
    origin = provenance.find(run, error)
    return _sentence(run, error, origin) if origin else ()


def is_passed_on(origin: Origin | None) -> bool:
    """Whether the handler returned what the API had sent, as it was."""
    return origin is not None and not origin.other


def _sentence(run: Run, error: ValidationError, origin: Origin) -> Sentence:
    exchange, name = f" (exchange {origin.exchange})", pointers.last(error.pointer) if error.pointer else ""
    place = code(origin.pointer) if origin.pointer else "the root of the body"
    if origin.missing:
        return sentence(
            "The API’s object at ", place, exchange, " has no ", code(name),
            " either. Make it optional in the schema, or add it in the handler.",
        )  # fmt: skip
    if origin.other:
        return sentence(
            "The API sent another value in ", place, exchange, ", so the handler made this one. Change the handler."
        )
    returned = run.outcome.returned
    value = pointers.resolve(returned.value, error.pointer) if returned else ABSENT
    what = "this value" if value is ABSENT else value_text(value)
    allow = "null" if value is None else "such a value"
    return sentence(
        "The API sent ", code(what), " at ", place, exchange,
        f". Allow {allow} in the schema, or replace it in the handler.",
    )  # fmt: skip
