"""A name for the test that a run becomes."""

from collections.abc import Iterable

from workbench.domain import Run
from workbench.recordings.files import RecordingFile, recording_file


def suggested_name(run: Run, files: Iterable[RecordingFile]) -> str:
    """How the run ended, with a number where a test of the handler has that name."""
    status = (run.outcome.status or "run").replace("_", "-")
    folder = recording_file(run.request.root, run.request.name, status).handler
    taken = {one.name for one in files if one.handler == folder}
    number = 2
    name = status
    while name in taken:
        name, number = f"{status}-{number}", number + 1
    return name
