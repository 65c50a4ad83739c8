"""Where every value of a JSON text stands, to the character, so that one can be changed and the rest left alone."""

import json
import re
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]  # the stubs leave it out

from workbench.jsondoc import pointer as pointers

_BLANK = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?|true|false|null|-?Infinity|NaN")


class SpanError(ValueError):
    """A text that is no JSON, or that is nested too deep to be walked."""


@dataclass(slots=True)
class Span:
    """A value: ``start`` and ``end`` in the text; for a member also where its name starts (an item's own start)."""

    start: int
    end: int = -1
    whole: int = -1
    kind: str = "scalar"
    members: "dict[str, Span]" = field(default_factory=dict)
    items: "list[Span]" = field(default_factory=list)

    @property
    def inner(self) -> "list[Span]":
        """The members or items, in the order of the text."""
        return list(self.members.values()) if self.kind == "object" else self.items


def scan(text: str) -> Span:
    """The span of the document. Raises :class:`SpanError`."""
    try:
        span = _value(text, _skip(text, 0))
    except (IndexError, ValueError, RecursionError) as error:
        raise SpanError(f"The text is no JSON that can be walked ({error}).") from error
    if _skip(text, span.end) != len(text):
        raise SpanError("There is more text behind the document.")
    return span


def find(root: Span, parts: tuple[str, ...]) -> Span | None:
    """The span at a path, None where the text has no such value."""
    span: Span | None = root
    for part in parts:
        if span is None:
            return None
        if span.kind == "object":
            span = span.members.get(part)
        else:
            place = pointers.index(part, len(span.items))
            span = None if place is None else span.items[place]
    return span


def _value(text: str, at: int) -> Span:
    match text[at]:
        case "{":
            return _object(text, at)
        case "[":
            return _array(text, at)
        case '"':
            return Span(at, scanstring(text, at + 1)[1], at)
    found = _SCALAR.match(text, at)
    if found is None:
        raise json.JSONDecodeError("Expecting value", text, at)
    return Span(at, found.end(), at)


def _object(text: str, at: int) -> Span:
    span = Span(at, whole=at, kind="object")
    here = _skip(text, at + 1)
    while text[here] != "}":
        whole = here
        if text[here] != '"':
            raise json.JSONDecodeError("Expecting a name", text, here)
        name, here = scanstring(text, here + 1)
        here = _expect(text, _skip(text, here), ":")
        value = _value(text, _skip(text, here))
        value.whole = whole
        span.members.pop(name, None)  # of duplicates the last counts, as in json
        span.members[name] = value
        here = _next(text, value.end, "}")
    span.end = here + 1
    return span


def _array(text: str, at: int) -> Span:
    span = Span(at, whole=at, kind="array")
    here = _skip(text, at + 1)
    while text[here] != "]":
        value = _value(text, here)
        span.items.append(value)
        here = _next(text, value.end, "]")
    span.end = here + 1
    return span


def _next(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if text[at] == closing:
        return at
    at = _skip(text, _expect(text, at, ","))
    if text[at] == closing:
        raise json.JSONDecodeError("A comma before the end", text, at)
    return at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at] != sign:
        raise json.JSONDecodeError(f"Expecting {sign!r}", text, at)
    return at + 1


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
