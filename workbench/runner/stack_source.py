"""The source around the integration's own lines in a stack that a worker printed."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from workbench.catalog.files.file_reader import MAX_SOURCE, UnreadableError, read_text
from workbench.domain import Frame

_AROUND = 3
"""Lines of source before and after the line of a frame."""


def with_source(frames: Iterable[Frame], root: Path) -> tuple[Frame, ...]:
    """The frames, those of files inside ``root`` with the lines around them."""
    texts: dict[str, list[str]] = {}
    return tuple(_with_lines(frame, _lines(frame.file, root, texts)) for frame in frames)


def _lines(file: str, root: Path, texts: dict[str, list[str]]) -> list[str]:
    if file not in texts:
        path = Path(file)
        name = str(path.relative_to(root)) if path.is_relative_to(root) else ""
        try:
            texts[file] = read_text(root, name, most=MAX_SOURCE).text.splitlines()
        except UnreadableError:
            texts[file] = []
    return texts[file]


def _with_lines(frame: Frame, lines: list[str]) -> Frame:
    first = max(1, frame.line - _AROUND)
    around = lines[first - 1 : frame.line + _AROUND]
    return replace(frame, source="\n".join(around), source_line=first) if around else frame
