"""Text files out of an integration's folder, to be read on a page: none outside of it, none hidden, none huge."""

from dataclasses import dataclass
from pathlib import Path

LARGEST = 1_000_000
"""Bytes of the largest file that is shown."""
LINES = 2_000
"""Lines that are shown at once, those around the one that was asked for."""

_OUTSIDE = "This is not a path inside the integration's folder."


class UnreadableSource(Exception):
    """The file cannot be shown; the message says why, and names nothing that lies outside of the folder."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """Lines of a file. ``path`` is relative to the folder; ``first`` is the number of the first line shown."""

    path: str
    lines: tuple[str, ...]
    first: int
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether there are lines that are not shown."""
        return len(self.lines) < self.total


def read(root: Path, path: str, line: int = 1) -> SourceFile:
    """The text at ``path`` below ``root``, around ``line``. Raises :class:`UnreadableSource`."""
    file = _inside(root, path)
    try:
        if not file.is_file():
            raise UnreadableSource("The integration's folder has no such file.")
        if file.stat().st_size > LARGEST:
            raise UnreadableSource(f"The file is larger than {LARGEST // 1000} kB. Open it in an editor.")
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"The file could not be read: {error.strerror or 'the system refused it'}.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource("The file is not text in UTF-8. Open it in an editor.") from error
    if "\0" in text:
        raise UnreadableSource("The file is not text. Open it in an editor.")
    lines = text.splitlines()
    start = max(0, min(line - 1 - LINES // 2, len(lines) - LINES))
    return SourceFile(path, tuple(lines[start : start + LINES]), start + 1, len(lines))


def is_shown(root: Path, path: str) -> bool:
    """Whether :func:`read` would look into the file."""
    try:
        return _inside(root, path).is_file()
    except (UnreadableSource, OSError):
        return False


def _inside(root: Path, path: str) -> Path:
    """The file, once it is sure that it lies below ``root``, links followed, and that no part of its path is hidden."""
    parts = path.split("/")
    if "\\" in path or "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise UnreadableSource(_OUTSIDE)
    try:
        folder = root.resolve()
        file = (folder / path).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise UnreadableSource(_OUTSIDE) from error
    if not file.is_relative_to(folder):
        raise UnreadableSource(_OUTSIDE)
    if any(part.startswith(".") for part in (*parts, *file.relative_to(folder).parts)):
        raise UnreadableSource("Hidden files are not shown: they often hold credentials.")
    return file
