"""A ``VALIDATION_ERROR`` from production, pasted with its payload: read, and diagnosed as our own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.domain import ABSENT, JSON, Absent, ValidationError
from workbench.jsondoc import lenient
from workbench.jsondoc import pointer as pointers
from workbench.schema.diagnose import Diagnosis, diagnose
from workbench.schema.library_messages import says
from workbench.schema.similarity import shared_names

_SOURCES = {"input": "input", "inputs": "input", "output": "output", "auth": "auth"}
_GUESSES = (("output", r"\boutputs?\b|\bresult\b"), ("auth", r"\bauth(entication)?\b"), ("input", r"\binputs?\b"))


@dataclass(frozen=True, slots=True)
class Report:
    """A production message in its parts. ``source`` is ``input``, ``output``, ``auth`` or ``""``."""

    message: str
    source: str = ""
    property: str = ""
    value: JSON | Absent = ABSENT


@dataclass(frozen=True, slots=True)
class DiagnosedReport:
    """A report with the diagnosis of its payload; ``matching`` is the error that the message is about."""

    report: Report
    source: str
    diagnosis: Diagnosis
    matching: ValidationError | None = None


def read_report(text: str) -> Report:
    """The message in a pasted text: an ``IntegrationResult`` as JSON or as Python shows it, or bare text."""
    found = _error_in(lenient.read(text, exact=False).value)
    if found is None:
        return Report(text.strip(), _guess(text))
    message = str(found.get("message", ""))
    source = _SOURCES.get(str(found.get("source", "")).lower(), "") or _guess(message)
    return Report(message, source, _text(found.get("property")), found.get("value", ABSENT))


def diagnose_report(text: str, payload: JSON, schemas: Mapping[str, JSON]) -> DiagnosedReport:
    """Diagnose a payload against the schema that the message names, of ``schemas`` by source.

    Where the message names none, the schema is taken that the payload violates as the message says, else the one that
    shares most names with it, else the one with the fewest errors.
    """
    report = read_report(text)
    found = {source: diagnose(schema, payload) for source, schema in schemas.items() if report.source in ("", source)}
    found = found or {source: diagnose(schema, payload) for source, schema in schemas.items()}
    invalid = {source: diagnosis for source, diagnosis in found.items() if diagnosis.errors}
    if not found:
        return DiagnosedReport(report, report.source, Diagnosis(valid=True))

    def distance(source: str) -> tuple[bool, float, int]:
        errors = found[source].errors
        is_said = any(says(report.message, error, payload) for error in errors)
        return not is_said, -shared_names(payload, schemas[source]), len(errors)

    source = min(invalid or found, key=distance)
    diagnosis = found[source]
    return DiagnosedReport(report, source, diagnosis, _matching(report, diagnosis, payload))


def _matching(report: Report, diagnosis: Diagnosis, payload: JSON) -> ValidationError | None:
    """The error that the message is about: the one that the library says so of, else by its property or a quoted name.

    Where nothing tells, the only one there is.
    """
    named = {report.property, *re.findall(r"'([^']+)'|\"([^\"]+)\"", report.message)} if report.message else set()
    names = {name for each in named for name in (each if isinstance(each, tuple) else (each,)) if name}
    for error in diagnosis.errors:
        if says(report.message, error, payload):
            return error
    for error in diagnosis.errors:
        if pointers.last(error.pointer) in names or error.pointer in names:
            return error
    return diagnosis.errors[0] if len(diagnosis.errors) == 1 else None


def _error_in(value: Any) -> dict[str, Any] | None:
    """The innermost object with a ``message``: errors come wrapped in results and events."""
    waiting, best = [value], None
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, dict):
            if isinstance(node.get("message"), str):
                best = node
            waiting.extend(inner for name, inner in node.items() if name != "value")
        elif isinstance(node, list):
            waiting.extend(node)
    return best


def _guess(message: str) -> str:
    for source, pattern in _GUESSES:
        if re.search(pattern, message, re.IGNORECASE):
            return source
    return ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        return pointers.build(value)
    return value if isinstance(value, str) else ""
