"""Values of ``workbench.toml`` as its errors name them: in the words of TOML."""

from datetime import date, datetime, time
from math import isfinite

from workbench.schema.words import count, quote


def quote_toml(value: object) -> str:
    """A value as it is written where it is short; its type and size where it is not."""
    if isinstance(value, datetime):
        return f"the {'local' if value.tzinfo is None else 'offset'} date-time {value.isoformat()}"
    if isinstance(value, date | time):
        return f"the local {'date' if isinstance(value, date) else 'time'} {value.isoformat()}"
    if isinstance(value, dict):
        return f"a table with {count(len(value), 'key')}" if value else "an empty table"
    return quote(value)


def first_not_json(value: object) -> object:
    """The first value inside ``value`` that JSON does not have, or ``value`` itself; None where all is JSON."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return next((found for each in inner if (found := first_not_json(each)) is not None), None)
    is_json = isfinite(value) if isinstance(value, float) else not isinstance(value, date | time)
    return None if is_json else value
