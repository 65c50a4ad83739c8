"""Regular expressions of schemas: the verdict of :mod:`re`, within bounded time.

``re`` cannot be stopped. A pattern whose cost can explode (repeats within repeats, or several in a row) is therefore
run by the ``regex`` library, which takes a time limit; all others, which is nearly all, by ``re`` itself.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the parse tree has no public name
from typing import Any

import regex

TIME_LIMIT = 0.25
"""Seconds that one search may take."""

_ANY_LENGTH = 1000
"""A text longer than this makes even two repeats in a row worth a time limit."""

_LITERAL_BRACE = re.compile(r"(\\.)|\{(?!\d+(?:,\d*)?\}|,\d+\})", re.DOTALL)


class PatternTooSlow(Exception):
    """A pattern did not answer within :data:`TIME_LIMIT`; ``pattern`` and ``text`` say which."""

    def __init__(self, pattern: str, text: str) -> None:
        super().__init__(f"The pattern {pattern!r} did not answer within {TIME_LIMIT} s.")
        self.pattern = pattern
        self.text = text


def search(pattern: str, text: str) -> bool:
    """Whether ``pattern`` is found in ``text``, as ``re.search`` says.

    Raises ``re.error`` for a pattern that is none, :class:`PatternTooSlow` where it would take too long.
    """
    compiled = re.compile(pattern)
    risk = _risk(pattern)
    if risk == 0 or (risk == 1 and len(text) <= _ANY_LENGTH):
        return compiled.search(text) is not None
    return _bounded_search(pattern, text)


def compile_error(pattern: object) -> str | None:
    """Why a pattern cannot be used, None where it can."""
    try:
        re.compile(pattern)  # type: ignore[call-overload]  # a schema may hold anything
    except (re.error, TypeError, RecursionError, OverflowError) as error:
        return str(error)
    return None


def can_explode(pattern: str) -> bool:
    """Whether there are texts for which the pattern takes time out of all proportion."""
    return compile_error(pattern) is None and _risk(pattern) == 2


def _bounded_search(pattern: str, text: str) -> bool:
    try:
        return _guarded(pattern).search(text, timeout=TIME_LIMIT) is not None
    except TimeoutError:
        raise PatternTooSlow(pattern, text) from None


@lru_cache(maxsize=256)
def _guarded(pattern: str) -> Any:
    # to re a brace that counts nothing is a letter; to regex it may start a fuzzy match
    return regex.compile(_LITERAL_BRACE.sub(lambda found: found[1] or r"\{", pattern), regex.V0)


@lru_cache(maxsize=1024)
def _risk(pattern: str) -> int:
    """0: cheap. 1: grows with the square of the text or so. 2: can grow exponentially."""
    try:
        repeats = list(_repeats(_parser.parse(pattern), 0))
    except RecursionError:
        return 2
    if any(depth > 1 for depth in repeats):
        return 2
    return 2 if len(repeats) > 3 else int(len(repeats) > 0)


def _repeats(tree: Any, depth: int) -> Iterator[int]:
    """How deep each long repeat lies within others."""
    for operator, argument in tree:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = argument
            inner = depth + (most > 8)
            if most > 8:
                yield inner
            yield from _repeats(body, inner)
        else:
            for part in _parts(argument):
                yield from _repeats(part, depth)


def _parts(argument: Any) -> Iterator[Any]:
    """The parse trees within an operator's argument."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for item in argument:
            yield from _parts(item)
