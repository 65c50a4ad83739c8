"""Finished runs as OpenTelemetry traces, sent to a collector by the official exporter: an optional extra."""

from workbench.otlp.exporter import TraceExport, TracesUnavailable

__all__ = ["TraceExport", "TracesUnavailable"]
