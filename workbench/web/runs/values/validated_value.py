"""A value of a run with its schema, the place of that in ``config.json``, and earlier values of the same schema."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from workbench import schema
from workbench.domain import ABSENT, JSON, Kind, Run, RunState, ValidationError, map_pointers
from workbench.explain import validation_errors
from workbench.explain.text import bare
from workbench.jsondoc import pointer as pointers

EARLIER = 100
"""Earlier values that a fix is tested on."""
TESTED = 60_000
"""Values within all of them."""
LARGE = 5_000
"""Values within a value beyond which it is large: fixes are then tested only on request."""

SCHEMAS = {"auth": "auth.fields", "input": "input_schema", "output": "output_schema"}
"""What the schema of each value is called in ``config.json``."""
VALUES = {"auth": "auth", "input": "inputs", "output": "returned"}
"""The name under which the page loads more of each value."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a run: the text of ``config.json`` as it is now with its digest, and other runs, masked."""

    config: str = ""
    digest: str = ""
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """``value`` is what the schema applies to. It stands at ``base`` of ``document``: a record's data, for triggers.

    ``place`` is where the schema stands in ``config.json``, as a JSON Pointer; ``title`` names the document.
    """

    where: str
    title: str
    document: JSON
    base: str
    value: JSON
    schema: JSON
    place: str

    def inner(self, pointer: str) -> str:
        """A pointer into the document as one into the value."""
        return pointer.removeprefix(self.base) if pointer.startswith(self.base) else ""


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """An error with its subject, and every error of that subject as a diagnosis."""

    subject: Subject
    diagnosis: schema.Diagnosis
    error: ValidationError


def subject(run: Run, where: str, pointer: str = "") -> Subject | None:
    """What ``pointer`` of the value ``where`` was validated by; None where there is no schema, or no such value."""
    if where not in SCHEMAS:
        return None
    of = validation_errors.value_and_schema(run, where)
    base = record(of.value, pointer) if where == "output" and run.request.kind is Kind.TRIGGER else ""
    value = pointers.resolve(of.value, base)
    if of.schema is None or value is ABSENT or (where == "output" and run.outcome.returned is None):
        return None
    return Subject(where, of.title, of.value, base, value, of.schema, _place(run, where))


def record(records: JSON, pointer: str) -> str:
    """The place of the record's data that ``pointer`` lies in: ``/3/data``; of the first record where it lies in none.

    The empty pointer where there is no record: the schema then applies to nothing that is there.
    """
    parts = pointer.split("/")
    asked = parts[1] if len(parts) > 1 else "0"
    found = f"/{asked}/data"
    return found if pointers.resolve(records, found) is not ABSENT else ""


def _place(run: Run, where: str) -> str:
    if where == "auth":
        return "/auth/fields"
    return pointers.join("", run.request.kind.handler.section, run.request.name, SCHEMAS[where])


def error_context(run: Run, error: ValidationError) -> ErrorContext | None:
    """The error with its subject; None where its schema does not apply to it, as to a record without an ``id``."""
    of = subject(run, error.where, error.pointer)
    polled = error.where == "output" and run.request.kind is Kind.TRIGGER
    if of is None or not _lies_in(of, error) or (polled and not of.base):
        return None
    mapped = map_pointers(error, of.inner)
    near = [each for each in run.outcome.errors if each.where == error.where and _lies_in(of, each)]
    found = [map_pointers(each, of.inner) for each in near if each is not error]
    return ErrorContext(of, schema.Diagnosis(valid=False, errors=(mapped, *found)), mapped)


def _lies_in(of: Subject, error: ValidationError) -> bool:
    return error.pointer == of.base or error.pointer.startswith(f"{of.base}/")


def earlier_values(of: Subject, run: Run, others: Sequence[Run]) -> tuple[JSON, ...]:
    """Earlier values for the same schema, the newest first: other runs', and other records of the same poll.

    As many as can be tested in bearable time: fewer where they are large.
    """
    found: list[JSON] = []
    left = TESTED
    for value in islice(_earlier(of, run, others), EARLIER):
        left -= weight(value, left)
        if left <= 0 and found:
            break
        found.append(value)
    return tuple(found)


def _earlier(of: Subject, run: Run, others: Sequence[Run]) -> Iterator[JSON]:
    if of.base:
        yield from (value for base, value in samples(run) if base != of.base)
    for other in others:
        same = other.id != run.id and (other.request.kind, other.request.name) == (run.request.kind, run.request.name)
        if of.where == "output" and same:
            yield from (value for _, value in samples(other))
        elif of.where == "input" and same:
            yield other.request.inputs


def samples(run: Run) -> Iterator[tuple[str, JSON]]:
    """The values of a run for its ``output_schema``, each with its place: the result, or the data of every record."""
    returned = run.outcome.returned
    if run.outcome.state is not RunState.FINISHED or returned is None or run.request.kind is Kind.ACCOUNT:
        return
    if bare(returned.type_name) == "ActionError" or returned.lossy or returned.cut:
        return
    if run.request.kind is Kind.ACTION:
        yield "", returned.value
        return
    for number, item in enumerate(returned.value if isinstance(returned.value, list) else ()):
        if isinstance(item, dict) and "data" in item:
            yield f"/{number}/data", item["data"]


def is_large(value: JSON) -> bool:
    """Whether it holds so many values that testing fixes on it takes a noticeable time."""
    return weight(value, LARGE) >= LARGE


def weight(value: JSON, most: int) -> int:
    """How many values there are in it, long texts counted as more; ``most`` where there are that many or more."""
    waiting, seen = [value], 0
    while waiting and seen < most:
        item = waiting.pop()
        seen += 1 + len(item) // 100 if isinstance(item, str) else 1
        if isinstance(item, dict | list):
            waiting.extend(islice(item.values() if isinstance(item, dict) else item, most))
    return min(seen, most)
