"""Values of every event and command, made from the fields that they declare."""

import types
from dataclasses import is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from workbench.domain.json import JSON
from workbench.events import Command, Event, HandlerReturned

KINDS: tuple[type[Any], ...] = (*get_args(Event.__value__), *get_args(Command.__value__))

anything_written = st.text(st.characters(exclude_categories=()), max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | anything_written,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything_written, inner, max_size=3),
    max_leaves=8,
)
_PLAIN = {str: anything_written, int: st.integers(), float: numbers, bool: st.booleans(), bytes: st.binary(max_size=50)}


def values_of(hint: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a type as the wire knows it."""
    if hint is JSON:
        return json_values
    while isinstance(hint, TypeAliasType):
        hint = hint.__value__
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if depth > 2 and type(None) in args:  # a type may contain itself
            return st.none()
        return st.one_of([st.none() if arg is type(None) else values_of(arg, depth) for arg in args])
    if origin is tuple and args[-1] is Ellipsis:
        return st.just(()) if depth > 2 else st.lists(values_of(args[0], depth + 1), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*[values_of(arg, depth) for arg in args])
    if origin is frozenset:
        return st.frozensets(values_of(args[0], depth + 1), max_size=2).map(sorted).map(frozenset)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    if hint is Path:
        return st.text("abc/ é", min_size=1, max_size=8).map(Path)
    assert is_dataclass(hint), hint
    fields = {name: values_of(one, depth + 1) for name, one in get_type_hints(hint).items()}
    if hint is HandlerReturned:  # it comes out as the value
        fields["text"] = st.just(b"")
        fields["returned"] = fields["returned"].map(lambda returned: replace(returned, memory=0))
    return st.builds(hint, **fields)
