"""A payload that was rejected elsewhere, stored as a run of its own, so that every page of a run can show it."""

import json
from dataclasses import dataclass, replace
from time import monotonic

from workbench import schema
from workbench.domain import ABSENT, JSON, ErrorInfo, Integration, Kind, Returned, Run, RunRequest, Status
from workbench.events import CaptureNoted, ErrorsFound, HandlerReturned, RunFinished, RunQueued, WarningsFound
from workbench.jsondoc import lenient
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.lenient import Read
from workbench.runner.diagnosis import diagnose_output, diagnose_request, warn_of_output, warn_of_request
from workbench.store import Store
from workbench.web.ui.handlers import Handler

_STATUS = {"auth": Status.INVALID_AUTH, "input": Status.INVALID_INPUT, "output": Status.INVALID_OUTPUT}
_REPORTED = {"message", "property", "value", "source", "errors", "schema"}


@dataclass(frozen=True, slots=True)
class PastedRun:
    """The run, and the number of the error that the message names, None where it names none."""

    run: Run
    error: int | None


def source_of(integration: Integration, handler: Handler, message: str, payload: JSON) -> str:
    """Which value of the handler the payload is: as the message says, else the one whose schema it suits best."""
    schemas = {"input": handler.input_schema, "output": handler.output_schema, "auth": integration.auth.fields}
    declared = {name: each for name, each in schemas.items() if isinstance(each, dict) and each}
    return schema.diagnose_report(message, payload, declared).source or "input"


def read_message(text: str) -> str:
    """The message with what can be read of it as JSON, though it be escaped, cut off or within other words."""
    if "{" not in text or schema.read_report(text).property:
        return text
    found = lenient.read(text).value
    return json.dumps(found) if isinstance(found, dict) and schema.read_report(json.dumps(found)).message else text


def read_both(message: str, text: str) -> tuple[str, Read]:
    """The message and the payload, each out of the other where only one of them was pasted."""
    message = read_message(message)
    if not text.strip():
        return message, _carried(message)
    payload = lenient.read(text)
    if not message.strip() and isinstance(payload.value, dict) and _is_report(payload.value):
        message = json.dumps(payload.value)
        return message, _carried(message)
    return message, payload


def _is_report(value: dict[str, JSON]) -> bool:
    inner = value.get("result", value)
    return isinstance(inner, dict) and {"message", "source"} <= inner.keys() <= _REPORTED


def _carried(message: str) -> Read:
    """The value that a message carries, at the property that it names; only that can be looked at then."""
    report = schema.read_report(message)
    if report.value is ABSENT:
        reason = (
            "The message does not contain the invalid value" if message.strip() else "Message and payload are empty"
        )
        return Read(ABSENT, error=f"{reason}. Paste the payload.")
    names = list(pointers.split(report.property)) if report.property.startswith("/") else []
    names = names or [report.property] * bool(report.property)
    value: JSON = report.value
    if not isinstance(value, dict):
        for name in reversed(names):
            value = {name: value}
    return Read(
        value,
        "This checks only the value in the message: properties that it lacks are reported as missing.",
    )


def store_pasted(store: Store, template: RunRequest, source: str, message: str, payload: Read) -> PastedRun:
    """Store the payload as inputs, auth or output of a run that never ran, with the errors that it has.

    ``template`` is the request that a real run of the handler would have.
    """
    value = payload.value
    if value is ABSENT:
        raise ValueError("there is no payload to store")
    request = _request(template, source, value)
    run = store.create(request)
    store.append(run.id, RunQueued(monotonic()))
    if payload.note:
        store.append(run.id, CaptureNoted(monotonic(), payload.note))
    output = _records(value) if source == "output" and request.kind is Kind.TRIGGER else value
    returned = Returned("ActionResult", output) if source == "output" else None
    if returned:
        store.append(run.id, HandlerReturned(monotonic(), returned))
    outcome = replace(run.outcome, returned=returned, status=Status.SUCCEEDED)
    found = diagnose_output(request, outcome) if returned else diagnose_request(request)
    warned = warn_of_output(request, outcome) if returned else warn_of_request(request)
    errors = tuple(each for each in found if each.where == source)
    store.append(run.id, ErrorsFound(monotonic(), errors))
    store.append(run.id, WarningsFound(monotonic(), tuple(each for each in warned if each.where == source)))
    error = ErrorInfo("VALIDATION_ERROR", schema.read_report(message).message) if message.strip() else None
    status = _STATUS[source] if errors else Status.SUCCEEDED
    store.append(run.id, RunFinished(monotonic(), status, error))
    number = _named_error(message, value, request, source, [each.pointer for each in errors])
    return PastedRun(store.get(run.id) or run, number)


def _request(template: RunRequest, source: str, payload: JSON) -> RunRequest:
    empty: JSON = {}
    return replace(
        template,
        pasted=True,
        inputs=payload if source == "input" else empty,
        auth=payload if source == "auth" else empty,
    )


def _records(payload: JSON) -> JSON:
    """What a poll returns: the list as pasted, or one record around its data."""
    if isinstance(payload, list) and all(isinstance(item, dict) and "data" in item for item in payload):
        return payload
    if isinstance(payload, dict) and payload.keys() >= {"id", "data"}:
        return [payload]
    return [{"id": "pasted", "data": payload}]


def _named_error(message: str, payload: JSON, request: RunRequest, source: str, places: list[str]) -> int | None:
    schemas = {"input": request.input_schema, "output": request.output_schema, "auth": request.auth_schema}
    found = schema.diagnose_report(message, payload, {source: schemas[source]}).matching
    ends = [number for number, place in enumerate(places) if found and place.endswith(found.pointer)]
    return ends[0] if found and ends else None
