"""Values of JSON's own types as JSON text, by C code, without a step in Python for each."""

import json
from collections.abc import Callable
from json import encoder
from typing import Any

from msgspec.json import encode

from workbench.jsondoc.plain_values import is_plain

MAX_DEPTH = 200
"""Levels of nesting that are stored; JSON readers are recursive."""


def json_text(value: object) -> bytes | None:
    """The JSON of a value that consists of JSON's own types, in UTF-8; None for any other, which has to be walked."""
    try:
        return encode(value) if is_plain(value, levels=MAX_DEPTH + 1) else None
    except Exception:  # half of a surrogate pair, an endless integer, keys of the user's own that cannot be compared
        return None


def json_bytes(value: Any) -> bytes:
    """The JSON of a value in UTF-8. Raises :class:`ValueError` for what JSON cannot say."""
    return _write(value).encode()


def _bound_writer() -> Callable[[Any], str]:
    """The writer, bound before code of others runs that may replace functions of :mod:`json`."""
    plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False)
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # another Python than CPython
        return plain.encode
    write = make(None, plain.default, encoder.encode_basestring, None, ":", ",", False, False, False)
    return lambda value: "".join(write(value, 0))


_write = _bound_writer()
