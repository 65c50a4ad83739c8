"""Rows of names and values: undeclared credentials, metadata, environment variables. Values as typed, then as JSON."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import Final

from workbench.domain import JSON
from workbench.events.secrets import MAX_DEPTH, is_shallow
from workbench.forms.jsontext import dumps, is_plain
from workbench.jsondoc.strict import JsonError, loads
from workbench.web.ui.file_fields import Pairs

AS_TYPED: Final = "!"
"""The end of the key of a stored text that is not a value yet, because it is not the JSON that it should be."""


class Secrecy(StrEnum):
    """What a person said of a value: nothing, that it is a secret, that it is none."""

    BY_NAME = ""
    SECRET = "yes"  # noqa: S105 - not a password
    PUBLIC = "no"


class Empty(StrEnum):
    """What an empty control means."""

    NOTHING = ""
    UNCHANGED = "keep"
    TEXT = "empty"
    TAKEN_OUT = "unset"


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row as a page has it. ``stored`` is the key of its stored value, empty where there is none."""

    token: str
    name: str = ""
    text: str = field(default="", repr=False)
    is_json: bool = False
    empty: Empty = Empty.NOTHING
    stored: str = ""
    secrecy: Secrecy = Secrecy.BY_NAME
    error: str = ""


@dataclass(frozen=True, slots=True)
class RowsReading:
    """What rows say: the values by name, the same by token, and the rows with their errors."""

    rows: tuple[ValueRow, ...]
    values: dict[str, JSON] = field(default_factory=dict, repr=False)
    by_token: dict[str, JSON] = field(default_factory=dict, repr=False)

    @property
    def has_errors(self) -> bool:
        """Whether a row has one."""
        return any(row.error for row in self.rows)


def stored_key(prefix: str, name: str) -> str:
    """The key of a value that a profile has under ``name``."""
    return f"{prefix}:{name}"


def row_of(prefix: str, token: str, name: str, value: JSON, secrecy: Secrecy, *, has_null: bool) -> ValueRow:
    """The row of a stored value. Without ``has_null``, null means that a variable is taken out."""
    stored = stored_key(prefix, name)
    if value is None and not has_null:
        return ValueRow(token, name, empty=Empty.TAKEN_OUT, secrecy=secrecy)
    if isinstance(value, str) and is_plain(value):
        empty = Empty.NOTHING if value else Empty.TEXT
        return ValueRow(token, name, value, empty=empty, stored=stored, secrecy=secrecy)
    return ValueRow(token, name, dumps(value), is_json=True, stored=stored, secrecy=secrecy)


def parse(pairs: Pairs, prefix: str) -> tuple[ValueRow, ...]:
    """The rows that were posted under ``prefix``."""
    posted: dict[str, str] = {name: text for name, text in pairs if name.startswith(f"{prefix}.")}
    tokens = dict.fromkeys(text for name, text in pairs if name == f"{prefix}.row")
    return tuple(_row(token, f"{prefix}.{token}", posted) for token in tokens)


def _row(token: str, start: str, posted: Mapping[str, str]) -> ValueRow:
    def get(part: str) -> str:
        return posted.get(f"{start}.{part}", "")

    text = get("value").replace("\r\n", "\n")
    return ValueRow(
        token,
        get("name").strip(),
        text,
        get("kind") == "json",
        _member(Empty, get("empty")),
        get("stored"),
        _member(Secrecy, get("secret")),
    )


def _member[E: StrEnum](enumeration: type[E], text: str) -> E:
    return enumeration(text) if text in tuple(enumeration) else enumeration("")


def apply(rows: tuple[ValueRow, ...], verb: str, argument: str) -> tuple[ValueRow, ...]:
    """The rows after the operation of a button: ``add`` (with a name, or none) or ``remove`` (of a token)."""
    if verb == "remove":
        return tuple(row for row in rows if row.token != argument)
    if verb == "add" and not (argument and any(row.name == argument for row in rows)):
        return (*rows, ValueRow(fresh_token(rows), argument))
    return rows


def fresh_token(rows: Iterable[ValueRow]) -> str:
    """A token that no row has."""
    used = {row.token for row in rows}
    return next(token for token in (f"r{number}" for number in count()) if token not in used)


def read(rows: Iterable[ValueRow], stored: Mapping[str, JSON], error_of: Callable[[str, JSON], str]) -> RowsReading:
    """What the rows say. ``stored`` has the values of unchanged rows; ``error_of`` tells why a
    name cannot have a value, in a sentence; empty where it can.

    A row with neither name nor value is left out.
    """
    made: list[ValueRow] = []
    reading = RowsReading((), {}, {})
    for row in rows:
        if not row.name and not row.text and row.empty is Empty.NOTHING:
            continue
        try:
            value = reading.by_token[row.token] = _value(row, stored)
            _check_name(row.name, reading.values, error_of(row.name, value))
            reading.values[row.name] = value
            made.append(row)
        except ValueError as error:
            made.append(replace(row, error=str(error)))
    return replace(reading, rows=tuple(made))


def _value(row: ValueRow, stored: Mapping[str, JSON]) -> JSON:
    """The value of a row. Raises ValueError, whose message does not quote what may be a secret."""
    if row.text:
        return _typed(row.text, is_json=row.is_json)
    match row.empty:
        case Empty.UNCHANGED if row.stored in stored:
            value = stored[row.stored]
            return _typed(str(value), is_json=row.is_json) if row.stored.endswith(AS_TYPED) else value
        case Empty.UNCHANGED:
            raise ValueError("The value is not in memory any more. Type it again.")
        case Empty.TEXT:
            return ""
        case Empty.TAKEN_OUT:
            return None
        case _:
            raise ValueError("There is no value. Type one, select what an empty field means, or remove the row.")


def _typed(text: str, *, is_json: bool) -> JSON:
    try:
        value = loads(text) if is_json else text
    except JsonError as error:
        raise ValueError(f"The value is not JSON: line {error.line}, column {error.column}.") from None
    if not is_shallow(value):
        raise ValueError(f"The value is nested too deep. Reduce nesting below {MAX_DEPTH} levels.")
    return value


def _check_name(name: str, values: Mapping[str, JSON], error: str) -> None:
    if not name:
        raise ValueError("There is no name. Type one, or remove the row.")
    if name in values:
        raise ValueError(f"The name “{name}” is already used. Type another one, or remove the row.")
    if error:
        raise ValueError(error)
