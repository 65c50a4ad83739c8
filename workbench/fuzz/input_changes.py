"""The changes of inputs: one value at an edge of its schema, beyond it, left out, or one that is not declared."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from workbench.domain import ABSENT, JSON, Absent
from workbench.fuzz.input_values import values_at
from workbench.fuzz.variants import ChangeKind, Variant
from workbench.jsondoc import pointer as pointers
from workbench.schema import is_valid_within
from workbench.schema.refs import follow

_DEEPEST: Final = 4
_MOST_PLACES: Final = 200
_UNDECLARED: Final = "not_declared"


def input_variants(schema: JSON, recorded: JSON) -> Iterator[Variant]:
    """The recorded inputs with one change: of a value at any depth, or of the object as a whole."""
    root = follow(schema, schema)
    if not isinstance(root, dict) or not isinstance(recorded, dict):
        return
    yield from _wholes(schema, root, recorded)
    for pointer, part in _places(schema, root, recorded):
        now = pointers.resolve(recorded, pointer)
        if now is not ABSENT:
            yield Variant(ChangeKind.INPUT, pointer=pointer, inputs=_changed(recorded, pointer, ABSENT))
        for value in values_at(schema, part, now):
            yield Variant(ChangeKind.INPUT, pointer=pointer, inputs=_changed(recorded, pointer, value))


def _wholes(schema: JSON, root: dict[str, Any], recorded: dict[str, JSON]) -> Iterator[Variant]:
    """The required properties alone, all declared ones, and one that is not declared."""
    properties, required = root.get("properties"), root.get("required")
    declared = properties if isinstance(properties, dict) else {}
    names = required if isinstance(required, list) else []
    alone = {name: value for name, value in recorded.items() if name in names}
    if len(alone) < len(recorded) - 1:  # with one property less it is that property which is missing
        yield Variant(ChangeKind.INPUT, inputs={**alone})
    absent = [name for name in declared if name not in recorded]
    firsts = {name: next(iter(values_at(schema, declared[name])), None) for name in absent}
    others = {name: value for name, value in firsts.items() if is_valid_within(schema, declared[name], value)}
    if len(others) > 1:
        yield Variant(ChangeKind.INPUT, inputs={**recorded, **others})
    if _UNDECLARED not in recorded:
        yield Variant(ChangeKind.INPUT, pointer=f"/{_UNDECLARED}", inputs={**recorded, _UNDECLARED: "text"})


def _places(schema: JSON, root: dict[str, Any], recorded: JSON) -> Iterator[tuple[str, JSON]]:
    """The places of declared values and their schemas, the outer ones first; of an array its first item."""
    waiting: list[tuple[str, JSON, JSON, int]] = [("", root, recorded, 0)]
    left = _MOST_PLACES
    while waiting and left:
        pointer, part, now, depth = waiting.pop(0)
        if pointer:
            left -= 1
            yield pointer, part
        node = follow(schema, part)
        if depth >= _DEEPEST or not isinstance(node, dict):
            continue
        properties, items = node.get("properties"), node.get("items")
        if isinstance(now, dict) and isinstance(properties, dict):
            waiting += [
                (pointers.join(pointer, name), one, now.get(name), depth + 1) for name, one in properties.items()
            ]
        elif isinstance(now, list) and now and isinstance(items, dict):
            waiting.append((pointers.join(pointer, 0), items, now[0], depth + 1))


def _changed(recorded: JSON, pointer: str, value: JSON | Absent) -> JSON:
    """The inputs with another value at a place, or with none there. What is not on the way to it is shared."""
    return _with(recorded, pointers.split(pointer), value)


def _with(holder: JSON, path: Sequence[str], value: JSON | Absent) -> JSON:
    first, *rest = path
    if isinstance(holder, list):
        place = int(first)
        made = _with(holder[place], rest, value) if rest else value
        return [*holder[:place], *([] if made is ABSENT else [made]), *holder[place + 1 :]]
    if not isinstance(holder, dict):
        return holder
    made = _with(holder[first], rest, value) if rest else value
    others = {name: inner for name, inner in holder.items() if name != first or made is not ABSENT}
    return others if made is ABSENT else {**others, first: made}


def cut_inputs(variant: Variant, size: int) -> Variant | None:
    """The variant with the first ``size`` characters or items of its value; None where its value has no length."""
    if variant.inputs is ABSENT or not variant.pointer:
        return None
    value = pointers.resolve(variant.inputs, variant.pointer)
    if not isinstance(value, str | list):
        return None
    return Variant(
        ChangeKind.INPUT, pointer=variant.pointer, inputs=_changed(variant.inputs, variant.pointer, value[:size])
    )


def size_of(variant: Variant) -> int:
    """The length of the text or array that a variant puts in; 0 for any other."""
    value = ABSENT if variant.inputs is ABSENT else pointers.resolve(variant.inputs, variant.pointer)
    return len(value) if variant.pointer and isinstance(value, str | list) else 0
