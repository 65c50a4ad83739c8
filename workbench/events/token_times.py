"""When a JSON Web Token was issued and expires: all that is read of it, as both are no secrets."""

import base64
import json
import math
from typing import Any, Final

_LONGEST: Final = 16_000
_LATEST: Final = 253_402_300_799
"""The last second that calendars have."""


def token_times(value: str) -> tuple[float | None, float | None]:
    """``iat`` and ``exp`` of a JWT in seconds since the epoch; None where there is no such one, or no such claim."""
    parts = value.split(".")
    if len(parts) != 3 or len(value) > _LONGEST:
        return None, None
    head, claims = _part(parts[0]), _part(parts[1])
    if "alg" not in head:
        return None, None
    return _seconds(claims.get("iat")), _seconds(claims.get("exp"))


def _part(text: str) -> dict[str, Any]:
    try:
        part = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return {}
    return part if isinstance(part, dict) else {}


def _seconds(claim: object) -> float | None:
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not math.isfinite(claim):
        return None
    return float(claim) if 0 < claim <= _LATEST else None
