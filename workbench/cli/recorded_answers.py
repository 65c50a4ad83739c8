"""Answers by the name that a person gives: ``live``, the file of a recording or an archive, or the number of a run."""

from pathlib import Path
from typing import Final

from workbench.answers.from_run import answers_of_run
from workbench.cli.failure import CannotRun
from workbench.domain import Answers
from workbench.recordings.answer_file import answers_of_file
from workbench.recordings.files import FOLDER
from workbench.recordings.recording import RecordingError

LIVE: Final = "live"


def read_answers(source: str, history: str = "") -> Answers:
    """The answers of ``source``; a run is looked up in the ``history`` at that URL. Raises :class:`CannotRun`."""
    if source == LIVE:
        return Answers()
    if source.isascii() and source.isdigit() and len(source) < 16:
        from workbench.cli.history_run import history_run  # imports the database, which other answers do not need

        return answers_of_run(history_run(source, history))
    return _of_file(Path(source))


def _of_file(path: Path) -> Answers:
    if not path.exists():
        raise CannotRun(
            f"{path} does not exist. Name the number of a run, an HTTP archive (HAR), or {FOLDER}/HANDLER/NAME.json."
        )
    try:
        return answers_of_file(path)
    except RecordingError as error:
        raise CannotRun(str(error)) from error
