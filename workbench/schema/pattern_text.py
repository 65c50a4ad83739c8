"""A text that a simple regular expression matches: for an example of a string with a ``pattern``."""

import re
import string
from typing import Any, Final

from workbench.schema.patterns import matches

_LETTERS: Final = "a" + string.ascii_letters + string.digits + "-_.:/@ " + string.punctuation
_MOST_REPEATS: Final = 200
_LONGEST: Final = 10_000


def text_for(pattern: str, shortest: int = 0, longest: int | None = None) -> str | None:
    """A text of ``shortest`` to ``longest`` characters that ``pattern`` is found in; None where none is found easily.

    Repetitions are tried as short as they may be, and then as long as the text needs them.
    """
    if shortest > _LONGEST:
        return None
    try:
        tree = re._parser.parse(pattern)  # type: ignore[attr-defined]  # the only parser of Python's own syntax
    except (re.error, RecursionError, OverflowError):
        return None
    for extra in dict.fromkeys((0, 1, shortest, max(shortest - 1, 0))):
        text = _sequence(tree, min(extra, _MOST_REPEATS))
        if text is not None and len(text) < shortest and matches(pattern, padded := text.ljust(shortest, "a")):
            text = padded
        if text is not None and _is_long_enough(text, shortest, longest) and matches(pattern, text):
            return text
    return None


def _is_long_enough(text: str, shortest: int, longest: int | None) -> bool:
    return len(text) >= shortest and (longest is None or len(text) <= longest)


def _sequence(tree: Any, extra: int) -> str | None:
    parts = [_part(str(operator), argument, extra) for operator, argument in tree]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _part(operator: str, argument: Any, extra: int) -> str | None:
    """A text for one part of the parsed pattern; None for what is not simple: lookarounds, references."""
    match operator:
        case "LITERAL":
            return chr(argument)
        case "ANY":
            return "a"
        case "AT":
            return ""
        case "IN":
            return next((letter for letter in _LETTERS if _is_in(argument, letter)), None)
        case "NOT_LITERAL":
            return next(letter for letter in _LETTERS if letter != chr(argument))
        case "SUBPATTERN":
            return _sequence(argument[-1], extra)
        case "BRANCH":
            found = [_sequence(branch, extra) for branch in argument[1]]
            return next((text for text in found if text is not None), None)
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, inner = argument
            times = min(max(int(least), extra), int(most), _MOST_REPEATS)
            text = _sequence(inner, 0) if times else ""
            return None if text is None or len(text) * times > _LONGEST else text * times
    return None


def _is_in(items: Any, letter: str) -> bool:
    """Whether a character class, as parsed, has the letter."""
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    return any(_matches_item(str(name), value, letter) for name, value in items) != negated


def _matches_item(name: str, value: Any, letter: str) -> bool:
    match name:
        case "LITERAL":
            return ord(letter) == int(value)
        case "RANGE":
            low, high = value
            return bool(low <= ord(letter) <= high)
        case "CATEGORY":
            return _CATEGORIES.get(str(value), re.compile("(?!)")).match(letter) is not None
    return False


_CATEGORIES: Final = {
    "CATEGORY_DIGIT": re.compile(r"[0-9]"),
    "CATEGORY_NOT_DIGIT": re.compile(r"[^0-9]"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"\S"),
    "CATEGORY_WORD": re.compile(r"\w"),
    "CATEGORY_NOT_WORD": re.compile(r"\W"),
}
