"""Changes of the data that may remove an error: candidates, which :mod:`workbench.schema.fixes.trials` tests."""

import json
import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from workbench.domain import ABSENT, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import key
from workbench.jsondoc.patch import Patch, add, move, remove, replace
from workbench.schema.refs import follow
from workbench.schema.similarity import similar
from workbench.schema.words import count, quote

type Candidate = tuple[str, Patch]


def candidates(schema: Any, instance: Any, error: ValidationError) -> Iterator[Candidate]:
    """Patches for ``instance`` with a title each, the smallest first."""
    at = error.cause or error
    holder = pointers.resolve(schema, pointers.parent(at.schema_pointer))
    value = pointers.resolve(instance, at.pointer)
    make = _BY_KEYWORD.get(at.keyword)
    if make is not None and isinstance(holder, dict):
        yield from make(schema, holder, instance, at, value)
    if value is not ABSENT and at.pointer:
        yield f"Remove {at.pointer}", (remove(at.pointer),)


type _Maker = Callable[[Any, Mapping[str, Any], Any, ValidationError, Any], Iterator[Candidate]]


def _type(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    wanted = holder["type"]
    for name in wanted if isinstance(wanted, list) else [wanted]:
        for new in _converted(value, name):
            yield _write(error, new)


def _converted(value: Any, wanted: str) -> Iterator[Any]:
    """The same information as another type."""
    if isinstance(value, str) and wanted in ("integer", "number", "boolean", "object", "array", "null"):
        yield from parse_text(value)
    if wanted == "string" and isinstance(value, bool | int | float) and not isinstance(value, str):
        yield json.dumps(value)
    if wanted == "integer" and isinstance(value, float) and math.isfinite(value):
        yield round(value)
    if wanted == "array":
        yield [value]
    if isinstance(value, list) and len(value) == 1:
        yield value[0]


def parse_text(text: Any) -> Iterator[Any]:
    """The JSON value that a string holds, a boolean as Python writes it included; nothing where it holds none."""
    if not isinstance(text, str):
        return
    try:
        yield json.loads(text.strip() if text.strip() not in ("True", "False") else text.strip().lower())
    except (ValueError, RecursionError):
        return


def _required(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    name = pointers.last(error.pointer)
    around = pointers.resolve(instance, pointers.parent(error.pointer))
    declared = holder.get("properties", {})
    if isinstance(around, dict):
        meant = similar(name, [other for other in around if other not in declared])
        if meant:
            origin = pointers.join(pointers.parent(error.pointer), meant)
            yield f"Rename {quote(meant)} to {quote(name)}", (move(origin, error.pointer),)
    inner = follow(root, declared.get(name)) if isinstance(declared, dict) else None
    for new in _fillings(inner):
        yield f"Add property {error.pointer} with value {quote(new)}", (add(error.pointer, new),)


def _fillings(schema: Any) -> Iterator[Any]:
    """Values for a new property: what the schema proposes, then the emptiest of its type."""
    if not isinstance(schema, dict):
        yield ""
        return
    yield from (schema[word] for word in ("default", "const") if word in schema)
    for word in ("examples", "enum"):
        if isinstance(schema.get(word), list):
            yield from schema[word][:1]
    names = schema.get("type", "string")
    empty: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "null": None}
    empty |= {"object": {}, "array": []}
    for name in names if isinstance(names, list) else [names]:
        if name in empty:
            yield empty[name]
        if name in ("integer", "number") and isinstance(schema.get("minimum"), int | float):
            yield schema["minimum"]


def _extra(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    if error.hint:
        target = pointers.join(pointers.parent(error.pointer), error.hint.text)
        yield (
            f"Rename {quote(pointers.last(error.pointer))} to {quote(error.hint.text)}",
            (move(error.pointer, target),),
        )


def _enum(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    if error.hint:
        yield _write(error, error.hint.text)
    choices = holder["enum"] if isinstance(holder["enum"], list) else []
    for choice in choices[:3]:
        yield _write(error, choice)


def _const(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    yield _write(error, holder["const"])


def _limit(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    limit = holder[error.keyword]
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    if error.keyword == "multipleOf":
        nearest = round(value / limit) * limit if math.isfinite(value) and abs(value) < 1e300 else 0
        yield _write(error, nearest)
        return
    step = {"exclusiveMinimum": 1, "exclusiveMaximum": -1}.get(error.keyword, 0)
    whole = math.floor(limit) if step == 1 else math.ceil(limit)
    yield _write(error, whole + step if step else limit)


def _too_long(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    most = holder[error.keyword]
    if isinstance(value, str):
        yield _write(error, value.strip())
        yield (
            f"Shorten {error.pointer or 'the string'} to {count(int(most), 'character')}",
            (replace(error.pointer, value[: int(most)]),),
        )
    elif isinstance(value, list):
        yield (
            f"Keep only the first {count(int(most), 'item')}",
            tuple(remove(pointers.join(error.pointer, index)) for index in reversed(range(int(most), len(value)))),
        )


def _unique(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    known: set[Hashable] = set()
    twins = []
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if (same := key(item)) in known:
            twins.append(index)
        known.add(same)
    patch = tuple(remove(pointers.join(error.pointer, index)) for index in reversed(twins))
    yield "Remove duplicate items", patch


def _pattern(
    root: Any, holder: Mapping[str, Any], instance: Any, error: ValidationError, value: Any
) -> Iterator[Candidate]:
    for new in (value.strip(), value.lower(), value.upper()) if isinstance(value, str) else ():
        yield _write(error, new)


def _write(error: ValidationError, new: Any) -> Candidate:
    return f"Set {error.pointer or 'the value'} to {quote(new)}", (replace(error.pointer, new),)


_BY_KEYWORD: Mapping[str, _Maker] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _extra,
    "enum": _enum,
    "const": _const,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _limit),
    **dict.fromkeys(("maxLength", "maxItems"), _too_long),
    "uniqueItems": _unique,
    "pattern": _pattern,
}
