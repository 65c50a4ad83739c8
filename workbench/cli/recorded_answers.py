"""Answers by the name that a person gives: ``live``, the file of a recording, or the number of a run."""

from pathlib import Path
from typing import Final

from workbench.answers.from_run import answers_of_run
from workbench.cli.failure import CannotRun
from workbench.cli.history import open_history
from workbench.domain import Answers, Run
from workbench.explain.history import unavailable
from workbench.history import HistoryUnavailable, UnreadableRun
from workbench.recordings.files import FOLDER, file_at, read_recording
from workbench.recordings.recording import RecordingError
from workbench.recordings.replay import to_answers

LIVE: Final = "live"


def read_answers(source: str, history: str = "") -> Answers:
    """The answers of ``source``; a run is looked up in the ``history`` at that URL. Raises :class:`CannotRun`."""
    if source == LIVE:
        return Answers()
    if source.isascii() and source.isdigit() and len(source) < 16:
        return answers_of_run(_run(int(source), history))
    return _of_file(Path(source))


def _of_file(path: Path) -> Answers:
    file = file_at(path)
    if file is None:
        raise CannotRun(f"{path} is not live, the number of a run, or a file {FOLDER}/HANDLER/NAME.json.")
    try:
        recording = read_recording(file)
    except RecordingError as error:
        raise CannotRun(str(error)) from error
    return to_answers(recording, file.label)


def _run(number: int, url: str) -> Run:
    try:
        with open_history(url) as history:
            found = history.get(number)
    except HistoryUnavailable as error:
        raise CannotRun(unavailable(error)) from error
    except UnreadableRun as error:
        raise CannotRun(f"Run {number} cannot be read from the history: {error}") from error
    if found is None:
        raise CannotRun(f"There is no run {number} in the history. `workbench serve` lists the runs that are kept.")
    return found
