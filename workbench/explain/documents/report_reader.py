"""A run read back from the JSON document of :mod:`.report`, with all of it that is compared."""

import base64
from binascii import Error as Base64Error
from pathlib import Path
from typing import Any

from workbench.domain import (
    JSON,
    Contract,
    ContractVersion,
    ErrorInfo,
    Exchange,
    ExchangeError,
    Headers,
    Kind,
    Outcome,
    Output,
    Request,
    ResourceLimits,
    Response,
    Returned,
    Run,
    RunRequest,
    RunState,
    SdkChoice,
    SdkSource,
    Side,
    Status,
    Timings,
    ValidationError,
)
from workbench.explain.documents.report import RESULT_AT


class ReportError(ValueError):
    """A document that is not that of a run; the message says what it lacks."""


def read_report(document: JSON, name: str) -> Run:
    """The finished run of a document; ``name`` takes the place of its id. Raises :class:`ReportError`."""
    if not isinstance(document, dict) or "status" not in document or "exchanges" not in document:
        raise ReportError("It is not the JSON of a run: 'status' or 'exchanges' is missing.")
    try:
        return _run(document, name)
    except (KeyError, TypeError, ValueError, AttributeError, Base64Error) as error:
        raise ReportError(f"It is not the JSON of a run: {type(error).__name__} at {error}.") from error


def _run(document: dict[str, Any], name: str) -> Run:
    sdk = document.get("sdk") or {}
    limits, handler_ms = document.get("limits") or {}, document.get("handler_ms")
    request = RunRequest(
        integration_id=str(document.get("integration", "")),
        root=Path(),
        entry_point="",
        kind=Kind(document["kind"]),
        name=str(document["name"]),
        contract=Contract(ContractVersion(document["contract"]["version"])),
        inputs=document.get("inputs", {}),
        timeout=float(limits.get("timeout", 60.0)),
        last_poll_ts=document.get("last_poll_ts"),
        profile=str(document.get("profile", "")),
        resources=ResourceLimits(limits.get("memory_mb"), limits.get("cpu")),
        sdk=SdkChoice()
        if sdk.get("source", SdkSource.OURS) == SdkSource.OURS
        else SdkChoice(SdkSource(sdk["source"]), str(sdk.get("version") or "")),
    )
    returned = document.get("returned")
    outcome = Outcome(
        state=RunState.FINISHED,
        status=Status(document["status"]) if document["status"] else None,
        result=document.get("result"),
        returned=Returned(str(returned["type"]), _value(returned, document)) if returned else None,
        error=_error(document["error"]) if document.get("error") else None,
        errors=tuple(_validation_error(one) for one in document.get("problems", ())),
        exchanges=tuple(_exchange(number, one) for number, one in enumerate(document["exchanges"], 1)),
        output=tuple(Output(0.0, str(one["source"]), str(one["text"])) for one in document.get("output", ())),
        started_at=None if handler_ms is None else 0.0,
        left_at=None if handler_ms is None else float(handler_ms) / 1000,
        finished_at=None if document.get("duration_ms") is None else float(document["duration_ms"]) / 1000,
    )
    return Run(name, request, 0.0, outcome)


def _value(returned: dict[str, Any], document: dict[str, Any]) -> JSON:
    """The returned value, which stands as the result where it is the same."""
    value: JSON = document["result"] if returned.get("value_at") == RESULT_AT else returned["value"]
    return value


def _error(error: dict[str, Any]) -> ErrorInfo:
    return ErrorInfo(str(error["type"]), str(error["message"]))


def _validation_error(error: dict[str, Any]) -> ValidationError:
    return ValidationError(
        Side(error["where"]),
        str(error["pointer"]),
        str(error["schema_pointer"]),
        str(error["keyword"]),
        str(error["message"]),
    )


def _exchange(number: int, exchange: dict[str, Any]) -> Exchange:
    sent, got, error = exchange["request"], exchange["response"], exchange.get("error")
    return Exchange(
        id=number,
        group=int(exchange["group"]),
        attempt=int(exchange["attempt"]),
        library=str(exchange["library"]),
        request=Request(
            str(exchange["method"]),
            str(exchange["url"]),
            _version(sent),
            headers=_headers(sent["headers"]),
            body=_body(sent),
        ),
        started_at=0.0,
        response=None
        if got is None
        else Response(
            int(got["status"]),
            str(got["reason"]),
            _version(got),
            headers=_headers(got["headers"]),
            body=_body(got),
            trailers=_headers(got.get("trailers", [])),
        ),
        timings=Timings(total=(exchange.get("timings") or {}).get("total")),
        error=ExchangeError(str(error["type"]), str(error["message"]), str(error["phase"])) if error else None,
        body_state=str(exchange["body_state"]),
    )


def _version(message: dict[str, Any]) -> str:
    return str(message.get("http_version", "1.1"))  # early reports do not have it


def _headers(headers: list[list[str]]) -> Headers:
    return tuple((str(name), str(value)) for name, value in headers)


def _body(message: dict[str, Any]) -> bytes:
    text = str(message.get("body", ""))
    return base64.b64decode(text) if message.get("body_encoding") == "base64" else text.encode("utf-8", "surrogatepass")
