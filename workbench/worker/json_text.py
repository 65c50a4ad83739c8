"""Values of JSON's own types as JSON text, by C code, without a step in Python for each."""

import json
from collections.abc import Callable
from gc import get_referents
from itertools import chain
from json import encoder
from math import isfinite
from typing import Any

from msgspec.json import encode

MAX_DEPTH = 200
"""Levels of nesting that are stored; JSON readers are recursive."""

_MOST = 20_000_000
"""Values of one level: a list that holds itself twice doubles with each."""

_SCALARS = frozenset({str, int, float, bool, type(None)})
_PLAIN = _SCALARS | {dict, list}


def json_text(value: object) -> bytes | None:
    """The JSON of a value that consists of JSON's own types, in UTF-8; None for any other, which has to be walked."""
    try:
        return encode(value) if _is_plain(value) else None
    except (ValueError, OverflowError, RecursionError, MemoryError):  # half of a surrogate pair, an endless integer
        return None


def json_bytes(value: Any) -> bytes:
    """The JSON of a value in UTF-8. Raises :class:`ValueError` for what JSON cannot say."""
    return _write(value).encode()


def _is_plain(value: object) -> bool:
    """Whether a value is made of JSON's own types with strings as keys, no deeper than :data:`MAX_DEPTH`.

    Numbers must be finite, as must the sum of those of a level: where one is not a number, the sum is none.
    """
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        kinds = set(map(type, level))
        if not kinds <= _PLAIN or len(level) > _MOST:
            return False
        if float in kinds and not isfinite(sum([one for one in level if type(one) is float])):
            return False
        if kinds <= _SCALARS:
            return True
        if dict in kinds:
            objects: list[Any] = level if kinds == {dict} else [one for one in level if type(one) is dict]
            if not set(map(type, chain.from_iterable(objects))) <= {str}:
                return False
        level = get_referents(*level)
    return False


def _bound_writer() -> Callable[[Any], str]:
    """The writer, bound before code of others runs that may replace functions of :mod:`json`."""
    plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False)
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # another Python than CPython
        return plain.encode
    write = make(None, plain.default, encoder.encode_basestring, None, ":", ",", False, False, False)
    return lambda value: "".join(write(value, 0))


_write = _bound_writer()
