"""Answers by the name that a person gives: ``live``, the file of a recording, or the number of a run."""

from pathlib import Path
from typing import Final

from workbench.answers.from_run import answers_of_run
from workbench.cli.failure import CannotRun
from workbench.domain import Answers
from workbench.recordings.files import FOLDER, file_at, read_recording
from workbench.recordings.recording import RecordingError
from workbench.recordings.replay import to_answers

LIVE: Final = "live"


def read_answers(source: str, history: str = "") -> Answers:
    """The answers of ``source``; a run is looked up in the ``history`` at that URL. Raises :class:`CannotRun`."""
    if source == LIVE:
        return Answers()
    if source.isascii() and source.isdigit() and len(source) < 16:
        from workbench.cli.kept_run import kept_run  # imports the database, which other answers do not need

        return answers_of_run(kept_run(source, history))
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
