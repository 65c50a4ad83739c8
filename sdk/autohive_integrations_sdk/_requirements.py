"""Requirements files as pip reads them: their encoding, their lines, and the files that they include.

Options of pip (``--index-url``, ``--hash``, …) are left out. Nothing is opened here but by the caller's reader.
"""

from __future__ import annotations

import codecs
import os
import posixpath
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

REQUIREMENTS = "requirements.txt"
MAX_BYTES = 4 * 1024 * 1024
"""A larger file is not read."""

_MAX_FILES = 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
_COSTLY = frozenset({"idna", "punycode", "undefined"})
"""Codecs that no file is written in; the first two take time that grows with the square of the length."""

_COMMENT = re.compile(r"(^|\s+)#.*$")
_INCLUDE = re.compile(r"(?:-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=^-[rc]))(?P<name>\S.*)$")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s*=\s*|\s+)(?P<target>\S.*)$")


class LineKind(StrEnum):
    """What a line asks for: a package, a package in development mode, or a limit to the releases of one."""

    REQUIREMENT = "requirement"
    EDITABLE = "editable"
    CONSTRAINT = "constraint"


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """A logical line without its comment and options; ``file`` is relative to the folder, ``line`` counts from 1."""

    text: str
    file: str
    line: int
    kind: LineKind = LineKind.REQUIREMENT


class RequirementErrorKind(StrEnum):
    """Why a file was not read as it is written: its encoding, a cycle, too many files, or a URL in place of a path."""

    ENCODING = "encoding"
    CYCLE = "cycle"
    TOO_MANY = "too_many"
    URL = "url"


@dataclass(frozen=True, slots=True)
class RequirementError:
    """An error at a line; ``name`` is the included file, or the encoding that does not fit the bytes."""

    kind: RequirementErrorKind
    file: str
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class RequirementsText:
    """All lines of ``requirements.txt`` and of what it includes, in the order in which pip reads them.

    ``files`` are all that were asked for, also those that could not be read.
    """

    lines: tuple[RequirementLine, ...] = ()
    errors: tuple[RequirementError, ...] = ()
    files: tuple[str, ...] = ()


type Reader = Callable[[str, str, int], bytes | None]
"""Reads a file of the folder; it gets the path, and the file and line that name it. None where it cannot be read."""


def read_requirements(read: Reader) -> RequirementsText:
    """The requirements of a folder whose files ``read`` reads."""
    walk = _Walk(read)
    walk.visit(REQUIREMENTS, LineKind.REQUIREMENT, REQUIREMENTS, 1, ())
    return RequirementsText(tuple(walk.lines), tuple(walk.errors), tuple(walk.files))


def folder_reader(root: Path) -> Reader:
    """A reader of regular files inside ``root``, up to :data:`MAX_BYTES`."""

    def read(name: str, file: str, line: int) -> bytes | None:
        try:
            place = (root / name).resolve()
            if "\\" in name or not name.isprintable() or not place.is_relative_to(root.resolve()):
                return None
            descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO must not block
        except (OSError, RuntimeError, ValueError):
            return None
        with os.fdopen(descriptor, "rb") as opened:
            seen = os.fstat(descriptor)
            return opened.read() if stat.S_ISREG(seen.st_mode) and seen.st_size <= MAX_BYTES else None

    return read


def decode(raw: bytes) -> tuple[str, str]:
    """The text, and the encoding where it does not fit the bytes (they are replaced then), else an empty string.

    A byte order mark decides, else a ``coding:`` comment in the first two lines, else it is UTF-8.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], encoding)
    for line in raw[:4096].split(b"\n")[:2]:
        if line.startswith(b"#") and (match := _CODING.search(line)):
            return _decoded(raw, match[1].decode("ascii", "replace"))
    return _decoded(raw, "utf-8")


def _decoded(raw: bytes, encoding: str) -> tuple[str, str]:
    try:
        if codecs.lookup(encoding).name not in _COSTLY:
            return raw.decode(encoding), ""
    except (LookupError, UnicodeError):
        pass
    return raw.decode("utf-8", "replace"), encoding


class _Walk:
    """The lines of a file and of what it includes."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self.lines: list[RequirementLine] = []
        self.errors: list[RequirementError] = []
        self.files: dict[str, None] = {}

    def visit(self, name: str, kind: LineKind, file: str, line: int, within: tuple[str, ...]) -> None:
        """Read ``name``, which ``line`` of ``file`` includes; ``within`` are the files that are being read."""
        if name in within:
            self.errors.append(RequirementError(RequirementErrorKind.CYCLE, file, line, name))
            return
        if len(within) >= _MAX_FILES or (name not in self.files and len(self.files) >= _MAX_FILES):
            self.errors.append(RequirementError(RequirementErrorKind.TOO_MANY, file, line, name))
            return
        seen = name in self.files
        self.files[name] = None
        raw = None if seen else self._read(name, file, line)
        if raw is None:
            return
        text, misfit = decode(raw)
        if misfit:
            self.errors.append(RequirementError(RequirementErrorKind.ENCODING, name, 1, misfit))
        for number, content in _logical_lines(text):
            self._take(content, name, number, kind, (*within, name))

    def _take(self, content: str, name: str, number: int, kind: LineKind, within: tuple[str, ...]) -> None:
        if (include := _INCLUDE.match(content)) is not None:
            target = include["name"].strip().strip("\"'")
            constraint = content.startswith(("-c", "--constraint")) or kind is LineKind.CONSTRAINT
            if "://" in target:
                self.errors.append(RequirementError(RequirementErrorKind.URL, name, number, target))
                return
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            self.visit(path, LineKind.CONSTRAINT if constraint else LineKind.REQUIREMENT, name, number, within)
        elif (editable := _EDITABLE.match(content)) is not None:
            if kind is LineKind.REQUIREMENT:
                self.lines.append(RequirementLine(editable["target"].strip(), name, number, LineKind.EDITABLE))
        elif not content.startswith("-"):
            self.lines.append(RequirementLine(_without_options(content), name, number, kind))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Line numbers and logical lines, without comments and empty ones: a backslash at the end joins the next."""
    start, joined = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        is_comment = _COMMENT.match(line) is not None
        if line.endswith("\\") and not is_comment:
            joined += line.rstrip("\\")
            continue
        # A comment ends what is continued before it; the blank keeps it a comment there.
        yield from _stripped(start, f"{joined} {line}" if is_comment and joined else joined + line)
        start, joined = number + 1, ""
    yield from _stripped(start, joined)


def _stripped(number: int, line: str) -> Iterator[tuple[int, str]]:
    if content := _COMMENT.sub("", line).strip():
        yield number, content


def _without_options(content: str) -> str:
    """A requirement without the options that follow it, such as ``--hash``."""
    words = content.split(" ")
    end = next((place for place, word in enumerate(words) if place and word.startswith("-")), len(words))
    return " ".join(words[:end]).strip()
