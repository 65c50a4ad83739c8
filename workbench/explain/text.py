"""Sentences and quantities in words, the same on every page."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.domain import JSON
from workbench.domain.masked_text import join, json_text, one_line


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; ``code`` marks a value, a pointer or a name, printed in the monospace face.

    A part that names a line of the integration has its ``file``, relative to the folder, and its ``line``.
    """

    text: str
    code: bool = False
    file: str = ""
    line: int = 0


type Sentence = tuple[Part, ...]
"""A sentence as its parts, so that nothing in it is ever markup."""


def sentence(*parts: str | Part) -> Sentence:
    """A sentence from plain strings and parts."""
    return tuple(part if isinstance(part, Part) else Part(part) for part in parts)


def code(text: str, limit: int = 80) -> Part:
    """A part in code, on one line and cut at ``limit`` characters."""
    return Part(shorten(text, limit), code=True)


def prose(template: str, *values: object) -> Sentence:
    """A sentence from our own words: backticks mark code, each ``{}`` takes a value, whose backticks mean nothing."""
    left = iter(values)
    pieces = template.split("`")
    filled = (join(_fill(piece, left)) for piece in pieces)
    return tuple(code(text, 120) if place % 2 else Part(text) for place, text in enumerate(filled) if text)


def _fill(piece: str, values: Iterator[object]) -> Iterator[str]:
    for place, text in enumerate(piece.split("{}")):
        if place:
            value = next(values)
            yield value if isinstance(value, str) else str(value)
        yield text


def with_code(text: str) -> Sentence:
    """The text with what stands between backticks as code; as it is where a backtick has no other."""
    ticks = [at for at, sign in enumerate(text) if sign == "`"]
    if len(ticks) % 2:
        return (Part(text),)
    ends = zip([-1, *ticks], [*ticks, len(text)], strict=True)
    pieces = (text[start + 1 : stop] for start, stop in ends)  # a slice keeps its masks
    return tuple(Part(piece, code=bool(place % 2)) for place, piece in enumerate(pieces) if piece)


def plain(parts: Iterable[Part]) -> str:
    """The sentence as one string."""
    return join(part.text for part in parts)


def bare(name: str) -> str:
    """A type's name without its module."""
    return name.rpartition(".")[2]


def shorten(text: str, limit: int) -> str:
    """``text`` on one line, at most ``limit`` characters with the ellipsis."""
    line = one_line(text[: 4 * limit])
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def value_text(value: JSON, limit: int = 60) -> str:
    """A JSON value in few characters: scalars as JSON, the others by kind and size."""
    if isinstance(value, dict):
        return "{}" if not value else f"an object of {count(len(value), 'property', 'properties')}"
    if isinstance(value, list):
        return "[]" if not value else f"an array of {count(len(value), 'item')}"
    if isinstance(value, str):
        return json_text(value if len(value) <= limit else value[: limit - 1].rstrip() + "…")
    return json.dumps(value)


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 exchange``, ``3 exchanges``, ``1,200 exchanges``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def ordinal_times(number: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def span(seconds: float | None) -> str:
    """A length of time with its unit: ``0.4 ms``, ``38 ms``, ``1.31 s``, ``2 min 5 s``; a dash for None."""
    if seconds is None:
        return "–"
    if seconds < 0.0095:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def long_span(seconds: float) -> str:
    """The same for what may take days: ``45 s``, ``3 min``, ``2 h 5 min``, ``14 days``."""
    if seconds < 600:
        return span(round(seconds)) if seconds >= 1 else span(seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return count(round(seconds / 86_400), "day")


def size(number: int) -> str:
    """A count of bytes with its unit: ``612 B``, ``1.4 kB``, ``5 MB`` (decimal units)."""
    if number < 1000:
        return f"{number} B"
    amount, unit = number / 1000, "kB"
    for larger in ("MB", "GB"):
        if amount < 999.5:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.3g} {unit}"


def clock(created_at: float) -> str:
    """The local time of day of a moment in seconds since the epoch."""
    return time.strftime("%H:%M:%S", time.localtime(created_at))


def day(created_at: float) -> str:
    """The local date and time of a moment in seconds since the epoch."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(created_at))
