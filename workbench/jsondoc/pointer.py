"""JSON Pointers (RFC 6901): built from parts, split, resolved. Nothing here raises, except :func:`split`.

As in :mod:`referencing`, a tilde that escapes nothing (``~2``) stands for itself.
"""

from collections.abc import Iterable
from typing import Any

from workbench.domain import ABSENT

_INDEX_DIGITS = 18
"""Digits of the longest index that is looked up; Python reads no number of more than 4,300."""


def escape(part: str) -> str:
    """The part as it stands in a pointer (section 3)."""
    return part.replace("~", "~0").replace("/", "~1") if "/" in part or "~" in part else part


def unescape(part: str) -> str:
    """The name that an escaped part stands for."""
    return part.replace("~1", "/").replace("~0", "~") if "~" in part else part


def build(parts: Iterable[object]) -> str:
    """The pointer of a path; ``""`` is the whole document. Parts that are not text are written with ``str``."""
    return "".join("/" + escape(part if isinstance(part, str) else str(part)) for part in parts)


def join(base: str, *parts: str | int) -> str:
    """The pointer of a place below ``base``."""
    return base + build(parts)


def split(text: str) -> tuple[str, ...]:
    """The parts of a pointer, unescaped. Raises :class:`ValueError` for text that is not a JSON Pointer."""
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(f"{text!r} is not a JSON Pointer: it must be empty or start with a slash.")
    return tuple(map(unescape, text[1:].split("/")))


def parent(text: str) -> str:
    """The pointer of the container; the document's own where ``text`` is the document."""
    return text.rpartition("/")[0]


def last(text: str) -> str:
    """The last part, unescaped; ``""`` for the whole document."""
    return unescape(text.rpartition("/")[2])


def ancestors(text: str) -> tuple[str, ...]:
    """The pointers on the way to ``text``, from the whole document to itself."""
    parts = text.split("/")
    return tuple("/".join(parts[:end]) for end in range(1, len(parts) + 1))


def index(part: str, length: int) -> int | None:
    """The index below ``length`` that a part stands for: ASCII digits, no leading zero (section 4); None otherwise."""
    if not (part.isascii() and part.isdigit()) or (part[0] == "0" and part != "0") or len(part) > _INDEX_DIGITS:
        return None
    number = int(part)
    return number if number < length else None


def child(value: Any, part: str) -> Any:
    """The property or item with this key or index; ABSENT where there is none."""
    if isinstance(value, dict):
        return value.get(part, ABSENT)
    if isinstance(value, list):
        place = index(part, len(value))
        return ABSENT if place is None else value[place]
    return ABSENT


def resolve(document: Any, text: str) -> Any:
    """The value at a pointer; ABSENT where the document has none, or ``text`` is not a JSON Pointer."""
    if text and not text.startswith("/"):
        return ABSENT
    value = document
    for part in split(text):
        value = child(value, part)
        if value is ABSENT:
            return ABSENT
    return value


def covers(place: str, other: str) -> bool:
    """Whether ``other`` is ``place`` itself or lies below it."""
    return other == place or other.startswith(place + "/")


def common(places: Iterable[str]) -> str:
    """The deepest place that covers all of ``places``."""
    found: list[str] | None = None
    for place in places:
        parts = place.split("/")
        if found is None:
            found = parts
        else:
            same = next((i for i, (a, b) in enumerate(zip(found, parts, strict=False)) if a != b), None)
            found = found[: min(len(found), len(parts)) if same is None else same]
    return "/".join(found or [""])
