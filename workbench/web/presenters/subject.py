"""What was held against what: a value, its schema, where that stands in ``config.json``, and earlier such values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from workbench import schema
from workbench.domain import ABSENT, JSON, Kind, Problem, Run, RunState
from workbench.web.presenters import faults, pointers

RECORDED = 100
"""Earlier values that a change is tried against."""
LARGE = 5_000
"""Values within a value beyond which it is large: what takes trying is then not done before it is asked for."""

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
    """``value`` is what the schema speaks of. It stands at ``base`` of ``document``: a record's data, for triggers.

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
class Examined:
    """A problem diagnosed anew, with all that a stored one does not keep."""

    subject: Subject
    diagnosis: schema.Diagnosis
    fault: schema.Fault


def subject(run: Run, where: str, pointer: str = "") -> Subject | None:
    """What ``pointer`` of the value ``where`` was judged by; None where there is no schema, or no such value."""
    if where not in SCHEMAS:
        return None
    of = faults.judged(run, where)
    base = record(of.value, pointer) if where == "output" and run.request.kind is Kind.TRIGGER else ""
    value = pointers.resolve(of.value, base)
    if of.schema is None or value is ABSENT or (where == "output" and run.outcome.returned is None):
        return None
    return Subject(where, of.title, of.value, base, value, of.schema, _place(run, where))


def record(records: JSON, pointer: str) -> str:
    """The place of the record's data that ``pointer`` lies in: ``/3/data``; of the first record where it lies in none.

    The empty pointer where there is no record: the schema then speaks of nothing that is there.
    """
    parts = pointer.split("/")
    asked = parts[1] if len(parts) > 1 else "0"
    found = f"/{asked}/data"
    return found if pointers.resolve(records, found) is not ABSENT else ""


def _place(run: Run, where: str) -> str:
    if where == "auth":
        return "/auth/fields"
    section = "polling_triggers" if run.request.kind is Kind.TRIGGER else "actions"
    return pointers.join("", section, run.request.name, SCHEMAS[where])


def examine(run: Run, problem: Problem) -> Examined | None:
    """The problem diagnosed anew; None where its schema does not speak of it, as of a record without an ``id``."""
    of = subject(run, problem.where, problem.pointer)
    if of is None:
        return None
    diagnosis = schema.diagnose(of.schema, of.value)
    for fault in diagnosis.faults:
        here = (of.base + fault.pointer, fault.schema_pointer, fault.keyword)
        if here == (problem.pointer, problem.schema_pointer, problem.keyword):
            return Examined(of, diagnosis, fault)
    return None


def recorded(of: Subject, run: Run, others: Sequence[Run]) -> tuple[JSON, ...]:
    """Earlier values for the same schema, the newest first: other runs', and other records of the same poll."""
    return tuple(islice(_recorded(of, run, others), RECORDED))


def _recorded(of: Subject, run: Run, others: Sequence[Run]) -> Iterator[JSON]:
    if of.base:
        yield from (value for base, value in samples(run) if base != of.base)
    for other in others:
        same = other.id != run.id and (other.request.kind, other.request.name) == (run.request.kind, run.request.name)
        if of.where == "output" and same:
            yield from (value for _, value in samples(other))
        elif of.where == "input" and same:
            yield other.request.inputs


def samples(run: Run) -> Iterator[tuple[str, JSON]]:
    """What a run gave for its ``output_schema``, each with its place: the result, or the data of every record."""
    returned = run.outcome.returned
    if run.outcome.state is not RunState.FINISHED or returned is None or run.request.kind is Kind.ACCOUNT:
        return
    if returned.type_name.rpartition(".")[2] == "ActionError" or returned.lossy:
        return
    if run.request.kind is Kind.ACTION:
        yield "", returned.value
        return
    for number, item in enumerate(returned.value if isinstance(returned.value, list) else ()):
        if isinstance(item, dict) and "data" in item:
            yield f"/{number}/data", item["data"]


def is_large(value: JSON) -> bool:
    """Whether there are so many values in it that trying something on it takes time that people notice."""
    waiting, seen = [value], 0
    while waiting and seen <= LARGE:
        item = waiting.pop()
        seen += 1 if not isinstance(item, str) else 1 + len(item) // 100
        if isinstance(item, dict | list):
            seen += len(item) // 10
            waiting.extend(islice(item.values() if isinstance(item, dict) else item, LARGE))
    return seen > LARGE


def masked(value: object) -> bool:
    """Whether a text made of the value holds a masked secret, which must not be written anywhere as if it were data."""
    return "‹" in str(value)
