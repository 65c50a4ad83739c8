"""A return value with what was replaced in it as what it was, so that a schema rejects what the SDK rejects.

A ``datetime`` is no string for a schema, and a tuple no array; a ``Decimal`` is a number.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from workbench.domain import ReplacedValue, Returned
from workbench.jsondoc import pointer as pointers

_HUGE = 1 << 14_000
"""An integer in the place of one that is too long to be read."""


def as_returned(returned: Returned) -> Any:
    """The value; an object that is not JSON is one of a class with the same name and nothing else."""
    value: Any = returned.value
    for part in reversed(returned.lossy):  # what is within a tuple comes after it
        value = value if part.is_key else _put(value, pointers.split(part.pointer), part)
    return value


def _put(value: Any, path: Sequence[str], part: ReplacedValue) -> Any:
    if not path:
        return _object(value, part)
    step, *rest = path
    if isinstance(value, dict) and step in value:
        return value | {step: _put(value[step], rest, part)}
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return [*value[: int(step)], _put(value[int(step)], rest, part), *value[int(step) + 1 :]]
    return value


def _object(value: Any, part: ReplacedValue) -> Any:
    """What stood in the place of ``value``; itself where only its length or its depth was at odds."""
    replaced = value == part.text and isinstance(value, str)
    match part.type_name:
        case "" | "dict" | "list" | "str":
            return value
        case "tuple":
            return tuple(value) if isinstance(value, list) else value
        case "int":
            return _HUGE if replaced else value
        case "float":
            return float(value) if replaced else value
        case "decimal.Decimal":
            return _decimal(part.text)
    if replaced or isinstance(value, dict):
        return type(part.type_name.rpartition(".")[2] or "object", (), {"__slots__": ()})()
    return value


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.removeprefix("Decimal('").removesuffix("')"))
    except InvalidOperation:  # its text was cut
        return Decimal(1)
