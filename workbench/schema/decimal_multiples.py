"""``multipleOf: 0.01`` against 19.99: a multiple in decimal notation, and none in binary floating point."""

from decimal import Decimal, InvalidOperation
from typing import Any

_TRIED = 10_000


def rejected_multiple(step: Any) -> str:
    """The smallest multiple of ``step``, as text, that a validator rejects; empty where there is none that is small."""
    if not isinstance(step, float) or step <= 0 or step.is_integer():
        return ""
    exact = Decimal(repr(step))
    for factor in range(1, _TRIED):
        multiple = exact * factor
        quotient = float(multiple) / step
        if int(quotient) != quotient:
            return format(multiple.normalize(), "f")
    return ""


def is_decimal_multiple(value: str, step: str) -> bool:
    """Whether the number ``value`` is a multiple of ``step``, both as they are written."""
    try:
        return Decimal(value) % Decimal(step) == 0
    except (InvalidOperation, ZeroDivisionError):
        return False
