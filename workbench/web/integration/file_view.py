"""A text file of an integration's folder on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.explain.text import count
from workbench.web.services.source_files import SourceFile
from workbench.web.ui.source_lines import SourceLine, source_lines


@dataclass(frozen=True, slots=True)
class FileView:
    """The lines of a file as it is on disk now; ``summary`` says how many there are, and which are shown."""

    path: str
    lines: tuple[SourceLine, ...]
    summary: str


def file_view(file: SourceFile, line: int, mask: Callable[[str], str]) -> FileView:
    """The page of ``file`` with ``line`` marked; ``mask`` takes the secrets out of a text."""
    lines = source_lines([mask(text) for text in file.lines], file.first, file.path, {line: ("asked-for", "")})
    size = count(file.total, "line")
    if file.is_cut:
        size += f", {file.first} to {file.first + len(file.lines) - 1} shown"
    return FileView(file.path, lines, f"{size}, current file on disk")
