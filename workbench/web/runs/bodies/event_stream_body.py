"""Server-sent events as an array of objects: event, id, and data, which is a tree where it is JSON."""

from collections.abc import Iterator

from workbench.domain import ABSENT, JSON, Absent, Request, Response
from workbench.domain.masked_text import join, lines_of
from workbench.explain.http import http_body
from workbench.explain.text import count
from workbench.web.runs.bodies import search
from workbench.web.runs.bodies.body import Source, View

MEDIA = "text/event-stream"
_MOST = 5_000
"""Events that are read."""


def view(source: Source) -> View | None:
    """The events of a stream in order."""
    if source.raw or source.media != MEDIA or (events := read(source.message)) is ABSENT:
        return None
    tree, matches = search.tree(events, source.find)
    number = len(events) if isinstance(events, list) else 0
    fact = f"the first {number:,} events" if number == _MOST else count(number, "event")
    return View("json", tree=tree, matches=matches, facts=(fact,))


def read(message: Request | Response) -> JSON | Absent:
    """The events as a JSON value; ABSENT where there are none. The last one counts although no blank line follows."""
    text = (http_body.decode(message.body, "utf-8") if len(message.body) <= http_body.PARSED else None) or ""
    events: list[JSON] = []
    for event in _events(text[1:] if text.startswith("\ufeff") else text):
        events.append(event)
        if len(events) == _MOST:
            break
    return events or ABSENT


def _events(text: str) -> Iterator[JSON]:
    fields: dict[str, list[str]] = {}
    for line in [*lines_of(text), ""]:
        if line:
            at = line.find(":")
            name, value = (line, "") if at < 0 else (line[:at], line[at + 1 :])
            fields.setdefault(str(name) or "comment", []).append(value[1:] if value.startswith(" ") else value)
        elif fields:
            yield {name: _data(values) if name == "data" else join(values, "\n") for name, values in fields.items()}
            fields = {}


def _data(lines: list[str]) -> JSON:
    text = join(lines, "\n")
    value = http_body.parse_text(text)
    return text if value is ABSENT else value
