"""Numbers in paths and queries, and their limits."""

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
    """Respond with 400 and a sentence that names a valid value."""
    raise web.HTTPBadRequest(text=json.dumps({"error": message}), content_type="application/json")


def integer(text: str, name: str, *, least: int, most: int) -> int:
    """An integer between two bounds; responds with 400 for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
    if not least <= number <= most:
        bad_request(f"{name} must be an integer from {least} to {most}, but is {text[:40]!r}.")
    return number


def seconds(text: str, name: str, *, most: float = MAX_DELAY) -> float:
    """A duration in seconds, fractions allowed; responds with 400 for anything else."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        bad_request(f"{name} must be a number of seconds from 0 to {most:g}, but is {text[:40]!r}.")
    return number
