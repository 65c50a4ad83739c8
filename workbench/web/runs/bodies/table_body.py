"""CSV as a table."""

import csv
import io
from typing import Final

from workbench.domain.masked_text import read_with_masks
from workbench.explain.text import count
from workbench.web.runs.bodies.body import Source, View

_ROWS: Final = 200
_COLUMNS: Final = 50
_READ: Final = 200_000
"""Characters that are read."""


def view(source: Source) -> View | None:
    """The first rows of a body whose type is CSV; the text, with its matches, while something is searched for."""
    if source.raw or source.find or source.media not in ("text/csv", "application/csv", "text/tab-separated-values"):
        return None
    text = source.text
    if text is None:
        return None
    first = str(text[:_READ]).partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = read_with_masks(
            text[:_READ], lambda part: list(csv.reader(io.StringIO(part, newline=""), delimiter=separator))
        )
    except csv.Error:
        return None
    columns = max((len(row) for row in rows), default=0)
    rows = [tuple(row[:_COLUMNS]) for row in rows if row]
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    is_cut = len(rows) > _ROWS + 1 or len(text) > _READ
    shown = f"the first {_ROWS} rows" if is_cut else count(len(rows) - 1, "row")
    more = (f"the first {_COLUMNS} of {columns:,} columns",) if columns > _COLUMNS else ()
    return View("table", rows=tuple(rows[: _ROWS + 1]), facts=(shown, *more))
