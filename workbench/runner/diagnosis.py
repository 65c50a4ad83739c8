"""What the workbench itself says of a run's auth, inputs and output, and where the SDK says otherwise."""

from collections.abc import Iterator

from workbench.domain import JSON, Kind, Outcome, Problem, RunRequest, Status
from workbench.schema import diagnose, warnings

_REFUSALS = {Status.INVALID_AUTH: "auth", Status.INVALID_INPUT: "input", Status.INVALID_OUTPUT: "output"}
_MOST = 200
"""Warnings of a poll, after which the other records are not looked at."""
_WORDS = {"auth": "auth", "input": "inputs", "output": "output"}


def diagnose_request(request: RunRequest) -> tuple[Problem, ...]:
    """The faults of the auth fields and of the inputs; none where nothing is called with them."""
    if request.load_only:
        return ()
    auth = _problems("auth", request.auth_schema, request.auth_fields)
    return (*auth, *_problems("input", request.input_schema, request.inputs))


def warn_of_request(request: RunRequest) -> tuple[Problem, ...]:
    """What the schemas of auth and inputs say that the SDK does not enforce."""
    if request.load_only:
        return ()
    auth = _warnings("auth", request.auth_schema, request.auth_fields)
    return (*auth, *_warnings("input", request.input_schema, request.inputs))


def warn_of_output(request: RunRequest, outcome: Outcome) -> tuple[Problem, ...]:
    """The same of the raw return value."""
    if outcome.returned is None or outcome.status not in (Status.SUCCEEDED, Status.INVALID_OUTPUT):
        return ()
    value = outcome.returned.value
    if request.kind is Kind.ACTION:
        return tuple(_warnings("output", request.output_schema, value))
    records = value if request.kind is Kind.TRIGGER and isinstance(value, list) else []
    found: dict[Problem, None] = {}
    for number, record in enumerate(records):
        if isinstance(record, dict) and "data" in record:
            found |= dict.fromkeys(_warnings("output", request.output_schema, record["data"], f"/{number}/data"))
        if len(found) >= _MOST:
            break
    return tuple(found)


def diagnose_output(request: RunRequest, outcome: Outcome) -> tuple[Problem, ...]:
    """The faults of the raw return value, where it was one that the schema speaks of."""
    if outcome.returned is None or outcome.status not in (Status.SUCCEEDED, Status.INVALID_OUTPUT):
        return ()
    value = outcome.returned.value
    if request.kind is Kind.ACTION:
        return tuple(_problems("output", request.output_schema, value))
    if request.kind is Kind.TRIGGER:
        return tuple(_record_problems(request, value))
    return ()


def disagreement(outcome: Outcome) -> str | None:
    """Words on a verdict of the SDK that the workbench's own diagnosis does not share, or None."""
    found = {problem.where for problem in outcome.problems}
    if outcome.status is Status.SUCCEEDED and found:
        what = " and ".join(_WORDS[where] for where in _WORDS if where in found)
        return f"The SDK accepted the {what}; the workbench's own diagnosis does not. The status is the SDK's."
    where = _REFUSALS.get(outcome.status) if outcome.status else None
    if where is not None and where not in found:
        what = _WORDS[where]
        return (
            f"The SDK refused the {what}; the workbench's own diagnosis finds no fault in it. The status is the SDK's."
        )
    return None


def _problems(where: str, schema: JSON, value: JSON, prefix: str = "") -> Iterator[Problem]:
    if schema is None:
        return
    for fault in diagnose(schema, value).faults:
        yield Problem(
            where,
            prefix + fault.pointer,
            fault.schema_pointer,
            fault.keyword,
            _told(prefix, fault.pointer, fault.message),
            fault.expected,
            fault.actual,
            fault.cause.schema_pointer if fault.cause else "",
            fault.in_schema,
        )


def _warnings(where: str, schema: JSON, value: JSON, prefix: str = "") -> Iterator[Problem]:
    """The warnings; those about the schema alone keep the place ``""``, so that records share them."""
    if schema is None:
        return
    for light in warnings(schema, value):
        pointer = prefix + light.pointer if light.pointer or light.code == "format" else ""
        told = _told(prefix, light.pointer, light.message)
        yield Problem(where, pointer, light.schema_pointer, light.code, told)


def _told(prefix: str, pointer: str, message: str) -> str:
    """The sentence of a record's value, begun with its place among all records."""
    return prefix + message if pointer and message.startswith(f"{pointer} ") else message


def _record_problems(request: RunRequest, records: JSON) -> Iterator[Problem]:
    """A poll returns a list of records, each with ``id`` and ``data``; ``data`` is what the schema speaks of."""
    if not isinstance(records, list):
        yield Problem("output", "", "", "type", f"The trigger {request.name!r} has to return a list of records.")
        return
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            message = f"Record {number} of the trigger {request.name!r} has to be an object with 'id' and 'data'."
            yield Problem("output", f"/{number}", "", "type", message)
            continue
        for name in ("id", "data"):
            if name not in record:
                message = f"Record {number} of the trigger {request.name!r} has no {name!r}."
                yield Problem("output", f"/{number}/{name}", "", "required", message)
        if "data" in record:
            yield from _problems("output", request.output_schema, record["data"], f"/{number}/data")
