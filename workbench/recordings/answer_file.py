"""The answers in a file that a person names: a recording of ours, or an HTTP archive (HAR) of any program."""

import os
from pathlib import Path
from typing import Final

from workbench.answers.masked_noise import masked_noise
from workbench.catalog.files.file_reader import UnreadableError, read_text
from workbench.domain import Answers, AnswerSource, Exchange
from workbench.events.obtained_secrets import named, obtained_secrets
from workbench.events.redactor import Redactor
from workbench.jsondoc import strict
from workbench.jsondoc.source_map import SourceMap
from workbench.recordings.document_part import DocumentError
from workbench.recordings.files import file_at, read_recording
from workbench.recordings.har_reader import read_archive
from workbench.recordings.recording import RecordingError
from workbench.recordings.replay import to_answers

SUFFIX: Final = ".har"
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of an archive that is read."""
MOST: Final = 200
"""Archives of one integration that are looked for."""
_FOLDERS: Final = ("", "tests", "tests/recordings", "tests/recordings/*")


def answers_of_file(path: Path, root: Path | None = None) -> Answers:
    """The answers in the file at ``path``, which must be inside ``root`` where that is given.

    Raises :class:`RecordingError`, which names file, line and what is wrong.
    """
    if (file := file_at(path)) is not None and (root is None or file.root == root):
        return to_answers(read_recording(file), file.label)
    place = path.resolve()
    folder, name = (root, os.path.relpath(path, root)) if root else (place.parent, place.name)
    try:
        text = read_text(folder, name, most=LARGEST).text
    except UnreadableError as error:
        raise RecordingError(str(error)) from error
    return answers_of_archive(text, path.name)


def answers_of_archive(text: str, name: str) -> Answers:
    """The answers in the text of an archive called ``name``, its secrets masked. Raises :class:`RecordingError`."""
    try:
        archive = read_archive(strict.loads(text))
    except strict.JsonError as error:
        place = f"{name}:{error.line}:{error.column}"
        raise RecordingError(f"{place} is not JSON: {error.message} Export the archive again.") from error
    except DocumentError as error:
        line, column = SourceMap(text).nearest(error.pointer) or (1, 1)
        raise RecordingError(f"{name}:{line}:{column}: {error}") from error
    except RecursionError as error:
        raise RecordingError(f"{name} is nested too deeply to be read.") from error
    if not archive.exchanges:
        raise RecordingError(f"{name} has no HTTP requests. Export the archive while the page sends some.")
    exchanges = _masked(archive.exchanges)
    masked = (one for exchange in exchanges for one in masked_noise(exchange))  # the run has keys of its own
    return Answers(AnswerSource.RECORDING, name, exchanges, (*archive.noise, *masked))


def find_archives(root: Path) -> list[str]:
    """The archives in an integration's folder and in that of its tests: paths below ``root``; at most :data:`MOST`."""
    found = (path for folder in _FOLDERS for path in sorted(root.glob(f"{folder}/*{SUFFIX}".lstrip("/"))))
    files = (path for path in found if path.is_file())
    return [path.relative_to(root).as_posix() for path, _ in zip(files, range(MOST), strict=False)]


def _masked(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """Exchanges with names in place of the tokens, cookies and keys that an archive of a browser is full of."""
    secrets = named(secret for exchange in exchanges for secret in obtained_secrets(exchange))
    redactor = Redactor({name: secret.value for name, secret in secrets.items()})
    return tuple(map(redactor.exchange, exchanges))
