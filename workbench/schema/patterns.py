"""Regular expressions of schemas: the verdict of :mod:`re`, within bounded time.

``re`` cannot be stopped. A pattern whose cost can explode (repeats within repeats, or several in a row) is therefore
run by the ``regex`` library, which takes a time limit; all others, which is nearly all, by ``re`` itself. For texts
beyond ASCII the two may differ in what ``\\w`` and ``\\s`` are, which such a pattern has to bear.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the parse tree has no public name
from typing import Any

import regex

TIME_LIMIT = 0.25
"""Seconds that one search may take."""

_CHARACTERS = (1_000_000, 2_000, 200, 50)
"""How long a text ``re`` may search with none, one, two or three repeats in a row: the cost grows by a power each."""

_CHOICES = 12
"""Choices within a pattern that are not repeats; each may double the cost."""

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
    if len(text) <= _harmless_length(pattern):
        return compiled.search(text) is not None
    return _bounded_search(pattern, text)


def matches(pattern: str, text: str) -> bool:
    """Whether ``pattern`` is found in ``text``; False where it is no regular expression or takes too long."""
    try:
        return search(pattern, text)
    except (re.error, PatternTooSlow, RecursionError, OverflowError):
        return False


def compile_error(pattern: object) -> str | None:
    """Why a pattern cannot be used, None where it can."""
    try:
        re.compile(pattern)  # type: ignore[call-overload]  # a schema may hold anything
    except (re.error, TypeError, RecursionError, OverflowError) as error:
        return str(error)
    return None


def can_explode(pattern: str) -> bool:
    """Whether a pattern repeats something that itself can be read in several ways, as ``(a+)+`` and ``(a|aa)*`` do."""
    if compile_error(pattern) is not None:
        return False
    try:
        return _ambiguous(_parser.parse(pattern))
    except RecursionError:
        return True


@contextmanager
def without_risk() -> Iterator[None]:
    """Raise :class:`PatternTooSlow` inside for each search that could take long, instead of trying it."""
    token = _avoids_risk.set(True)
    try:
        yield
    finally:
        _avoids_risk.reset(token)


_avoids_risk: ContextVar[bool] = ContextVar("avoids_risk", default=False)


def _bounded_search(pattern: str, text: str) -> bool:
    if _avoids_risk.get():
        raise PatternTooSlow(pattern, text)
    try:
        return _guarded(pattern).search(text, timeout=TIME_LIMIT) is not None
    except TimeoutError:
        raise PatternTooSlow(pattern, text) from None


@lru_cache(maxsize=256)
def _guarded(pattern: str) -> Any:
    # to re a brace that counts nothing is a letter; to regex it may start a fuzzy match
    return regex.compile(_LITERAL_BRACE.sub(lambda found: found[1] or r"\{", pattern), regex.V0)


@lru_cache(maxsize=1024)
def _harmless_length(pattern: str) -> int:
    """The longest text that ``re`` may search; -1 where it may search none."""
    try:
        repeats, choices = _cost(_parser.parse(pattern), 1)
    except RecursionError:
        return -1
    return _CHARACTERS[repeats] if repeats < len(_CHARACTERS) and choices <= _CHOICES else -1


def _cost(tree: Any, times: int) -> tuple[int, int]:
    """How many open repeats and how many choices come in a row; those in a body count as often as it may repeat."""
    repeats = choices = 0
    for operator, argument in tree:
        name, inner = str(operator), times
        if name in _REPEATS:
            least, most, _ = argument
            inner = times * min(int(most), 100)
            repeats += times * (least != most and most > 8)
            choices += times * (least != most and most <= 8)
        elif name == "BRANCH" and not _told_apart(argument[1]):
            choices += times
        elif name.startswith("GROUPREF"):
            repeats += times
        for part in _parts(argument):
            more = _cost(part, inner)
            repeats, choices = repeats + more[0], choices + more[1]
    return repeats, choices


def _ambiguous(tree: Any) -> bool:
    """Whether some long repeat holds nothing but what can vary in length itself, or alternatives that begin alike."""
    for operator, argument in tree:
        if str(operator) in _REPEATS and argument[1] > 8 and _varies(argument[2]):
            return True
        if any(map(_ambiguous, _parts(argument))):
            return True
    return False


def _varies(tree: Any) -> bool:
    """Whether every element of a body may be left out or repeated, so that the body has no mark of its own."""
    kinds = [(str(operator), argument) for operator, argument in tree]
    if len(kinds) == 1 and kinds[0][0] == "SUBPATTERN":
        return _varies(kinds[0][1][-1])
    if len(kinds) == 1 and kinds[0][0] == "BRANCH":
        return not _told_apart(kinds[0][1][1])
    if len(kinds) == 2 and kinds[0][0] == "LITERAL" and kinds[1][0] == "BRANCH":
        return kinds[0][1] in _first_letters(kinds[1][1][1])  # (a|aa) comes as a(|a)
    return bool(kinds) and all(name in _REPEATS and argument[0] != argument[1] for name, argument in kinds)


def _told_apart(alternatives: Any) -> bool:
    """Whether the first character decides between alternatives."""
    letters = _first_letters(alternatives)
    return None not in letters and len(set(letters)) == len(letters)


def _first_letters(alternatives: Any) -> list[int | None]:
    """The literal character that each alternative begins with, None for any other beginning."""
    firsts = [alternative[0] if len(alternative) else ("", None) for alternative in alternatives]
    return [argument if str(operator) == "LITERAL" else None for operator, argument in firsts]


_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def _parts(argument: Any) -> Iterator[Any]:
    """The parse trees within an operator's argument."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for item in argument:
            yield from _parts(item)
