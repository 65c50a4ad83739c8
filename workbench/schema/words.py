"""Schemas and values put into words: short, quoted, never the whole of something long."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.domain.masked_text import join
from workbench.jsondoc.types import TYPES, type_name

QUOTED = 60
"""Characters; a longer text is cut in the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; ``code`` marks a place, a value or a name."""

    text: str
    code: bool = False


type Spans = tuple[Span, ...]
type Parts = Iterator[str | Span]


def plain(spans: Spans) -> str:
    """The text of a sentence."""
    return join(span.text for span in spans)


def quote(value: object) -> str:
    """A value as JSON where it is short; its type and size where it is not."""
    if isinstance(value, str):
        return _quote_text(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value) if value.bit_length() < 200 else "a very large integer"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f"{value!r}, which is not JSON"
    if isinstance(value, dict):
        return f"an object with {count(len(value), 'property', 'properties')}" if value else "an empty object"
    if isinstance(value, list):
        return f"an array of {count(len(value), 'item')}" if value else "an empty array"
    return f"a Python {type(value).__name__}"


def describe(value: object) -> str:
    """A value with its type: ``string "abc"``."""
    if isinstance(value, str):
        return f"string {quote(value)}"
    if isinstance(value, bool):
        return f"boolean {quote(value)}"
    if isinstance(value, int | float):
        integral = isinstance(value, int) or value.is_integer()
        return f"{'integer' if integral else 'number'} {quote(value)}"
    return quote(value)


def kind(value: object) -> str:
    """The JSON type of a value, in Draft 7's words; the class of a Python value that is not JSON."""
    return type_name(value)


def types(wanted: object) -> str:
    """What the ``type`` keyword says: ``string or null``."""
    names = wanted if isinstance(wanted, list) else [wanted]
    return either(name if isinstance(name, str) and name in TYPES else quote(name) for name in names)


def either(words: Iterable[str]) -> str:
    """``a, b or c``."""
    return _listed(list(words), "or")


def both(words: Iterable[str]) -> str:
    """``a, b and c``."""
    return _listed(list(words), "and")


def choices(values: Sequence[object], *, most: int = 8) -> str:
    """Values to choose from: ``"a", "b" or "c"``; of many the first."""
    shown = [quote(value) for value in values[:most]]
    return either(shown) if len(values) <= most else f"{', '.join(shown)} or one of {len(values) - most} more"


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 item``, ``2 items``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def place(pointer: str) -> str:
    """A pointer as the subject of a sentence, cut where it is absurdly long."""
    if not pointer:
        return "The value"
    shown = pointer if len(pointer) <= 200 else f"{pointer[:100]}…{pointer[-80:]}"
    return printable(shown)


def printable(text: str) -> str:
    """The text with halves of surrogate pairs, which cannot be sent as UTF-8, written as escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _quote_text(text: str) -> str:
    if len(text) <= QUOTED:
        return printable(json.dumps(text, ensure_ascii=False))
    start = json.dumps(text[: QUOTED - 20] + "…", ensure_ascii=False)
    return f"{printable(start)} ({count(len(text), 'character')})"


def _listed(words: list[str], conjunction: str) -> str:
    if len(words) < 2:
        return "".join(words) or "nothing"
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
