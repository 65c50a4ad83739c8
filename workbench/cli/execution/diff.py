"""The work of ``workbench diff``: two runs found, compared and printed."""

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from workbench.catalog.files.file_reader import UnreadableError, read_text
from workbench.cli.failure import CannotRun
from workbench.cli.history_run import history_run
from workbench.cli.output.comparison_text import comparison_lines
from workbench.comparison import OutputChanges, ValueChanges, compare
from workbench.domain import Run
from workbench.explain.documents.comparison_report import comparison_report
from workbench.explain.documents.report import as_json
from workbench.explain.documents.report_reader import ReportError, read_report
from workbench.jsondoc import strict
from workbench.recordings.files import file_at, read_recording
from workbench.recordings.recorded_run import run_of_recording
from workbench.recordings.recording import RecordingError

_LARGEST = 256 * 1024 * 1024


def execute(first: str, second: str, form: str, history: str) -> int:
    """Compare two runs, print what differs as ``form``; returns the exit code. Raises :class:`CannotRun`."""
    comparison = compare(_run(first, history), _run(second, history))
    if _is_recording(first) or _is_recording(second):  # these have neither settings nor output
        comparison = replace(comparison, settings=ValueChanges(), output=OutputChanges())
    console = Console(highlight=False)
    if form == "json":
        console.file.write(as_json(comparison_report(comparison)) + "\n")
    else:
        for line in comparison_lines(comparison):
            console.print(line, soft_wrap=True)
    return int(comparison.differs)


def _run(word: str, history: str) -> Run:
    return history_run(word, history) if word.isascii() and word.isdecimal() else _of_file(Path(word))


def _is_recording(word: str) -> bool:
    return file_at(Path(word)) is not None


def _of_file(path: Path) -> Run:
    """The run of a file: of a recording of a test, or of the output of a run."""
    try:
        if (file := file_at(path)) is not None:
            return run_of_recording(read_recording(file), file.label)
        return read_report(strict.loads(read_text(path.parent, path.name, most=_LARGEST).text), path.name)
    except strict.JsonError as error:
        raise CannotRun(f"{path}:{error.line}:{error.column} is not JSON: {error.message}") from error
    except RecordingError as error:
        raise CannotRun(str(error)) from error
    except ReportError as error:
        raise CannotRun(f"{path}: {error} Write it with workbench run --format json.") from error
    except UnreadableError as error:
        raise CannotRun(f"{error} Give the number of a run, or a file.") from error
