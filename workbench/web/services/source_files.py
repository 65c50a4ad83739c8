"""Text files of an integration's folder, to be read on a page: none outside of it, none hidden, none huge."""

from dataclasses import dataclass
from pathlib import Path

from workbench.catalog.files.file_reader import UnreadableError, inside, is_hidden, read_text

LARGEST = 1_000_000
"""Bytes of the largest file that is shown."""
LINES = 2_000
"""Lines that are shown at once, those around the one that was asked for."""

_REASONS = {
    "outside": "This is not a path inside the integration's folder.",
    "missing": "The integration's folder has no such file.",
    "not-a-file": "The integration's folder has no such file.",
    "too-large": f"The file is larger than {LARGEST // 1000} kB. Open it in an editor.",
    "not-utf-8": "The file is not text in UTF-8. Open it in an editor.",
}


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
    _check_path(root, path)
    try:
        text = read_text(root, path, most=LARGEST).text
    except UnreadableError as error:
        raise UnreadableSource(_REASONS.get(error.code, str(error))) from error
    if "\0" in text:
        raise UnreadableSource("The file is not text. Open it in an editor.")
    lines = text.splitlines()
    start = max(0, min(line - 1 - LINES // 2, len(lines) - LINES))
    return SourceFile(path, tuple(lines[start : start + LINES]), start + 1, len(lines))


def is_shown(root: Path, path: str) -> bool:
    """Whether :func:`read` would look into the file."""
    try:
        _check_path(root, path)
        return (root / path).is_file()
    except (UnreadableSource, OSError):
        return False


def _check_path(root: Path, path: str) -> None:
    """Raise :class:`UnreadableSource` where a path is not plain, leads out of ``root`` or names something hidden."""
    if any(part in ("", ".", "..") for part in path.split("/")) or inside(root, path) is None:
        raise UnreadableSource(_REASONS["outside"])
    if is_hidden(root, path):
        raise UnreadableSource("Hidden files are not shown: they often hold credentials.")
