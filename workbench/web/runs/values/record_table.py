"""The records of a trigger as a table: a row each, and what is the same in all of them once, above it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from workbench.domain import ABSENT, JSON, ValidationError
from workbench.domain.masked_text import json_text
from workbench.explain.text import shorten, value_text
from workbench.jsondoc.equality import identical
from workbench.web.ui.middle_cut import MiddleCut, cut_id

SHOWN = 200
"""Records that are shown."""
COLUMNS = 8
"""Properties of the records' data that get a column."""
_LONGEST_TEXT = 80
_LONGEST_JSON = 32
_WHOLE = 2_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text; ``whole`` is all of a text that was cut, empty for any other."""

    text: str
    whole: str = ""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record. ``note`` says what is wrong with its id; ``is_new`` that no earlier poll had it."""

    id: MiddleCut
    cells: tuple[Cell, ...]
    note: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class RecordTable:
    """``same`` are the properties with one value in all records. ``hidden`` and ``hidden_columns`` are not shown."""

    columns: tuple[str, ...]
    rows: tuple[RecordRow, ...]
    same: tuple[tuple[str, Cell], ...]
    hidden: int
    hidden_columns: int

    @property
    def rest(self) -> str:
        """What the table does not show, as a sentence; empty where it shows all."""
        rows, columns = len(self.rows), len(self.columns)
        shown = [f"the first {rows} of {rows + self.hidden} records"] if self.hidden else []
        shown += [f"{columns} of {columns + self.hidden_columns} properties that differ"] if self.hidden_columns else []
        return f"The table shows {' and '.join(shown)}. The JSON has them all." if shown else ""


def record_table(value: JSON, warnings: Sequence[ValidationError], new: Set[int] = frozenset()) -> RecordTable | None:
    """The table of what a trigger returned, those at the places ``new`` marked; None where it is no array, or empty."""
    if not isinstance(value, list) or not value:
        return None
    data = [item.get("data") if isinstance(item, dict) else None for item in value]
    names = tuple(dict.fromkeys(key for item in data if isinstance(item, dict) for key in item))
    same = tuple(name for name in names if _is_same(data, name))
    varied = [name for name in names if name not in same]
    notes = {warning.pointer: warning.message for warning in reversed(warnings) if warning.code.is_of_record_id}
    columns = tuple(varied[:COLUMNS])
    return RecordTable(
        columns,
        tuple(
            replace(_row(number, item, columns, notes), is_new=number in new)
            for number, item in enumerate(value[:SHOWN])
        ),
        tuple((name, _cell(data[0], name)) for name in same),
        max(0, len(value) - SHOWN),
        len(varied) - len(columns),
    )


def _is_same(data: Sequence[JSON], name: str) -> bool:
    """Whether all records, of which there are several, have the same value."""
    values = [item.get(name, ABSENT) if isinstance(item, dict) else ABSENT for item in data]
    first, *others = values
    if first is ABSENT or not others:
        return False
    return all(other is not ABSENT and identical(other, first) for other in others)


def _row(number: int, item: JSON, columns: Sequence[str], notes: Mapping[str, str]) -> RecordRow:
    data = item.get("data") if isinstance(item, dict) else None
    identifier = _cell(item, "id")
    cells = tuple(_cell(data, column) for column in columns)
    return RecordRow(cut_id(identifier.whole or identifier.text), cells, notes.get(f"/{number}/id", ""))


def _cell(item: JSON, key: str) -> Cell:
    if not isinstance(item, dict) or key not in item:
        return Cell("–")
    value = item[key]
    if isinstance(value, str):
        text = shorten(value, _LONGEST_TEXT)
        return Cell(text) if text == value else Cell(text, value[:_WHOLE])
    whole = json_text(value)
    return Cell(whole) if len(whole) <= _LONGEST_JSON else Cell(value_text(value), whole[:_WHOLE])
