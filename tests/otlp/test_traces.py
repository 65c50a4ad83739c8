"""Runs as traces, received by a collector of the tests' own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.history.conftest import made_run
from workbench.domain import ErrorInfo, MaskedText, Run, Side, Status, ValidationError
from workbench.otlp import TraceExport, TracesUnavailable, exporter


class Collector(ThreadingHTTPServer):
    """Keeps the spans that it gets."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), Receiver)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received = ExportTraceServiceRequest.FromString(body)
        scopes = (scope for resource in received.resource_spans for scope in resource.scope_spans)
        self.server.spans += [span for scope in scopes for span in scope.spans]
        self.server.paths.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def attributes(found: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in found.attributes}


def exported(collector: Collector, *runs: Run) -> dict[str, Any]:
    export = TraceExport(collector.url)
    for run in runs:
        export.put(lambda run=run: run)  # type: ignore[misc]
    export.close()
    return {span.name: span for span in collector.spans}


def test_a_run_is_a_trace_of_its_handler_and_its_exchanges(collector: Collector) -> None:
    spans = exported(collector, made_run(started_at=0.05, left_at=0.22))
    assert set(spans) == {"weather read", "handler read", "GET"}
    assert collector.paths == ["/v1/traces"]
    root, handler, sent = spans["weather read"], spans["handler read"], spans["GET"]
    assert handler.parent_span_id == root.span_id
    assert sent.parent_span_id == handler.span_id
    assert len({span.trace_id for span in spans.values()}) == 1
    assert attributes(root)["workbench.status"] == "succeeded"
    assert attributes(sent) | {"url.full": "", "workbench.library": ""} == {
        "http.request.method": "GET",
        "url.full": "",
        "server.address": "api.example.com",
        "server.port": 443,
        "network.protocol.version": "1.1",
        "http.request.body.size": 0,
        "http.response.status_code": 200,
        "http.response.body.size": 12,
        "workbench.library": "",
    }
    assert root.end_time_unix_nano - root.start_time_unix_nano == pytest.approx(250_000_000, rel=1e-3)
    assert sent.end_time_unix_nano - sent.start_time_unix_nano == pytest.approx(100_000_000, rel=1e-3)


def test_errors_are_events_and_secrets_stay_masked(collector: Collector) -> None:
    error = ValidationError(
        Side.OUTPUT, "/gust", "/properties/gust/type", "type", "/gust must be a number, but is null."
    )
    run = made_run(
        status=Status.INVALID_OUTPUT,
        errors=(error,),
        error=ErrorInfo("ValidationError", f"bad {MaskedText.whole('api_key')}"),
        exchanges=(),
    )
    root = exported(collector, run)["weather read"]
    assert root.status.code == 2
    events = {event.name: attributes(event) for event in root.events}
    assert events["validation error"]["workbench.error.pointer"] == "/gust"
    assert events["exception"]["exception.message"] == "bad ‹api_key›"


def test_a_collector_that_is_not_there_costs_no_run(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(exporter, "_TIMEOUT", 0.2)
    with Collector() as gone:
        url = gone.url
    export = TraceExport(url)
    export.put(made_run)
    export.close()
    assert "Failed to export" in caplog.text or "retrying" in caplog.text


@pytest.mark.parametrize("url", ["", "collector", "ftp://h", "http://"])
def test_an_address_that_is_none_says_so(url: str) -> None:
    with pytest.raises(TracesUnavailable, match="no address of a collector"):
        TraceExport(url)
