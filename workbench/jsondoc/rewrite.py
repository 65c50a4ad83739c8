"""A JSON Patch applied to the *text* of a file: what it does not touch stays as it was typed, to the character."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.patch import Operation, PatchError, apply
from workbench.jsondoc.source_map import SourceMap, Span
from workbench.jsondoc.strict import JsonError

_MARK = "\ufeff"
"""A byte order mark is kept; json does not read it."""

INDENT = "    "
"""The margin of a level, for a text that shows none."""


def rewrite(text: str, patch: Iterable[Operation]) -> str:
    """The text with the patch applied: formatting, order, escapes and the final newline are kept.

    Raises :class:`~workbench.jsondoc.patch.PatchError` where the patch does not fit, and
    :class:`~workbench.jsondoc.strict.JsonError` where the text is not JSON.
    """
    if text.startswith(_MARK):
        return _MARK + rewrite(text[1:], patch)
    operations = tuple(patch)
    wanted = apply(parse_document(text), operations) if operations else None
    result = text
    for operation in operations:
        result = _apply(result, operation)
    if operations and json.loads(result) != wanted:
        raise PatchError("The text cannot be changed in place; it may hold a name twice.")
    return result


def parse_document(text: str) -> JSON:
    """The value of a file's text, which may start with a byte order mark; of duplicate keys the last counts.

    Raises :class:`~workbench.jsondoc.strict.JsonError`.
    """
    try:
        value: JSON = json.loads(text.removeprefix(_MARK))
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg[:1].lower()}{error.msg[1:]}.", text, error.pos) from None
    except RecursionError:
        raise JsonError("the value is nested too deeply to be read.", text, 0) from None
    return value


def _apply(text: str, operation: Operation) -> str:
    match operation["op"]:
        case "remove":
            return _remove(text, operation["path"])
        case "move":
            value = pointers.resolve(json.loads(text), operation["from"])
            return _move(text, operation["from"], operation["path"], value)
        case "replace":
            return _replace(text, operation["path"], operation["value"])
    path = operation["path"]
    if path and text[_span(text, pointers.parent(path)).start] == "{" and SourceMap(text).span(path):
        return _replace(text, path, operation["value"])
    return _add(text, path, operation["value"])


def _replace(text: str, path: str, value: JSON) -> str:
    span = _span(text, path)
    flat = "\n" not in text[span.start : span.end]
    return text[: span.start] + _written(text, value, span, flat=flat) + text[span.end :]


def _add(text: str, path: str, value: JSON) -> str:
    if not path:
        return _replace(text, path, value)
    parent = _span(text, pointers.parent(path))
    name, in_array = pointers.last(path), text[parent.start] == "["
    label = "" if in_array else f"{_json(text, name)}: "
    inner = SourceMap(text).inner(parent)
    if not inner:
        return _first(text, parent, label, value)
    index = len(inner) if name == "-" or not in_array else int(name)
    spread = "\n" in text[parent.start : inner[0].outer]
    neighbour = inner[min(index, len(inner) - 1)]
    piece = label + _written(text, value, neighbour, flat=not spread)
    between = _newline(text) + _margin(text, neighbour.outer) if spread else " "
    if index < len(inner):
        return text[: neighbour.outer] + piece + "," + between + text[neighbour.outer :]
    return text[: inner[-1].end] + "," + between + piece + text[inner[-1].end :]


def _first(text: str, parent: Span, label: str, value: JSON) -> str:
    """Into an empty container: spread over lines as its file is."""
    opening, closing = ("{", "}") if text[parent.start] == "{" else ("[", "]")
    if "\n" not in text or opening == "[":
        return text[: parent.start] + opening + label + _flat(text, value) + closing + text[parent.end :]
    margin = _margin(text, parent.outer)
    step = margin + _step(text)
    body = label + _lines(text, value, step)
    line = _newline(text)
    return f"{text[: parent.start]}{opening}{line}{step}{body}{line}{margin}{closing}{text[parent.end :]}"


def _remove(text: str, path: str) -> str:
    span = _span(text, path)
    parent = _span(text, pointers.parent(path))
    inner = SourceMap(text).inner(parent)
    index = inner.index(span)
    if len(inner) == 1:
        return text[: parent.start + 1] + text[parent.end - 1 :]
    if index + 1 < len(inner):
        return text[: span.outer] + text[inner[index + 1].outer :]
    return text[: inner[index - 1].end] + text[span.end :]


def _move(text: str, origin: str, path: str, value: JSON) -> str:
    """A move within one object is a new name in the old place; any other is a removal and an addition."""
    if pointers.parent(origin) == pointers.parent(path) and text[_span(text, pointers.parent(path)).start] == "{":
        span = _span(text, origin)
        end = text.index('"', span.outer) + 1
        end += len(_name_text(text, span.outer)) + 1
        return text[: span.outer] + _json(text, pointers.last(path)) + text[end:]
    return _add(_remove(text, origin), path, value)


def _name_text(text: str, at: int) -> str:
    """The key of a property as it is written, with its escapes."""
    end = at + 1
    while text[end] != '"':
        end += 2 if text[end] == "\\" else 1
    return text[at + 1 : end]


def _span(text: str, path: str) -> Span:
    span = SourceMap(text).span(path)
    if span is None:
        raise PatchError(f"The text has nothing at {path or 'its root'}.")
    return span


def _written(text: str, value: JSON, beside: Span, *, flat: bool) -> str:
    """A value as its neighbours are written: on one line, or spread from their margin."""
    if flat and not (isinstance(value, dict) and value and "\n" in text):
        return _flat(text, value)
    return _lines(text, value, _margin(text, beside.outer))


def _lines(text: str, value: JSON, margin: str) -> str:
    spread = json.dumps(value, indent=_step(text), ensure_ascii=text.isascii())
    return spread.replace("\n", _newline(text) + margin)


def _flat(text: str, value: JSON) -> str:
    return json.dumps(value, ensure_ascii=text.isascii())


def _json(text: str, value: Any) -> str:
    return json.dumps(value, ensure_ascii=text.isascii())


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _margin(text: str, at: int) -> str:
    """The blanks that begin the line on which something stands."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _step(text: str) -> str:
    """The margin that one level adds, as most lines have it."""
    steps: Counter[str] = Counter()
    before = ""
    for line in text.splitlines():
        margin = line[: len(line) - len(line.lstrip(" \t"))]
        if len(margin) > len(before) and margin.startswith(before):
            steps[margin[len(before) :]] += 1
        before = margin
    return steps.most_common(1)[0][0] if steps else INDENT
