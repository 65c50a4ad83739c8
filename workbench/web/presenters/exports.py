"""A run for other tools: the whole as JSON, in the words of the command line, and its exchanges as HAR 1.2."""

import base64
import io
import json
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import parse_qsl, urlsplit

import harfile

from workbench.domain import JSON, ErrorInfo, Exchange, Headers, Run, Timings
from workbench.web.presenters import bodies, values


def as_json(run: Run) -> bytes:
    """The run as the command line's ``--format json`` has it, with what was asked for."""
    outcome, request = run.outcome, run.request
    document: JSON = {
        "run": run.id,
        "integration": request.integration_id,
        "kind": request.kind.value,
        "name": request.name,
        "created_at": datetime.fromtimestamp(run.created_at, UTC).isoformat(),
        "status": outcome.status.value if outcome.status else None,
        "contract": {"version": request.contract.version.value, "reason": request.contract.reason},
        "inputs": request.inputs,
        "auth": request.context_auth,
        "result": outcome.result,
        "returned": outcome.returned.value if outcome.returned else None,
        "cost_usd": outcome.cost_usd,
        "error": _error(outcome.error),
        "problems": [
            {"where": each.where, "pointer": each.pointer, "schema_pointer": each.schema_pointer,
             "keyword": each.keyword, "message": each.message}
            for each in outcome.problems
        ],
        "exchanges": [_exchange(each) for each in outcome.exchanges],
        "output": [
            {"at": each.at, "source": each.source, "level": each.level, "logger": each.logger, "text": each.text}
            for each in outcome.output
        ],
        "duration_ms": None if outcome.duration is None else round(outcome.duration * 1000, 1),
    }  # fmt: skip
    return values.dump(document)


def _error(error: ErrorInfo | None) -> JSON:
    if error is None:
        return None
    causes: list[JSON] = [_error(cause) for cause in error.causes]
    return {"type": error.type, "message": error.message, "traceback": error.traceback, "causes": causes}


def _exchange(exchange: Exchange) -> JSON:
    request, response, timings = exchange.request, exchange.response, exchange.timings
    return {
        "attempt": exchange.attempt,
        "group": exchange.group,
        "library": exchange.library,
        "method": request.method,
        "url": request.url,
        "started_at": exchange.started_at,
        "request": {"headers": _pairs(request.headers), **_body(request.headers, request.body, request.size)},
        "response": {
            "status": response.status,
            "headers": _pairs(response.headers),
            **_body(response.headers, response.body, response.size),
        }
        if response
        else None,
        "timings": {name: getattr(timings, name) for name in ("dns", "connect", "tls", "wait", "receive", "total")},
        "body_state": exchange.body_state,
        "error": None
        if exchange.error is None
        else {"type": exchange.error.type, "message": exchange.error.message, "phase": exchange.error.phase},
    }


def _pairs(headers: Headers) -> list[JSON]:
    return [[name, value] for name, value in headers]


def _body(headers: Headers, body: bytes, size: int) -> dict[str, JSON]:
    text = bodies.decode(body, bodies.content_type(headers)[1])
    if text is None:
        return {"body": None, "body_base64": base64.b64encode(body).decode(), "size": size}
    return {"body": text, "size": size}


def har(run: Run) -> bytes:
    """The exchanges as an HTTP archive (HAR 1.2). One that got no answer has status 0 and says why."""
    buffer = io.StringIO()
    creator = harfile.Creator(name="AutoHive integration workbench", version=_version())
    comment = f"run {run.id}: {run.request.integration_id} {run.request.name}; secrets are masked"
    with harfile.HarFile(buffer, creator=creator, comment=comment) as archive:
        for exchange in run.outcome.exchanges:
            timings = _har_timings(exchange.timings)
            archive.add_entry(
                startedDateTime=datetime.fromtimestamp(run.created_at + exchange.started_at, UTC),
                time=sum(max(0, each) for each in (timings.blocked, timings.dns, timings.connect, timings.send,
                                                   timings.wait, timings.receive)),
                request=_har_request(exchange),
                response=_har_response(exchange),
                timings=timings,
                comment=_why(exchange),
            )  # fmt: skip
    return json.dumps(json.loads(buffer.getvalue()), indent=2).encode()


def _why(exchange: Exchange) -> str | None:
    error = exchange.error
    return f"{error.type}: {error.message} ({error.phase})" if error else None


def _version() -> str:
    try:
        return version("autohive-integration-workbench")
    except PackageNotFoundError:
        return "0"


def _har_timings(timings: Timings) -> harfile.Timings:
    """HAR counts TLS within ``connect``, and wants -1 for a phase that there was not."""
    connect = None if timings.connect is None else timings.connect + (timings.tls or 0)
    return harfile.Timings(
        send=0,
        wait=timings.wait or 0,
        receive=timings.receive or 0,
        dns=-1 if timings.dns is None else timings.dns,
        connect=-1 if connect is None else connect,
        ssl=-1 if timings.tls is None else timings.tls,
    )


def _records(headers: Headers) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in headers]


def _har_request(exchange: Exchange) -> harfile.Request:
    request = exchange.request
    text = bodies.decode(request.body, bodies.content_type(request.headers)[1])
    media = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    return harfile.Request(
        method=request.method,
        url=request.url,
        httpVersion=f"HTTP/{request.http_version}",
        headers=_records(request.headers),
        queryString=[harfile.Record(name=name, value=value) for name, value in _query(request.url)],
        postData=harfile.PostData(mimeType=media, text=text or "", comment=None if text is not None else "not text")
        if request.body
        else None,
        bodySize=request.size,
    )


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _har_response(exchange: Exchange) -> harfile.Response:
    response = exchange.response
    if response is None:
        return harfile.Response(status=0, statusText="", httpVersion="", comment="no answer came")
    headers = {name.lower(): value for name, value in response.headers}
    text = bodies.decode(response.body, bodies.content_type(response.headers)[1])
    return harfile.Response(
        status=response.status,
        statusText=response.reason,
        httpVersion=f"HTTP/{response.http_version}",
        headers=_records(response.headers),
        content=harfile.Content(
            size=response.size,
            mimeType=headers.get("content-type", ""),
            text=text if text is not None else base64.b64encode(response.body).decode(),
            encoding=None if text is not None else "base64",
            comment=f"the first {len(response.body)} bytes" if len(response.body) < response.size else None,
        ),
        redirectURL=headers.get("location", ""),
        bodySize=response.size,
    )
