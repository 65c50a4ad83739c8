"""The export of runs as traces, for the commands that have ``--otlp``."""

from workbench.cli.failure import CannotRun
from workbench.otlp import TraceExport, TracesUnavailable


def open_export(url: str) -> TraceExport:
    """The export to a collector; the caller closes it. Raises :class:`CannotRun`."""
    try:
        return TraceExport(url)
    except TracesUnavailable as error:
        raise CannotRun(f"--otlp: {error}") from error
