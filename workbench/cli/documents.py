"""What options take: JSON (as text, as ``@file``, or as ``-`` for stdin) and members of enumerations."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from workbench.domain import JSON
from workbench.jsondoc import strict


class OneOf[Member: StrEnum](click.ParamType[Member]):
    """A member of an enumeration by its value (:class:`click.Choice` would ask for the names)."""

    def __init__(self, members: type[Member]) -> None:
        self._members = members
        self.name = "|".join(members)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return f"[{self.name}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Member:
        """The member. Ends the command where there is none of that value."""
        try:
            return self._members(value)
        except ValueError:
            self.fail(f"{value!r} is not one of {', '.join(self._members)}.", param, ctx)


class JsonDocument(click.ParamType[JSON]):
    """Reads ``JSON``, ``@file`` or ``-``; an error names line and column."""

    name = "json"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the help shows it."""
        return "JSON|@FILE|-"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> JSON:
        """The document. Ends the command if it cannot be read or is not JSON."""
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]  # a default, converted already
        try:
            document = strict.loads(_text(value))
        except strict.JsonError as error:
            where = f"{value[1:]}:{error.line}:{error.column}" if value.startswith("@") else "the text"
            self.fail(f"{where} is not JSON: {error.message} (line {error.line}, column {error.column})", param, ctx)
        except (OSError, ValueError) as error:
            self.fail(f"{error}", param, ctx)
        return document


def _text(value: str) -> str:
    if value == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    return Path(value[1:]).read_text(encoding="utf-8-sig") if value.startswith("@") else value
