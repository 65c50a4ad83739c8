"""A compiled yes: schemas and values for which ``jsonschema-rs`` provably says what ``Draft7Validator`` says.

Only a yes is taken from it, only for the keywords below, whose meaning leaves no room, and only for plain JSON values
with numbers that both sides hold exactly. Everything else goes to the validator that rules. A property test holds the
two against each other.
"""

import marshal
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

import jsonschema_rs

from workbench.jsondoc import plain_values

type Accepts = Callable[[Any], bool]
"""Whether a value certainly fits; False also means "ask the validator"."""

_EXACT = 2**53
"""Integers up to here are the same in every kind of number."""

_WORDS = frozenset(
    {"title", "description", "default", "examples", "format", "$comment", "readOnly", "writeOnly", "nullable"}
    | {"label", "help_text", "placeholder"}
)
"""Words that check nothing in Draft 7."""

_SIZES = frozenset({"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"})
_LIMITS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_HERE = frozenset({"not", "if", "then", "else"})
_ONE = _HERE | {"items", "additionalProperties", "contains"}
_SEVERAL = frozenset({"allOf", "anyOf", "oneOf"})
_NAMED = frozenset({"properties", "definitions", "$defs"})
_LOCAL = re.compile(r"#/(definitions|\$defs)/[A-Za-z0-9_.-]+", re.ASCII)
"""References that both read alike: to a definition of the root, its name without escapes."""

_CHUNK = 1024
"""Values that are checked at once, before those of a chunk with an error are checked one by one."""

_DEEPEST = 60
_DEEPEST_DATA = 200
"""Levels of data; the compiled check has the stack of its process, and no more, for a schema that refers to itself."""

_TOO_MANY = 5_000
"""Subschemas, also those that references repeat; a larger schema is left to the validator."""


def compile_check(schema: Any) -> Accepts | None:
    """The compiled check of a valid schema, None where it is not one of those that provably agree."""
    try:
        return _compiled(marshal.dumps(schema, 2))
    except ValueError:
        return None


def compiled_part(schema: Any, root: Any) -> Accepts | None:
    """The compiled check of a part of the document ``root``. Both are taken to stay as they are: they are copies."""
    return _compiled_part(_Same(schema), _Same(root))


