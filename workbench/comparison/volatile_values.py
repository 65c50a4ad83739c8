"""Values that differ from run to run by what they are: times, uuids, tokens of random characters."""

import re
from typing import Final

from workbench.domain import JSON, MaskedText, NoiseKind

_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[Zz]|[+-]\d\d:?\d\d| UTC)?"
    r"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, )?\d{1,2}[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"[ -]\d{2,4} \d\d:\d\d:\d\d(?: (?:GMT|UTC|Z|[+-]\d{4}))?"
)
_TOKEN = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{20,}={0,2}")
VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[\d.]+(?:Z|[+-]\d\d:?\d\d)?|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)
"""Times and uuids within a text, for a comparison of texts without them."""
VOLATILE_HEADERS: Final = frozenset(
    {
        "age",
        "cf-ray",
        "content-length",
        "server-timing",
        "traceparent",
        "x-amz-id-2",
        "x-amz-request-id",
        "x-amzn-requestid",
        "x-amzn-trace-id",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
        "x-runtime",
    }
)
"""Headers that are another in each exchange, or follow from its body."""
_EARLIEST: Final = 1_000_000_000
_LATEST: Final = 4_000_000_000
"""Seconds since the epoch between which a number counts as a time, if the other run has such a number too."""
_NEAR: Final = 400 * 86_400
"""Seconds between two such numbers, at most."""
_LONGEST: Final = 200
_SHORTEST_UUID: Final = 32


def kind_of(value: JSON) -> NoiseKind | None:
    """The kind of a text that is likely to be another in each run; None for any other value."""
    if not isinstance(value, str) or isinstance(value, MaskedText) or not 10 <= len(value) <= _LONGEST:
        return None
    if ":" in value and _DATE_TIME.fullmatch(value):
        return NoiseKind.DATE_TIME
    if " " in value:
        return None
    if len(value) >= _SHORTEST_UUID and _UUID.fullmatch(value):
        return NoiseKind.UUID
    return NoiseKind.TEXT if _TOKEN.fullmatch(value) else None


def common_kind(first: JSON, second: JSON) -> NoiseKind | None:
    """The kind that two different values share, so that they may differ without a cause; None where they share none."""
    if _is_number(first) and _is_number(second):
        return NoiseKind.DATE_TIME if _are_times(float(first), float(second)) else None  # type: ignore[arg-type]
    kind = kind_of(first)
    if kind is None or kind is not kind_of(second):
        return None
    same_length = isinstance(first, str) and isinstance(second, str) and len(first) == len(second)
    return kind if kind is not NoiseKind.TEXT or same_length else None


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _are_times(first: float, second: float) -> bool:
    """Whether both are times in seconds or in milliseconds since the epoch, not far from each other."""
    return any(
        min(first, second) / unit >= _EARLIEST
        and max(first, second) / unit <= _LATEST
        and abs(first - second) / unit < _NEAR
        for unit in (1, 1000)
    )
