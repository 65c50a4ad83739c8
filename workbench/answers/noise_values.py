"""Values that change from run to run, compared by their kind."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime

from workbench.domain import JSON, Noise, NoiseKind, NoisePlace

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def has_kind(noise: Noise, value: JSON) -> bool:
    """Whether a value is one of the kind that the noise has."""
    match noise.kind:
        case NoiseKind.DATE_TIME:
            return _is_number(value) or (isinstance(value, str) and _is_time(value))
        case NoiseKind.UUID:
            return isinstance(value, str) and is_uuid(value)
        case NoiseKind.NUMBER:
            return _is_number(value)
        case NoiseKind.TEXT:
            return isinstance(value, str) and (not noise.pattern or _fits(noise.pattern, value))
        case NoiseKind.ANY:
            return True


def is_uuid(text: str) -> bool:
    """Whether it is a UUID, in whichever notation."""
    return _UUID.fullmatch(text.removeprefix("urn:uuid:")) is not None


def at(noise: Iterable[Noise], place: NoisePlace) -> dict[str, Noise]:
    """The noise of one part of a request, by pointer; a segment's number may have a slash before it."""
    found = [one for one in noise if one.place is place]
    return {one.pointer.lstrip("/") if place is NoisePlace.PATH else one.pointer: one for one in found}


def _fits(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


def _is_number(value: JSON) -> bool:
    if isinstance(value, str):
        with suppress(ValueError):
            float(value)
            return True
        return False
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_time(text: str) -> bool:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, TypeError, IndexError):
            read(text)
            return True
    return False