class _Same:
    """An object as a key: equal to itself alone, so that a large schema need not be read to be found again."""

    __slots__ = ("node",)

    def __init__(self, node: Any) -> None:
        self.node = node

    def __hash__(self) -> int:
        return id(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.node is other.node


@lru_cache(maxsize=256)
def _compiled_part(part: _Same, whole: _Same) -> Accepts | None:
    schema, root = part.node, whole.node
    if not isinstance(root, dict) or root is schema:
        return compile_check(schema)
    definitions = {name: root[name] for name in ("definitions", "$defs") if name in root}
    return compile_check({"allOf": [schema], **definitions})


@lru_cache(maxsize=1024)
def _compiled(written: bytes) -> Accepts | None:
    schema = marshal.loads(written)  # noqa: S302  # written by compiled, a few lines above
    if not _is_safe(schema) or not _has_safe_references(schema):
        return None
    try:
        check = jsonschema_rs.Draft7Validator(schema, validate_formats=False).is_valid
    except Exception:  # whatever it does not take is left to the validator that rules
        return None
    return lambda value: (_known_as_plain.get() or is_plain(value)) and _says_yes(check, value)


_known_as_plain = ContextVar("known as plain", default=False)


@contextmanager
def plain_parts(*, plain: bool) -> Iterator[None]:
    """Within it all values that are checked are parts of one that :func:`is_plain`, or may be anything."""
    token = _known_as_plain.set(plain)
    try:
        yield
    finally:
        _known_as_plain.reset(token)


def rejected(schema: Any, root: Any, values: Sequence[Any]) -> Iterator[int]:
    """The indexes of the values that a part of the document ``root`` may not accept; C code passes over most others."""
    one = compiled_part(schema, root)
    if one is None:
        yield from range(len(values))
        return
    several = compiled_part(_list_of(_Same(schema)), root)
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        if several is None or not several(chunk):
            yield from (start + index for index, value in enumerate(chunk) if not one(value))


@lru_cache(maxsize=256)
def _list_of(schema: _Same) -> dict[str, Any]:
    """The schema of a list of such values; remembered, so that its compiled check is too."""
    return {"type": "array", "items": schema.node}


def _says_yes(check: Callable[[Any], bool], value: Any) -> bool:
    try:
        return check(value)
    except Exception:  # too deep for it, or half a surrogate pair
        return False


def is_plain(value: Any) -> bool:
    """Whether a value is JSON and nothing else: exact types, names that are text, numbers that both sides hold."""
    return plain_values.is_plain(value, levels=_DEEPEST_DATA, exact=True)


def _is_exact(number: float) -> bool:
    return -_EXACT < number < _EXACT and math.isfinite(number)


def _is_safe(schema: Any) -> bool:
    waiting = [(schema, 0)]
    seen = 0
    while waiting:
        node, level = waiting.pop()
        seen += 1
        if isinstance(node, bool):
            continue
        if not isinstance(node, dict) or level > _DEEPEST or seen > _TOO_MANY:
            return False
        for keyword, value in node.items():
            inner = _inner(keyword, value)
            if inner is None:
                return False
            waiting.extend((part, level + 1) for part in inner)
    return True


def _inner(keyword: str, value: Any) -> list[Any] | None:
    """The subschemas of a keyword that is safe as it stands, None where it is not."""
    if keyword in _ONE:
        return [value]
    if keyword in _NAMED:
        return list(value.values()) if isinstance(value, dict) else None
    if keyword in _SEVERAL:
        return value if isinstance(value, list) else None
    return [] if keyword in _WORDS or _is_safe_leaf(keyword, value) else None


def _is_safe_leaf(keyword: str, value: Any) -> bool:
    if keyword in ("type", "required"):
        return isinstance(value, str) or (isinstance(value, list) and all(isinstance(name, str) for name in value))
    if keyword in _SIZES:
        return type(value) is int and 0 <= value < _EXACT
    if keyword in _LIMITS:
        return type(value) in (int, float) and _is_exact(value)
    if keyword == "const":
        return value is None or isinstance(value, str)
    if keyword == "enum":
        return isinstance(value, list) and all(each is None or isinstance(each, str) for each in value)
    if keyword == "$ref":
        return isinstance(value, str) and bool(_LOCAL.fullmatch(value))
    return keyword == "$schema" and value == "http://json-schema.org/draft-07/schema#"


def _has_safe_references(schema: Any) -> bool:
    """Whether every reference leads to a definition, none back to itself in place, and what they repeat stays small."""
    if not isinstance(schema, dict):
        return True
    definitions = {
        f"#/{word}/{name}": node for word in ("definitions", "$defs") for name, node in schema.get(word, {}).items()
    }
    graph = {"": list(_in_place(schema)), **{name: list(_in_place(node)) for name, node in definitions.items()}}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        return False
    sizes: dict[str, int] = {}
    for name in order:
        sizes[name] = 1 + sum(sizes[other] for other in graph.get(name, ()))
    return all(ref in definitions for ref in _references(schema)) and max(sizes.values()) <= _TOO_MANY


def _in_place(node: Any) -> Iterator[str]:
    """The references that a schema applies to the value itself, not to its properties."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, dict):
            continue
        if "$ref" in here:
            yield here["$ref"]
            continue
        waiting.extend(part for keyword in _HERE & here.keys() for part in [here[keyword]])
        waiting.extend(part for keyword in _SEVERAL & here.keys() for part in here[keyword])


def _references(schema: Mapping[str, Any]) -> Iterator[str]:
    waiting: list[Any] = [schema]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if "$ref" in here:
                yield here["$ref"]
            waiting.extend(part for keyword, value in here.items() for part in _inner(keyword, value) or ())
