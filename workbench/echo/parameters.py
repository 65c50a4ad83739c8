"""How far a caller may go, and how a number in a path or a query is read."""

import json
import math
from typing import NoReturn

from aiohttp import web

MAX_BODY = 16 * 1024 * 1024
MAX_BYTES = 100_000_000
MAX_DELAY = 60.0
MAX_REDIRECTS = 50
MAX_STREAM = 1_000


def bad_request(message: str) -> NoReturn:
    """Answer 400 with a sentence that says what to write instead."""
    raise web.HTTPBadRequest(text=json.dumps({"error": message}), content_type="application/json")


def integer(text: str, name: str, *, least: int, most: int) -> int:
    """Read a whole number between two bounds, or answer 400."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
    if not least <= number <= most:
        bad_request(f"{name} was {text[:40]!r}: write a whole number from {least} to {most}.")
    return number


def seconds(text: str, name: str, *, most: float = MAX_DELAY) -> float:
    """Read a duration in seconds, fractions allowed, or answer 400."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        bad_request(f"{name} was {text[:40]!r}: write seconds from 0 to {most:g}.")
    return number
