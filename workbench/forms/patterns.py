"""Regular expressions out of a schema, held to a time limit: a schema may not hang the form."""

import functools

import regex

_LIMIT = 0.05
"""Seconds that one search may take."""


def matches(pattern: str, text: str) -> bool:
    """Whether ``pattern`` is found in ``text``; False where it is no regular expression or takes too long."""
    compiled = _compiled(pattern)
    if compiled is None:
        return False
    try:
        return compiled.search(text, timeout=_LIMIT) is not None
    except TimeoutError:
        return False


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str) -> "regex.Pattern[str] | None":
    try:
        return regex.compile(pattern)
    except (regex.error, RecursionError):
        return None
