"""The key that a ``KeyError`` did not find in the auth, the inputs or the metadata, wherever the code read it.

What was read is known by what the object is, not by what the code calls it: the expression that raised is looked up in
its frame without running any code, and is the object that the handler was called with, or has its keys.
"""

import ast
import inspect
import linecache
from collections.abc import Iterator
from dataclasses import replace
from types import FrameType, TracebackType
from typing import Any

from workbench.domain import ErrorInfo, KeySource, MissingKey
from workbench.jsondoc import pointer as pointers
from workbench.worker.text import clean, shorten

_MOST_OBJECTS = 10_000
_MOST_KEYS = 20
_MAX_KEY = 200
_DEEPEST = 5
"""Causes of an exception that are looked at."""
_UNKNOWN = object()

type _Known = list[tuple[dict[Any, Any], KeySource, str]]


def with_missing_key(info: ErrorInfo, error: BaseException, args: tuple[Any, ...]) -> ErrorInfo:
    """``info`` with the key, at the ``KeyError`` among its causes; as it is where there is none. Never raises."""
    try:
        found = next(filter(None, (_find(one, args) for one in _chain(error))), None)
        return _attach(info, found, _DEEPEST) if found else info
    except Exception:  # an object of the user's own that does not even compare
        return info


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _attach(info: ErrorInfo, found: MissingKey, depth: int) -> ErrorInfo:
    if info.type.rpartition(".")[2] == "KeyError":
        return replace(info, missing=found)
    if not info.causes or not depth:
        return info
    first, *others = info.causes
    return replace(info, causes=(_attach(first, found, depth - 1), *others))


def _find(error: BaseException, args: tuple[Any, ...]) -> MissingKey | None:
    key = error.args[0] if type(error) is KeyError and len(error.args) == 1 else None
    if not isinstance(key, str) or error.__traceback__ is None:
        return None
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    known = [one for one in _objects(args) if key not in one[0]]
    read = _read_object(last)
    same = [one for one in known if _is_same(read, one[0])]
    if not same:
        return None
    holder, source, pointer = same[0]
    keys = tuple(shorten(clean(str(name)), _MAX_KEY) for name in list(holder)[:_MOST_KEYS])
    return MissingKey(source, shorten(clean(key), _MAX_KEY), keys, pointer)


def _is_same(read: Any, known: dict[Any, Any]) -> bool:
    """Whether that was read: the object itself, or a copy of it."""
    return read is known or (isinstance(read, dict) and bool(known) and read.keys() == known.keys())


def _objects(args: tuple[Any, ...]) -> _Known:
    """The dicts that the handler was called with, each with its place."""
    found: _Known = []
    context = next((arg for arg in args if hasattr(arg, "auth")), None)
    auth, metadata = getattr(context, "auth", None), getattr(context, "metadata", None)
    if isinstance(auth, dict):
        found.append((auth, KeySource.AUTH, ""))
        if isinstance(auth.get("credentials"), dict):
            found.append((auth["credentials"], KeySource.CREDENTIALS, ""))
    if isinstance(metadata, dict):
        found.append((metadata, KeySource.METADATA, ""))
    if args and isinstance(args[0], dict):
        found.extend(_nested(args[0]))
    return found


def _nested(inputs: dict[Any, Any]) -> Iterator[tuple[dict[Any, Any], KeySource, str]]:
    waiting: list[tuple[Any, str]] = [(inputs, "")]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        value, pointer = waiting.pop(0)
        if isinstance(value, dict):
            yield value, KeySource.INPUTS, pointer
        items = value.items() if isinstance(value, dict) else enumerate(value)
        inner = ((item, pointers.join(pointer, str(name))) for name, item in items if isinstance(item, dict | list))
        waiting.extend(inner)


def _read_object(last: TracebackType) -> Any:
    """The object whose key was read, ``_UNKNOWN`` where the expression cannot be looked up."""
    node = _expression(last)
    if isinstance(node, ast.Subscript):
        return _value(node.value, last.tb_frame)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _value(node.func.value, last.tb_frame)
    return _UNKNOWN


def _expression(last: TracebackType) -> ast.expr | None:
    positions = list(last.tb_frame.f_code.co_positions())
    line, end_line, column, end_column = positions[last.tb_lasti // 2]
    if line is None or end_line is None or column is None or end_column is None:
        return None
    file = last.tb_frame.f_code.co_filename
    lines = [linecache.getline(file, number).encode() for number in range(line, end_line + 1)]
    lines[-1] = lines[-1][:end_column]
    lines[0] = lines[0][column:]
    try:
        return ast.parse(f"({b''.join(lines).decode()})", mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _value(node: ast.expr, frame: FrameType) -> Any:
    """What an expression stands for, looked up without running code: names, attributes, constant keys, ``get``."""
    match node:
        case ast.Name(id=name):
            return frame.f_locals.get(name, frame.f_globals.get(name, _UNKNOWN))
        case ast.Attribute(value=inner, attr=name):
            found = inspect.getattr_static(_value(inner, frame), name, _UNKNOWN)
            return _UNKNOWN if inspect.isdatadescriptor(found) else found
        case ast.Subscript(value=inner, slice=ast.Constant(value=key)):
            return _item(_value(inner, frame), key)
        case ast.Call(func=ast.Attribute(value=inner, attr="get"), args=[ast.Constant(value=key), *_]):
            return _item(_value(inner, frame), key)
    return _UNKNOWN


def _item(holder: Any, key: Any) -> Any:
    return holder.get(key, _UNKNOWN) if type(holder) is dict else _UNKNOWN
