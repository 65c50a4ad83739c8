"""A run as a JSON document: what ``workbench run --format json`` prints and what the page exports."""

import base64
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from workbench.domain import (
    JSON,
    AnswerOrigin,
    Answers,
    BackgroundWork,
    Branch,
    Dependency,
    ErrorInfo,
    Exchange,
    Frame,
    Headers,
    Outcome,
    Output,
    Request,
    Response,
    Retry,
    Run,
    SecretName,
    UncapturedConnection,
    ValidationError,
    undeclared_names,
)
from workbench.explain import auth_shape, code_locations, endings, headline, hints, value_origin
from workbench.explain.code_locations import CodeLocation
from workbench.explain.hints import Hint
from workbench.explain.http import proxies
from workbench.explain.http.redirects import Redirect, find_redirects
from workbench.explain.text import plain
from workbench.explain.warnings import run_warnings
from workbench.explain.warnings.run_warning import RunWarning
from workbench.jsondoc.equality import identical

RESULT_AT = "/result"
"""The JSON Pointer of the result, which stands for a returned value that is the same."""


def as_json(document: JSON) -> str:
    """The document's text on one line; a float that JSON does not know (NaN) stands as a string.

    Indentation makes a deep tree a hundred times as long.
    """
    try:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:
        document = _finite(document)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(document, separators=(",", ":"), allow_nan=False)
    return text


def report(run: Run) -> dict[str, JSON]:
    """The properties of the document, in order; ``headline`` and ``hints`` are as on the page."""
    outcome, request, redirects = run.outcome, run.request, find_redirects(run.outcome.exchanges)
    return {
        "status": outcome.status,
        "kind": request.kind,
        "name": request.name,
        "inputs": request.inputs,
        "contract": {
            "version": request.contract.version,
            "rule": request.contract.rule,
            "reason": request.contract.reason,
        },
        "auth_shape": {
            "shape": request.auth_shape,
            "rule": request.shape_reason.rule,
            "reason": auth_shape.why(request.shape_reason, request.contract),
            "file": request.shape_reason.file,
            "line": request.shape_reason.line,
        },
        "auth_type": request.auth_type,
        "limits": {"timeout": request.timeout, "memory_mb": request.resources.memory, "cpu": request.resources.cpu},
        "answers": _answers(request.answers),
        "undeclared_credentials": list(undeclared_names(request.auth_schema, request.auth)),
        "profile": request.profile,
        "sdk_version": outcome.sdk_version,
        "sdk": {"source": request.sdk.source, "version": outcome.sdk_version or request.sdk.release or None},
        "packages": [{"name": one.name, "release": one.release, "from": one.place} for one in outcome.packages],
        "requirements": [dependency_json(one) for one in request.dependencies.requirements],
        "headline": plain(headline.tell(run)),
        "provenance": plain(value_origin.explain(run)) or None,
        "hints": [_hint(hint) for hint in hints.of_run(run)],
        "result": outcome.result,
        "cost_usd": outcome.cost_usd,
        "error": _error(outcome.error, run),
        "problems": [_validation_error(error) for error in outcome.errors],
        "warnings": [
            *(_run_warning(warning) for warning in run_warnings.of_run(run)),
            *(_value_warning(warning) for warning in outcome.warnings),
        ],
        "exchanges": [_exchange(exchange, redirects.get(exchange.id)) for exchange in outcome.exchanges],
        "masked": [_masked(one) for one in outcome.secrets if one.exchange is not None],
        "uncaptured": [_uncaptured(connection) for connection in outcome.uncaptured],
        "output": [_output(item) for item in join_output(outcome.output)],
        "returned": _returned(outcome),
        "background": [_background(work) for work in outcome.background],
        "stuck_at": [_frame(frame) for frame in outcome.stuck_at],
        "handler_ms": None if outcome.handler_seconds is None else round(outcome.handler_seconds * 1000, 1),
        "duration_ms": None if outcome.duration is None else round(outcome.duration * 1000, 1),
    }


def _returned(outcome: Outcome) -> dict[str, Any] | None:
    """What the handler returned. Where that is the result, ``value_at`` is its place, and there is no ``value``."""
    returned = outcome.returned
    if returned is None:
        return None
    is_result = outcome.result is not None and (
        returned.value is outcome.result or identical(returned.value, outcome.result)
    )
    value: dict[str, Any] = {"value_at": RESULT_AT} if is_result else {"value": returned.value}
    replaced = [
        {"pointer": part.pointer, "type": part.type_name, "text": part.text, "is_key": part.is_key}
        for part in returned.lossy
    ]
    cut = asdict(returned.cut) if returned.cut else None
    return {"type": returned.type_name} | value | {"replaced": replaced, "cut": cut}


def join_output(output: Iterable[Output]) -> list[Output]:
    """Output with the pieces of one line put together: ``print`` writes its arguments one by one."""
    lines: list[Output] = []
    for item in output:
        last = lines[-1] if lines else None
        if last and last.source == item.source and item.source in ("stdout", "stderr") and last.text[-1:] != "\n":
            lines[-1] = replace(last, text=last.text + item.text)
        else:
            lines.append(item)
    return lines


def _validation_error(error: ValidationError) -> dict[str, Any]:
    """An error with what its branches required, each with its own errors."""
    return {
        "where": error.where,
        "pointer": error.pointer,
        "schema_pointer": error.schema_pointer,
        "keyword": error.keyword,
        "message": error.message,
        "expected": error.expected,
        "actual": error.actual,
        "cause": error.cause.schema_pointer if error.cause else "",
        "in_schema": error.in_schema,
        "hint": error.hint.text if error.hint else "",
        "branches": [_branch(branch) for branch in error.branches],
    }


