"""Messages of a WebSocket in a list: who sent each, when, what, and its size."""

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from workbench.domain import JSON, Response
from workbench.domain.masked_text import lines_of
from workbench.explain.http import http_body
from workbench.explain.text import count
from workbench.explain.text import size as sized
from workbench.web.runs.bodies.body import Source, View

SWITCHED: Final = 101
"""The status of the response whose body they are recorded in."""
_ROWS: Final = 500
_LATEST: Final = 1e12
_LENGTH: Final = 2_000
"""Characters of a message that are shown."""


def view(source: Source) -> View | None:
    """The first messages; None while something is searched for, which the tree of the lines can show."""
    message = source.message
    if source.raw or source.find or not isinstance(message, Response) or message.status != SWITCHED:
        return None
    lines = [line for line in lines_of(source.text or "") if line]
    rows = tuple(row for line in lines[:_ROWS] for row in _rows(http_body.parse_text(line)))
    if not rows:
        return None
    number = count(len(lines), "message")
    fact = f"the first {_ROWS} of {number}" if len(lines) > _ROWS else number
    return View("messages", rows=rows, facts=(fact,))


def _rows(line: object) -> Iterator[tuple[str, ...]]:
    if not isinstance(line, dict):
        return
    at = line.get("at_ms")
    after = f"{at:,.1f} ms" if isinstance(at, int | float) and 0 <= at < _LATEST else ""
    for name, who in (("sent", "handler"), ("received", "server")):
        if name in line:
            yield (who, after, *_message(line[name]))
    if "closed" in line:
        code, reason = line["closed"], line.get("reason") or ""
        said = f"closed the connection ({code})" if code is not None else "closed the connection"
        yield str(line.get("by") or "server"), after, f"{said}: {reason}" if reason else said, ""


def _message(value: JSON) -> tuple[str, str]:
    if isinstance(value, dict) and isinstance(encoded := value.get("base64"), str):
        try:
            data = base64.b64decode(encoded)
        except (binascii.Error, ValueError):  # a part of it is masked
            return encoded, "binary"
        return data.hex(" ")[:_LENGTH], f"{sized(len(data))}, binary"
    text = value if isinstance(value, str) else str(value)
    return text[:_LENGTH], sized(len(text.encode("utf-8", "replace")))
