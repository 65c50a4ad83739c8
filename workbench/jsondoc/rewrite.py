"""A JSON Patch applied to the *text* of a file: what it does not touch stays as it was typed, to the character."""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.patch import Operation, PatchError, apply
from workbench.jsondoc.source_map import SourceMap, Span
from workbench.jsondoc.strict import JsonError
from workbench.jsondoc.text_style import LONGEST_INLINE, margin_at, style_of

_MARK = "\ufeff"
"""A byte order mark is kept; json does not read it."""


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
    return text[: span.start] + _written(text, path, value, span) + text[span.end :]


def _add(text: str, path: str, value: JSON) -> str:
    if not path:
        return _replace(text, path, value)
    parent = _span(text, pointers.parent(path))
    name, in_array = pointers.last(path), text[parent.start] == "["
    style = style_of(text)
    inner = SourceMap(text).inner(parent)
    if not inner:
        return _first(text, path, "" if in_array else name, value)
    index = len(inner) if name == "-" or not in_array else int(name)
    spread = "\n" in text[parent.start : inner[0].outer]
    neighbour = inner[min(index, len(inner) - 1)]
    label = "" if in_array else f"{_json(text, name)}: " if spread else style.key(name)
    piece = label + _written(text, path, value, neighbour)
    between = style.newline + margin_at(text, neighbour.outer) if spread else style.comma[1:]
    if index < len(inner):
        return text[: neighbour.outer] + piece + "," + between + text[neighbour.outer :]
    return text[: inner[-1].end] + "," + between + piece + text[inner[-1].end :]


def _first(text: str, path: str, name: str, value: JSON) -> str:
    """Into an empty container: over lines where what stands around it is, else on one line."""
    parent = _span(text, pointers.parent(path))
    style = style_of(text)
    if text[parent.start] == "[":
        return text[: parent.start] + f"[{style.inline(value)}]" + text[parent.end :]
    if "\n" not in text or "\n" not in _around(text, pointers.parent(path)):
        body = f"{{{style.padding}{style.key(name)}{style.inline(value)}{style.padding}}}"
        return text[: parent.start] + body + text[parent.end :]
    margin = margin_at(text, parent.outer)
    step, line = margin + style.step, style.newline
    body = f"{_json(text, name)}: {style.spread(value, step)}"
    return f"{text[: parent.start]}{{{line}{step}{body}{line}{margin}}}{text[parent.end :]}"


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


def _written(text: str, path: str, value: JSON, beside: Span) -> str:
    """A value as what stands at its place and around it is written: on one line, or spread from its margin."""
    style = style_of(text)
    if not isinstance(value, dict) and "\n" not in text[beside.start : beside.end]:
        return style.inline(value)
    longest = _longest_inline(text, path, "{" if isinstance(value, dict) else "[")
    inline = style.inline(value)
    if len(inline) <= longest:
        return inline
    style = replace(style, inline_objects=style.inline_objects or longest > 0)
    return style.spread(value, margin_at(text, beside.outer))


def _longest_inline(text: str, path: str, opening: str) -> int:
    """Up to how many characters a container goes on one line: by what it replaces, its siblings, else its parent."""
    if "\n" not in text:
        return sys.maxsize
    source = SourceMap(text)
    own = source.span(path)
    if own is not None and _holds_something(text, own):
        return 0 if "\n" in text[own.start : own.end] else sys.maxsize
    parent = source.span(pointers.parent(path)) if path else None
    if parent is None:
        return 0
    if "\n" not in text[parent.start : parent.end]:
        return sys.maxsize
    siblings = [
        text[child.start : child.end]
        for child in source.inner(parent)
        if text[child.start] == opening and _holds_something(text, child) and child != own
    ]
    flat = [len(sibling) for sibling in siblings if "\n" not in sibling]
    return max(LONGEST_INLINE, *flat) if 2 * len(flat) > len(siblings) else 0


def _around(text: str, path: str) -> str:
    """The text of the container that holds what stands at ``path``; of the whole document for the document itself."""
    parent = _span(text, pointers.parent(path)) if path else _span(text, "")
    return text[parent.start : parent.end]


def _holds_something(text: str, span: Span) -> bool:
    return text[span.start] in "{[" and bool(text[span.start + 1 : span.end - 1].strip())


def _json(text: str, value: Any) -> str:
    return json.dumps(value, ensure_ascii=text.isascii())