def _run_warning(warning: RunWarning) -> dict[str, Any]:
    return {
        "code": warning.kind,
        "where": "run",
        "pointer": warning.pointer,
        "message": plain(warning.sentence),
    }


def _value_warning(warning: ValidationError) -> dict[str, Any]:
    return {
        "code": warning.keyword,
        "where": warning.where,
        "pointer": warning.pointer,
        "message": warning.message,
    }


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "label": branch.label,
        "schema_pointer": branch.schema_pointer,
        "matched": branch.matched,
        "closest": branch.closest,
        "requirements": [{"text": each.text, "met": each.met} for each in branch.requirements],
        "problems": [_validation_error(each) for each in branch.errors],
    }


def _error(error: ErrorInfo | None, run: Run) -> dict[str, Any] | None:
    if error is None:
        return None
    causes = [{"type": cause.type, "kind": cause.kind, "message": cause.message} for cause in _causes(error)]
    location = code_locations.of_run(run.outcome, run.request.root)
    return {
        "type": error.type,
        "kind": error.kind,
        "message": endings.message(error, run.request, endings.stopped_at(run.outcome, run.request)),
        "location": _location(location),
        "traceback": error.traceback,
        "causes": causes,
    }


def _hint(hint: Hint) -> dict[str, Any]:
    return {
        "cause": f"{plain(hint.cause)}.",
        "fix": plain(hint.fix),
        "location": _location(hint.location),
        "action": hint.action,
    }


def dependency_json(one: Dependency) -> dict[str, Any]:
    """A requirement as it stands in JSON documents."""
    return {
        "requirement": one.text,
        "file": one.file,
        "line": one.line,
        "state": one.state,
        "dependencies": one.vendored or None,
        "environment": one.environment or None,
    }


def _location(location: CodeLocation | None) -> dict[str, Any] | None:
    return asdict(location) if location else None


def _causes(error: ErrorInfo) -> Iterable[ErrorInfo]:
    for cause in error.causes:
        yield cause
        yield from _causes(cause)


def _exchange(exchange: Exchange, redirect: Redirect | None) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "group": exchange.group,
        "attempt": exchange.attempt,
        "library": exchange.library,
        "method": request.method,
        "url": request.url,
        "request": {"http_version": request.http_version, "headers": _headers(request.headers)} | _body(request),
        "response": None
        if response is None
        else {"http_version": response.http_version, "status": response.status, "reason": response.reason}
        | {"headers": _headers(response.headers)}
        | _body(response)
        | {"raw_size": response.raw_size, "trailers": _headers(response.trailers)},
        "body_state": exchange.body_state,
        "timings": {name: None if took is None else round(took, 3) for name, took in asdict(exchange.timings).items()},
        "error": asdict(exchange.error) if exchange.error else None,
        "redirect": asdict(redirect) if redirect else None,
        "retry": _retry(exchange.retry) if exchange.retry else None,
        "call_site": _frame(exchange.call_site) if exchange.call_site else None,
        "origin": _origin(exchange.origin),
        "proxy": exchange.proxy or None,
        "proxy_hint": f"{hint}." if (hint := proxies.ignored(exchange)) else None,
    }


def _answers(answers: Answers) -> dict[str, Any]:
    return {"source": answers.source, "label": answers.label, "rules": [rule.name for rule in answers.rules]}


def _origin(origin: AnswerOrigin) -> dict[str, Any]:
    unmatched = asdict(origin.unmatched) if origin.unmatched else None
    return {"source": origin.source, "recorded": origin.recorded, "rule": origin.rule or None, "unmatched": unmatched}


def _retry(retry: Retry) -> dict[str, Any]:
    return {"seconds": retry.seconds, "attempt": retry.attempt, "attempts": retry.attempts}


def _background(work: BackgroundWork) -> dict[str, Any]:
    error = {"type": work.error.type, "message": work.error.message} if work.error else None
    place = _frame(work.place) if work.place else None
    return {"kind": work.kind, "name": work.name, "place": place, "error": error}


def _masked(secret: SecretName) -> dict[str, Any]:
    """A secret that an exchange brought, and when it expires where it is a token that says so."""
    place = "response" if secret.in_response else "request"
    made: dict[str, Any] = {"name": secret.name, "exchange": secret.exchange, "in": place}
    expires = secret.expires_at
    return made if expires is None else made | {"expires_at": datetime.fromtimestamp(expires, UTC).isoformat()}


def _uncaptured(connection: UncapturedConnection) -> dict[str, Any]:
    place = _frame(connection.place) if connection.place else None
    return {
        "host": connection.host,
        "library": connection.library or None,
        "place": place,
        "name_not_found": connection.is_lookup,
        "child_process": connection.is_process,
    }


def _headers(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _body(message: Request | Response) -> dict[str, Any]:
    """Text where it is UTF-8; ``size`` counts all bytes, of which the first are given where ``body_cut``."""
    body, about = message.body, {"size": message.size, "body_cut": message.cut}
    try:
        return {"body": body.decode("utf-8"), "body_encoding": "utf-8"} | about
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode("ascii"), "body_encoding": "base64"} | about


def _output(item: Output) -> dict[str, Any]:
    log = {"level": item.level, "logger": item.logger} if item.source == "log" else {}
    return {"at_ms": round(item.at * 1000, 1), "source": item.source, "text": item.text} | log


def _frame(frame: Frame) -> dict[str, Any]:
    return {"file": frame.file, "line": frame.line, "function": frame.function}


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, dict):
        return {name: _finite(member) for name, member in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
