"""The types of options: JSON (text, ``@file``, or ``-`` for stdin), members of enumerations, environment variables.

They import the rest of the workbench when they convert a value, so that completion does not wait for it.
"""

import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import click

_WORD = re.compile(r"[^\W\d_][\w .-]*")
_JSON_WORDS = frozenset({"true", "false", "null"})


class OneOf(click.ParamType[StrEnum]):
    """A member of an enumeration of ``workbench.domain``, by its value.

    :class:`click.Choice` would ask for the names. The value ``left_out`` cannot be chosen.
    """

    def __init__(self, enumeration: str, left_out: str = "") -> None:
        self.name = enumeration
        self._left_out = left_out

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return f"[{'|'.join(self._members())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> StrEnum:
        """The member. Ends the command if there is none with this value."""
        known = {member.value: member for member in self._members()}
        try:
            return known[value]
        except KeyError:
            self.fail(f"{value!r} is not one of {', '.join(self._members())}.", param, ctx)

    def _members(self) -> list[StrEnum]:
        members: type[StrEnum] = getattr(import_module("workbench.domain"), self.name)
        return [member for member in members if member.value != self._left_out]


class Megabytes(click.ParamType[int]):
    """An amount of memory that is enough for a worker."""

    name = "megabytes"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return "MB"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number. Ends the command where it is none, or too small."""
        from workbench.domain import LEAST_MEMORY

        if not str(value).isdecimal() or int(value) < LEAST_MEMORY:
            self.fail(f"{value!r} is not a whole number of megabytes from {LEAST_MEMORY} up.", param, ctx)
        return int(value)


class EditorName(click.ParamType[str]):
    """An editor that links can open, by its name or an address."""

    name = "editor"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as given. Ends the command where there is no such editor."""
        from workbench.editors import EditorError, find_editor

        if value:
            try:
                find_editor(value)
            except EditorError as error:
                self.fail(str(error), param, ctx)
        return str(value)


class JsonDocument(click.ParamType[Any]):
    """Reads ``JSON``, ``@file`` or ``-``; an error names line and column."""

    name = "json"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return "JSON|@FILE|-"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The document. Ends the command if it cannot be read or is not JSON."""
        if not isinstance(value, str) or (ctx is not None and ctx.resilient_parsing):
            return value  # a default that is converted already, or a word that a shell wants to complete
        from workbench.jsondoc import strict

        try:
            document = strict.loads(_text(value))
        except strict.JsonError as error:
            where = f"{value[1:]}:{error.line}:{error.column}" if value.startswith("@") else "the text"
            self.fail(f"{where} is not JSON: {error.message} (line {error.line}, column {error.column})", param, ctx)
        except OSError as error:
            self.fail(f"{value[1:] or 'The file'} cannot be read: {error.strerror}.", param, ctx)
        except UnicodeDecodeError as error:
            what = "Standard input" if value == "-" else value[1:]
            self.fail(f"{what} is not UTF-8: byte {error.start + 1} is 0x{error.object[error.start]:02x}.", param, ctx)
        except ValueError as error:
            self.fail(f"{error}", param, ctx)
        return document


@dataclass(frozen=True, slots=True)
class SavedName:
    """The name under which inputs were saved."""

    name: str


class Inputs(JsonDocument):
    """Reads JSON as :class:`JsonDocument` does; a word that is not JSON is the name of saved inputs."""

    name = "inputs"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return "JSON|@FILE|-|NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The document, or a :class:`SavedName`. Ends the command if it is neither."""
        if isinstance(value, str) and value not in _JSON_WORDS and _WORD.fullmatch(value):
            return SavedName(value)
        return super().convert(value, param, ctx)


class Variable(click.ParamType[str]):
    """``NAME=VALUE`` or ``NAME``; in an environment variable one per line."""

    name = "variable"
    envvar_list_splitter = "\n"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return "NAME[=VALUE]"


class Lines(click.ParamType[str]):
    """A text; in an environment variable one per line. ``metavar`` is how the help shows it."""

    name = "line"
    envvar_list_splitter = "\n"

    def __init__(self, metavar: str) -> None:
        self._metavar = metavar

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return self._metavar


def _text(value: str) -> str:
    if value == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    return Path(value[1:]).read_text(encoding="utf-8-sig") if value.startswith("@") else value
