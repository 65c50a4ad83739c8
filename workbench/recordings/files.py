"""The files of recordings in an integration's folder: found, read, written, deleted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench.catalog.files.file_reader import UnreadableError, inside, read_bytes, read_text
from workbench.jsondoc import strict
from workbench.jsondoc.source_map import SourceMap
from workbench.recordings.document import Written, write_document
from workbench.recordings.document_part import DocumentError
from workbench.recordings.document_reader import read_document
from workbench.recordings.recording import Recording, RecordingError
from workbench.whole_file import write_whole

FOLDER: Final = "tests/recordings"
"""Where recordings stand in an integration's folder: one folder a handler, one file a recording."""

MOST: Final = 5_000
"""Files of one integration that are looked at."""

_LARGEST: Final = 64 * 1024 * 1024
_LARGEST_BODY: Final = 16 * 1024 * 1024
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """One file: the integration's folder, the handler's folder in :data:`FOLDER`, the name without ``.json``."""

    root: Path
    handler: str
    name: str

    @property
    def relative(self) -> str:
        """Its path in the integration's folder."""
        return f"{FOLDER}/{self.handler}/{self.name}.json"

    @property
    def path(self) -> Path:
        """Where it stands."""
        return self.root / self.relative

    @property
    def label(self) -> str:
        """The handler and the name, as lists show it."""
        return f"{self.handler}/{self.name}"


def recording_file(root: Path, handler: str, name: str) -> RecordingFile:
    """The file of a recording with this name. Raises :class:`RecordingError` where a name is not good for a file."""
    if _NAME.fullmatch(name) is None or name.endswith((".json", ".")):
        raise RecordingError(
            f"{name[:80]!r} is not a name for a test. Use 1 to 80 letters, digits, dots, hyphens and underscores, "
            "and begin with a letter or digit."
        )
    return RecordingFile(root, _SAFE.sub("_", handler).strip(".") or "account", name)


def find_files(root: Path) -> list[RecordingFile]:
    """The recordings of an integration, in the order of their names; at most :data:`MOST`."""
    return [one for one, _ in zip(_find(root), range(MOST), strict=False)]


def file_at(path: Path) -> RecordingFile | None:
    """The recording's file at ``path``; None where a path does not lead to such a place."""
    place = path.absolute()
    folders = place.parts
    if place.suffix != ".json" or len(folders) < 5 or folders[-4:-2] != tuple(FOLDER.split("/")):
        return None
    return RecordingFile(place.parents[3], folders[-2], place.stem)


def read_recording(file: RecordingFile) -> Recording:
    """The recording. Raises :class:`RecordingError`, which names the file, the line and what is wrong."""
    text = ""
    try:
        text = read_text(file.root, file.relative, most=_LARGEST).text
        document = strict.loads(text)
        return read_document(document, lambda name: _read_body(file, name))
    except UnreadableError as error:
        raise RecordingError(f"{file.relative}: {error}") from error
    except strict.JsonError as error:
        place = f"{file.relative}:{error.line}:{error.column}"
        raise RecordingError(f"{place} is not JSON: {error.message} Record it again.") from error
    except DocumentError as error:
        found = SourceMap(text).nearest(error.pointer) or (1, 1)
        raise RecordingError(f"{file.relative}:{found[0]}:{found[1]}: {error}") from error
    except RecursionError as error:
        raise RecordingError(f"{file.relative} is nested too deeply to be read.") from error


def write_recording(file: RecordingFile, recording: Recording) -> Written:
    """Write the files of a recording, the main one last and at once. Raises :class:`RecordingError`."""
    written = write_document(recording, file.name)
    folder = file.path.parent
    try:
        if not _is_inside(file.root, file.handler):
            raise RecordingError(f"{FOLDER}/{file.handler} leads out of the integration's folder. Nothing was written.")
        folder.mkdir(parents=True, exist_ok=True)
        old = set(_bodies(file))
        for name, body in written.bodies.items():
            write_whole(folder / name, body)
        write_whole(file.path, written.text.encode())
        for path in old - {folder / name for name in written.bodies}:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise RecordingError(f"{file.relative} cannot be written: {error.strerror or error}.") from error
    except UnicodeEncodeError as error:
        raise RecordingError("This run has half of a surrogate pair in a text, which no file can hold.") from error
    return written


def delete_recording(file: RecordingFile) -> None:
    """Delete the files of a recording. Raises :class:`RecordingError`."""
    if not _is_inside(file.root, file.handler):
        raise RecordingError(f"{FOLDER}/{file.handler} leads out of the integration's folder. Nothing was deleted.")
    try:
        for path in (*_bodies(file), file.path):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise RecordingError(f"{file.relative} cannot be deleted: {error.strerror or error}.") from error


def _find(root: Path) -> Iterator[RecordingFile]:
    try:
        handlers = sorted(
            entry for entry in (root / FOLDER).iterdir() if entry.is_dir() and _is_inside(root, entry.name)
        )
        for handler in handlers:
            for path in sorted(handler.glob("*.json")):
                if not _is_body(path):
                    yield RecordingFile(root, handler.name, path.stem)
    except OSError:
        return


def _is_inside(root: Path, handler: str) -> bool:
    """Whether no symlink on the way to a handler's folder leads out of the integration's."""
    return inside(root, f"{FOLDER}/{handler}") is not None


_BODY: Final = re.compile(r"(.+)\.[0-9]+\.(?:request|response)\.(?:json|body)")


def _is_body(path: Path) -> bool:
    """Whether it is the body of a recording beside it."""
    found = _BODY.fullmatch(path.name)
    return found is not None and path.with_name(f"{found[1]}.json").exists()


def _bodies(file: RecordingFile) -> Iterator[Path]:
    for path in file.path.parent.glob(f"{file.name}.*"):
        if (found := _BODY.fullmatch(path.name)) is not None and found[1] == file.name:
            yield path


def _read_body(file: RecordingFile, name: str) -> bytes:
    """The body's file, which stands beside its recording."""
    if not name or "/" in name or "\\" in name or name.startswith("."):
        raise UnreadableError("outside", f"the file of a body must stand beside it, but is {name[:80]!r}.")
    return read_bytes(file.root, f"{FOLDER}/{file.handler}/{name}", most=_LARGEST_BODY)
