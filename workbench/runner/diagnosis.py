"""The validation errors and warnings of a run's auth, inputs and output, and where the SDK decides otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from workbench.domain import (
    ABSENT,
    JSON,
    Absent,
    ErrorCode,
    Kind,
    Outcome,
    Returned,
    RunRequest,
    Side,
    Status,
    ValidationError,
    ValidationPlace,
    map_pointers,
)
from workbench.jsondoc import pointer as pointers
from workbench.runner.python_values import as_returned
from workbench.runner.return_rules import account_warnings, record_warnings
from workbench.schema import diagnose, excerpt, limit_branches, risky_pattern, warnings, with_message

_REJECTED = {Status.INVALID_AUTH: Side.AUTH, Status.INVALID_INPUT: Side.INPUT, Status.INVALID_OUTPUT: Side.OUTPUT}
_MOST = 200
"""Warnings of a poll, after which its other records are not checked."""
_WORDS = {Side.AUTH: "auth", Side.INPUT: "inputs", Side.OUTPUT: "output"}


def diagnose_request(request: RunRequest) -> tuple[ValidationError, ...]:
    """The errors of the auth fields and of the inputs; none for an import, which calls nothing."""
    if request.load_only:
        return ()
    auth = _errors(Side.AUTH, request.auth_schema, request.auth_fields)
    return (*limit_branches(auth), *limit_branches(_errors(Side.INPUT, request.input_schema, request.inputs)))


def warn_of_request(request: RunRequest) -> tuple[ValidationError, ...]:
    """The warnings of auth and inputs: rules of their schemas that the SDK does not enforce."""
    if request.load_only:
        return ()
    auth = _warnings(Side.AUTH, request.auth_schema, request.auth_fields)
    return (*auth, *_warnings(Side.INPUT, request.input_schema, request.inputs))


def warn_of_output(request: RunRequest, outcome: Outcome) -> tuple[ValidationError, ...]:
    """The warnings of the raw return value; none of one that is cut."""
    if outcome.returned is None or not _can_diagnose(outcome, outcome.returned):
        return ()
    value = as_returned(outcome.returned)
    if request.kind is Kind.ACTION:
        return tuple(_warnings(Side.OUTPUT, request.output_schema, value))
    if request.kind is Kind.ACCOUNT:
        return tuple(account_warnings(value))
    records = value if isinstance(value, list) else []
    found: dict[ValidationError, None] = dict.fromkeys(islice(record_warnings(records), _MOST))
    for number, record in enumerate(records):
        if isinstance(record, dict) and "data" in record:
            found |= dict.fromkeys(_warnings(Side.OUTPUT, request.output_schema, record["data"], f"/{number}/data"))
        if len(found) >= _MOST:
            break
    return tuple(found)


def diagnose_output(request: RunRequest, outcome: Outcome) -> tuple[ValidationError, ...]:
    """The errors of the raw return value; none where no schema applies to it, and none of one that is cut."""
    if outcome.returned is None or not _can_diagnose(outcome, outcome.returned):
        return ()
    value = as_returned(outcome.returned)
    if request.kind is Kind.ACTION:
        return tuple(limit_branches(_errors(Side.OUTPUT, request.output_schema, value)))
    if request.kind is Kind.TRIGGER:
        return tuple(limit_branches(_record_errors(request, value)))
    return ()


def _can_diagnose(outcome: Outcome, returned: Returned) -> bool:
    """Whether the SDK gave a verdict on the whole of what was kept."""
    return returned.cut is None and outcome.status in (Status.SUCCEEDED, Status.INVALID_OUTPUT)


def pattern_place(request: RunRequest, outcome: Outcome) -> ValidationPlace | None:
    """Where the validation of a run's inputs or output meets a pattern that may not come to an end."""
    if outcome.returned is not None:
        values = [(Side.OUTPUT, request.output_schema, as_returned(outcome.returned))]
    else:
        inputs = (Side.INPUT, request.input_schema, request.inputs)
        values = [(Side.AUTH, request.auth_schema, request.auth_fields), inputs]
    for side, schema, value in values:
        if schema is not None and (error := risky_pattern(schema, value)) is not None:
            data, steps = pointers.split(error.pointer), pointers.split(error.schema_pointer)
            return ValidationPlace(side, data, steps, error.keyword)
    return None


def disagreement(outcome: Outcome) -> str | None:
    """A sentence for a run on which the SDK and the workbench's own diagnosis disagree, or None."""
    found = {error.where for error in outcome.errors}
    if outcome.status is Status.SUCCEEDED and found:
        what = " and ".join(_WORDS[where] for where in _WORDS if where in found)
        return f"The SDK accepted the {what}; the workbench's own diagnosis does not. The status is the SDK's."
    where = _REJECTED.get(outcome.status) if outcome.status else None
    if where is Side.OUTPUT and outcome.returned is not None and outcome.returned.cut:
        return None
    if where is not None and where not in found:
        what = _WORDS[where]
        return (
            f"The SDK rejected the {what}; the workbench's own diagnosis finds no error in it. The status is the SDK's."
        )
    return None


def _errors(where: Side, schema: JSON, value: JSON, prefix: str = "") -> Iterator[ValidationError]:
    if schema is None:
        return
    for error in diagnose(schema, value).errors:
        yield _placed(error, where, prefix)


def _placed(error: ValidationError, where: Side, prefix: str = "") -> ValidationError:
    """The error of a value as one of the run's ``where``, in which that value stands at ``prefix``."""
    return _on(map_pointers(error, lambda pointer: prefix + pointer) if prefix else error, where)


def _on(error: ValidationError, where: Side) -> ValidationError:
    branches = tuple(
        replace(branch, errors=tuple(_on(each, where) for each in branch.errors)) for branch in error.branches
    )
    cause = _on(error.cause, where) if error.cause else None
    return with_message(replace(error, where=where, branches=branches, cause=cause))


def _warnings(where: Side, schema: JSON, value: JSON, prefix: str = "") -> Iterator[ValidationError]:
    """The warnings; those about the schema alone keep the place ``""``, so that records share them."""
    if schema is None:
        return
    for warning in warnings(schema, value):
        pointer = prefix + warning.pointer if warning.code is not ErrorCode.OTHER else ""
        yield with_message(replace(warning, where=where, pointer=pointer))


def _record_errors(request: RunRequest, records: JSON) -> Iterator[ValidationError]:
    """A poll returns an array of records, each with ``id`` and ``data``; the schema applies to ``data``."""
    if not isinstance(records, list):
        yield _of_sdk(ErrorCode.RECORDS_NOT_ARRAY, "", "type", records, request.name)
        return
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            yield _of_sdk(ErrorCode.RECORD_NOT_OBJECT, f"/{number}", "type", record, request.name, str(number))
            continue
        for name in ("id", "data"):
            if name not in record:
                code, place = ErrorCode.RECORD_INCOMPLETE, f"/{number}/{name}"
                yield _of_sdk(code, place, "required", ABSENT, request.name, str(number), name)
        if "data" in record:
            yield from _errors(Side.OUTPUT, request.output_schema, record["data"], f"/{number}/data")


def _of_sdk(code: ErrorCode, pointer: str, keyword: str, value: JSON | Absent, *wanted: str) -> ValidationError:
    return with_message(
        ValidationError(Side.OUTPUT, pointer, "", keyword, code=code, details=wanted, value=excerpt(value))
    )
