"""JSON text, read strictly: RFC 8259's grammar, no NaN, no duplicate keys, and the place of what is wrong."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers

DIGITS: Final = 4_300
"""Digits of the longest integer that Python reads."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|-?Infinity|NaN|-?[0-9][0-9.eE+-]*|[a-z]+')
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_BOM = "\ufeff"


class JsonError(ValueError):
    """Text that is not strict JSON: ``message`` says why; ``line`` and ``column`` count from 1, ``offset`` from 0."""

    def __init__(self, message: str, text: str, offset: int) -> None:
        self.message = message
        self.offset = offset
        self.line, self.column = position(text, offset)
        super().__init__(f"Line {self.line}, column {self.column}: {message}")


class FlawKind(StrEnum):
    """What JSON forbids or leaves open, though Python reads it."""

    DUPLICATE = "duplicate"
    CONSTANT = "constant"
    RANGE = "range"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw. ``text`` is the key or the number as it is written; ``offset`` is where it begins."""

    kind: FlawKind
    pointer: str
    offset: int
    text: str

    @property
    def message(self) -> str:
        """What is wrong, as the end of a sentence."""
        match self.kind:
            case FlawKind.DUPLICATE:
                return f"duplicate key {self.text} in one object."
            case FlawKind.CONSTANT:
                return f"{self.text} is not JSON: a number must be finite."
            case FlawKind.RANGE:
                return f"{self.text} is larger than a number can be here (about 1.8e308)."
        return f"a number has more digits than can be read ({DIGITS:,})."


@dataclass(slots=True)
class _Level:
    """A container that is open: the keys so far (None for an array), and the part that comes next."""

    keys: set[str] | None
    part: str | int = 0
    at_key: bool = field(default=True)


class _Refused(ValueError):
    """Raised inside the decoder's hooks, which do not know where they are; the place is found afterwards."""


def loads(text: str) -> JSON:
    """The value of ``text``; raises :class:`JsonError` where it is not strict JSON or cannot be represented exactly."""
    if text.startswith(_BOM):
        raise JsonError("the text starts with a byte order mark. Delete it.", text, 0)
    try:
        value: JSON = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg[:1].lower()}{error.msg[1:]}.", text, error.pos) from None
    except RecursionError:
        raise JsonError("the value is nested too deeply to be read.", text, 0) from None
    except ValueError as error:
        flaw = next(flaws(text), None)
        raise JsonError(flaw.message if flaw else f"{error}.", text, flaw.offset if flaw else 0) from None
    return value


def flaws(text: str) -> Iterator[Flaw]:
    """The flaws of a JSON text in its order. The text must be JSON otherwise, at least as far as it is looked at."""
    levels: list[_Level] = []
    for token in _TOKEN.finditer(text):
        word, level = token.group(), levels[-1] if levels else None
        if word in "{[":
            levels.append(_Level(set() if word == "{" else None))
        elif word in "}]" and levels:
            levels.pop()
        elif word in ",:" and level:
            level.at_key = word == ","
            level.part = level.part + 1 if isinstance(level.part, int) and level.keys is None else level.part
        elif word[0] == '"' and level and level.keys is not None and level.at_key:
            level.part = str(json.loads(word, strict=False))
            if level.part in level.keys:
                yield Flaw(FlawKind.DUPLICATE, _pointer(levels), token.start(), word)
            level.keys.add(level.part)
        elif kind := _number_flaw(word):
            yield Flaw(kind, _pointer(levels), token.start(), word)


def _pointer(levels: list[_Level]) -> str:
    """Where the text is: made only for a flaw, since one for each of many levels would take gigabytes."""
    return pointers.build([level.part for level in levels])


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both from 1; columns count characters."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _number_flaw(word: str) -> FlawKind | None:
    if word in _CONSTANTS:
        return FlawKind.CONSTANT
    if not word[-1].isdigit():
        return None
    if word.removeprefix("-").isdigit():
        return FlawKind.DIGITS if len(word.removeprefix("-")) > DIGITS else None
    return FlawKind.RANGE if math.isinf(float(word)) else None


def _unique(pairs: list[tuple[str, JSON]]) -> JSON:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Refused
    return members


def _refuse(_: str) -> JSON:
    raise _Refused


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Refused
    return value
