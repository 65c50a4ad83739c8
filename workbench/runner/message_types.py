"""The check that the fields of a message are of the types that it declares.

The wire decodes scalars unchecked, for speed. A worker runs untrusted code, which may write to its pipe, so what
arrives is checked here before anything relies on it.
"""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from math import isfinite
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from workbench.domain import JSON
from workbench.events import Message, WireError

type _Check = Callable[[Any], bool]


def check_types(message: Message) -> None:
    """Raise :class:`WireError` where a field is not of its type; numbers must be finite."""
    kind: Any = type(message)
    for name, check in _checks(kind):
        if not check(getattr(message, name)):
            raise WireError(f"{kind.__name__}.{name} has a value of the wrong type.")


@cache
def _checks(kind: Any) -> tuple[tuple[str, _Check], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, _check(hints[field.name])) for field in fields(kind))


@cache
def _check(hint: Any) -> _Check:
    if hint is JSON:
        return _anything
    while isinstance(hint, TypeAliasType):
        hint = hint.__value__
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        members = [_check(arg) for arg in args]
        return lambda value: any(member(value) for member in members)
    if origin is tuple:
        return _tuple_check(args)
    if hint is float:
        return lambda value: type(value) in (int, float) and isfinite(value)
    if is_dataclass(hint):
        return _dataclass_check(hint)
    return lambda value: type(value) is hint


def _tuple_check(args: tuple[Any, ...]) -> _Check:
    if args[-1] is Ellipsis:
        each = _check(args[0])
        return lambda value: type(value) is tuple and all(map(each, value))
    members = [_check(arg) for arg in args]
    return lambda value: (
        type(value) is tuple
        and len(value) == len(members)
        and all(member(item) for member, item in zip(members, value, strict=True))
    )


def _dataclass_check(kind: Any) -> _Check:
    members: list[tuple[str, _Check]] = []  # filled below the closure, so that a type may contain itself

    def check(value: Any) -> bool:
        if not members:
            members.extend(_checks(kind))
        return type(value) is kind and all(member(getattr(value, name)) for name, member in members)

    return check


def _anything(value: Any) -> bool:
    return True
