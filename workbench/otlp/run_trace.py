"""A run as a trace: the run, its handler and its exchanges as spans, validation errors and the exception as events."""

from collections.abc import Mapping
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from workbench.domain import Exchange, Run
from workbench.domain import Status as RunStatus
from workbench.domain.split_url import split_url
from workbench.explain import headline
from workbench.explain.text import plain

type Attributes = Mapping[str, str | int | float | bool]

_LONGEST: Final = 4_000
"""Characters of one attribute."""


def write_trace(run: Run, tracer: Tracer) -> None:
    """Write the spans of a finished, masked run."""
    outcome, request = run.outcome, run.request
    end = _moment(run, outcome.finished_at or 0.0)
    root = tracer.start_span(
        f"{request.integration_id} {request.name}",
        kind=SpanKind.INTERNAL,
        start_time=_moment(run, 0.0),
        attributes=_of_run(run),
    )
    for error in outcome.errors:
        places: Attributes = {
            "workbench.error.where": error.where,
            "workbench.error.pointer": error.pointer,
            "workbench.error.schema_pointer": error.schema_pointer,
            "workbench.error.keyword": error.keyword,
            "workbench.error.message": error.message[:_LONGEST],
        }
        root.add_event("validation error", places, end)
    if outcome.error is not None:
        raised: Attributes = {
            "exception.type": outcome.error.type,
            "exception.message": outcome.error.message[:_LONGEST],
            "exception.stacktrace": outcome.error.traceback[:_LONGEST],
        }
        root.add_event("exception", raised, end)
    if outcome.status is RunStatus.SUCCEEDED:
        root.set_status(Status(StatusCode.OK))
    else:
        root.set_status(Status(StatusCode.ERROR, plain(headline.tell(run))[:_LONGEST]))
    handler = _handler(run, tracer, root)
    for exchange in outcome.exchanges:
        _exchange(run, exchange, tracer, handler or root)
    root.end(end)


def _of_run(run: Run) -> Attributes:
    request, outcome = run.request, run.outcome
    return {
        "workbench.run.id": run.id,
        "workbench.integration": request.integration_id,
        "workbench.handler": request.name,
        "workbench.kind": request.kind.value,
        "workbench.contract": request.contract.version.value,
        "workbench.profile": request.profile,
        "workbench.status": outcome.status.value if outcome.status else "",
        "workbench.headline": plain(headline.tell(run))[:_LONGEST],
        "workbench.answers": request.answers.source.value,
    }


def _handler(run: Run, tracer: Tracer, root: Span) -> Span | None:
    """The span of the handler alone; None where it was not called."""
    outcome = run.outcome
    if outcome.started_at is None:
        return None
    made = tracer.start_span(
        f"handler {run.request.name}",
        context=trace.set_span_in_context(root),
        start_time=_moment(run, outcome.started_at),
        attributes={"code.function.name": outcome.handler.function if outcome.handler else run.request.name},
    )
    made.end(_moment(run, outcome.left_at or outcome.finished_at or outcome.started_at))
    return made


def _exchange(run: Run, exchange: Exchange, tracer: Tracer, parent: Span) -> None:
    """One attempt, by the semantic conventions for clients of HTTP."""
    url = split_url(exchange.request.url)
    attributes: dict[str, str | int | float | bool] = {
        "http.request.method": exchange.request.method,
        "url.full": exchange.request.url[:_LONGEST],
        "server.address": url.hostname or "",
        "network.protocol.version": exchange.request.http_version,
        "http.request.body.size": exchange.request.size,
        "workbench.library": exchange.library,
    }
    if (port := _port(exchange)) is not None:
        attributes["server.port"] = port
    if exchange.attempt > 1:
        attributes["http.request.resend_count"] = exchange.attempt - 1
    response, error = exchange.response, exchange.error
    if response is not None and response.status:
        attributes["http.response.status_code"] = response.status
        attributes["http.response.body.size"] = response.size
    failed = error is not None or response is None or response.status >= 400
    if failed:
        attributes["error.type"] = error.type if error else str(response.status) if response else "no response"
    span = tracer.start_span(
        exchange.request.method,
        context=trace.set_span_in_context(parent),
        kind=SpanKind.CLIENT,
        start_time=_moment(run, exchange.started_at),
        attributes=attributes,
    )
    if failed:
        span.set_status(Status(StatusCode.ERROR, error.message[:_LONGEST] if error else ""))
    span.end(_moment(run, exchange.ended_at if exchange.ended_at is not None else exchange.started_at))


def _port(exchange: Exchange) -> int | None:
    url = split_url(exchange.request.url)
    try:
        return url.port or {"http": 80, "https": 443}.get(url.scheme)
    except ValueError:  # no number
        return None


def _moment(run: Run, seconds: float) -> int:
    """A time of the run in nanoseconds since the epoch."""
    return int((run.created_at + seconds) * 1_000_000_000)
