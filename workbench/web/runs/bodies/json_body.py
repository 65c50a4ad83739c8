"""JSON as a tree; several values on lines of their own (messages of gRPC, WebSockets, NDJSON) as an array of them."""

import codecs
from collections.abc import Callable
from functools import wraps
from weakref import ref

from workbench.domain import ABSENT, JSON, Absent, Request, Response
from workbench.domain.masked_text import join, lines_of
from workbench.explain.http import http_body
from workbench.jsondoc import cut_text
from workbench.web.runs.bodies import event_stream_body, search
from workbench.web.runs.bodies.body import Source, View
from workbench.web.runs.bodies.websocket_body import SWITCHED
from workbench.web.ui.json_tree import key_text

_LINE_TYPES = ("application/x-ndjson", "application/jsonl", "application/json-seq")
_MOST_LINES = 10_000
_LARGE = 50_000
"""Bytes from which on a value is remembered."""
_REMEMBERED = 2
"""Messages whose values are remembered: both of an open exchange, which is drawn again with each change of the list."""
_SAMPLE = 20_000


def view(source: Source) -> View | None:
    """The tree of a body that is JSON."""
    if source.raw:
        return None
    value, repeated = read(source.message, source.library)
    return None if value is ABSENT else view_of(source, value, repeated)


def view_of(source: Source, value: JSON, repeated: frozenset[str]) -> View:
    """The tree of what :func:`read` gave."""
    tree, matches = search.tree(value, source.find)
    return View("json", tree=tree, notes=_duplicates(repeated), matches=matches, facts=_facts(source, value))


def _facts(source: Source, value: JSON) -> tuple[str, ...]:
    """What is said of lines that no content type announces, and of a value that goes on behind its record."""
    recorded = ("as far as it was recorded",) if source.message.cut else ()
    known = _has_messages(source.message, source.library) or source.media in _LINE_TYPES
    is_lines = isinstance(value, list) and not source.message.body.lstrip().startswith(b"[")
    return ("each line is JSON", *recorded) if is_lines and not known else recorded


type _Message = Request | Response
type _Value = tuple[JSON | Absent, frozenset[str]]


def _remembered(read: Callable[[_Message, str], _Value]) -> Callable[[_Message, str], _Value]:
    """``read`` with the values of the last large messages, forgotten together with them."""
    last: list[tuple[ref[_Message], str, _Value]] = []

    def forget(gone: ref[_Message]) -> None:
        last[:] = [one for one in last if one[0] is not gone]

    @wraps(read)
    def cached(message: _Message, library: str) -> _Value:
        for known, of, value in last.copy():
            if known() is message and of == library:
                return value
        value = read(message, library)
        if len(message.body) >= _LARGE:
            last[:] = [(ref(message, forget), library, value), *last[: _REMEMBERED - 1]]
        return value

    return cached


@_remembered
def read(message: Request | Response, library: str) -> tuple[JSON | Absent, frozenset[str]]:
    """The value that a body is, and the keys that an object of it has more than once; ABSENT where it is not JSON."""
    media = http_body.content_type(message.headers)[0]
    if media == event_stream_body.MEDIA:
        return event_stream_body.read(message), frozenset()
    is_lines = _has_messages(message, library) or media in _LINE_TYPES or _looks_like_lines(message.body)
    if message.cut and not is_lines and message.body[:1] in (b"{", b"["):
        return _beginning(message), frozenset()
    whole = http_body.parse_as_written(message.headers, message.body)
    if whole[0] is not ABSENT or not is_lines or len(message.body) > http_body.PARSED:
        return whole
    lines = lines_of(http_body.decode(message.body, "utf-8") or "")
    if message.cut:
        lines = lines[:-1]
    lines = [line for line in lines if line.strip()]
    if not lines or len(lines) > _MOST_LINES:
        return whole
    values: list[JSON] = []
    for line in lines:
        value = http_body.parse_text(line)
        if value is ABSENT:
            return whole
        values.append(value)
    return values, frozenset()


def _beginning(message: Request | Response) -> JSON | Absent:
    """What a body holds as far as it was recorded."""
    text = http_body.decode(message.body, http_body.content_type(message.headers)[1])
    return http_body.parse_text(cut_text.complete(text)) if text and len(text) <= http_body.PARSED else ABSENT


def _has_messages(message: Request | Response, library: str) -> bool:
    """Whether messages are recorded as lines: of gRPC, of a WebSocket."""
    return library == "grpc" or (isinstance(message, Response) and message.status == SWITCHED)


def _looks_like_lines(body: bytes) -> bool:
    """Whether the first two lines may each be an object."""
    first, _, rest = bytes(body[:_SAMPLE]).partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.startswith(b"{")


def why_not(message: Request | Response) -> tuple[str, ...]:
    """Why a body is not JSON although its content type says so."""
    if "json" not in http_body.content_type(message.headers)[0] or message.cut:
        return ()
    if message.body.startswith(codecs.BOM_UTF8):
        return ("The body begins with a byte order mark, which JSON does not allow: fetch returns it as text.",)
    start = message.body[:100].lstrip().lower()
    is_page = start.startswith((b"<!doctype html", b"<html"))
    return (f"The content type is JSON, but the body is {'HTML' if is_page else 'not valid JSON'}.",)


def _duplicates(repeated: frozenset[str]) -> tuple[str, ...]:
    if not repeated:
        return ()
    names = join(map(key_text, sorted(repeated)[:5]), " and ")
    stand = f"The key {names} stands" if len(repeated) == 1 else f"The keys {names} stand"
    return (f"{stand} more than once in one object. The last value counts.",)
