"""``workbench.toml`` beside ``config.json``: its tables as written, and where each stands.

What a table means is for those who use it: they ask :meth:`WorkbenchToml.table`, and say what is wrong in it by a
:class:`TomlError` with the line of :meth:`WorkbenchToml.line_of`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from workbench.catalog.files.file_reader import UnreadableError, read_text

NAME = "workbench.toml"
TABLES = ("answers", "check", "rules")
"""The tables that have a meaning. Another one is an error, since it is likely to be a slip."""

LARGEST = 1024 * 1024
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class TomlError:
    """What is wrong in ``workbench.toml``, in a sentence, and the line (from 1)."""

    line: int
    message: str

    def __str__(self) -> str:
        """``workbench.toml:3: …``."""
        return f"{NAME}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class WorkbenchToml:
    """The file as read. Where it is missing or cannot be read there are no tables; ``errors`` say why."""

    text: str = ""
    tables: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[TomlError, ...] = ()

    def table(self, name: str) -> Mapping[str, Any]:
        """The table ``[name]``; empty where there is none."""
        found = self.tables.get(name)
        return found if isinstance(found, dict) else {}

    def array(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """The tables ``[[name]]`` in order; what is no table in an array is left out."""
        found = self.tables.get(name)
        return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()

    def line_of(self, table: str, key: str = "", index: int = 0) -> int:
        """The line of ``key`` in ``[table]`` (or in the ``[[table]]`` of that index from 0).

        That of the table's header where the key is not found, 1 where there is no such header either.
        """
        header, seen = 1, -1
        for number, name, line in table_lines(self.text):
            if name == table and _HEADER.match(line):
                seen += 1
                header = number if seen == index else header
            elif key and seen == index and name.partition(".")[0] == table and _is_key(line, key):
                return number
        return header


def read_workbench_toml(root: Path) -> WorkbenchToml:
    """The file of an integration's folder."""
    try:
        read = read_text(root, NAME, most=LARGEST)
    except UnreadableError as error:
        return WorkbenchToml(errors=() if error.code == "missing" else (TomlError(error.line, str(error)),))
    return parse_workbench_toml(read.text)


def parse_workbench_toml(text: str) -> WorkbenchToml:
    """The tables of the file's text."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return WorkbenchToml(text, errors=(_syntax_error(text, str(error)),))
    except RecursionError:
        return WorkbenchToml(text, errors=(TomlError(1, "The file is nested too deeply."),))
    found = WorkbenchToml(text, tables)
    return WorkbenchToml(text, tables, tuple(_unknown_tables(found)))


def _syntax_error(text: str, message: str) -> TomlError:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    return TomlError(line, f"This is not TOML: {_PLACE.sub('', message)}.")


def _unknown_tables(found: WorkbenchToml) -> Iterator[TomlError]:
    for name in found.tables:
        if name not in TABLES:
            close = get_close_matches(name, TABLES, 1)
            known = f"Did you mean {close[0]}?" if close else f"The tables are {', '.join(TABLES)}."
            yield TomlError(found.line_of(name), f"Unknown table {name}. {known}")


def table_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Each line outside of multi-line strings: its number, the table that it is in or begins, the line."""
    name, within = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        began = within
        for mark in ('"""', "'''"):
            if within in ("", mark) and line.count(mark) % 2:
                within = "" if within else mark
        if began:
            continue
        if header := _HEADER.match(line):
            name = header[2].strip("\"'")
        yield number, name, line


def _is_key(line: str, key: str) -> bool:
    name = line.partition("=")[0].strip()
    return "=" in line and name.strip("\"'").partition(".")[0] == key
