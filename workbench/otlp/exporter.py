"""Sends the traces of finished runs, beside whatever else goes on."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlsplit

from workbench.domain import Run

_LOG = logging.getLogger(__name__)
_TIMEOUT: Final = 10
"""Seconds for one transfer to the collector."""


class TracesUnavailable(RuntimeError):
    """Traces cannot be sent: the extra is not installed, or the address is none. The message says what to do."""


class TraceExport:
    """Exports each finished run to the OTLP address ``url`` (HTTP), masked as it is given. Close it to send the rest.

    A collector that does not answer delays no run; the log says that its traces were lost. Raises
    :class:`TracesUnavailable`.
    """

    def __init__(self, url: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise TracesUnavailable(
                "Traces need the official exporter. Install it: pip install 'autohive-integration-workbench[otlp]'."
            ) from error
        from workbench import __version__

        resource = Resource.create({"service.name": "autohive-integration-workbench", "service.version": __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=_traces_url(url), timeout=_TIMEOUT)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="otlp")

    def put(self, run: Callable[[], Run]) -> None:
        """Export a finished run soon; ``run`` gives it, in another thread."""
        self._pool.submit(self._export, run)

    def close(self) -> None:
        """Send what waits, at most for the time of one transfer."""
        self._pool.shutdown()
        self._provider.force_flush(int(_TIMEOUT * 1000))
        self._provider.shutdown()

    def _export(self, run: Callable[[], Run]) -> None:
        from workbench.otlp.run_trace import write_trace

        try:
            write_trace(run(), self._provider.get_tracer("workbench"))
        except Exception:
            _LOG.exception("The trace of a run could not be made.")


def _traces_url(url: str) -> str:
    """The address for traces: that of a collector alone is completed as the OTLP specification says."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TracesUnavailable(f"{url!r} is no address of a collector. Write one such as http://127.0.0.1:4318.")
    return url if parts.path.strip("/") else url.rstrip("/") + "/v1/traces"
