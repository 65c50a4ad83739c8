"""JSON Pointers (RFC 6901): made from parts, taken apart, followed."""

from collections.abc import Iterable
from typing import Any

from workbench.domain import ABSENT


def pointer(parts: Iterable[str | int | object]) -> str:
    """The JSON Pointer of a path; ``""`` is the whole document. Parts that are not text are written with ``str``."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def join(base: str, *parts: str | int) -> str:
    """The pointer of a place below ``base``."""
    for part in parts:
        text = part if isinstance(part, str) else str(part)
        base += "/" + (text.replace("~", "~0").replace("/", "~1") if "/" in text or "~" in text else text)
    return base


def split(text: str) -> tuple[str, ...]:
    """The parts of a JSON Pointer. Raises :class:`ValueError` for text that is none."""
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(f"{text!r} is no JSON Pointer; it must be empty or start with a slash.")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


def parent(text: str) -> str:
    """The pointer of the container; the document's own where ``text`` is the document."""
    return text.rpartition("/")[0]


def last(text: str) -> str:
    """The last part, unescaped; ``""`` for the whole document."""
    return split(text)[-1] if text else ""


def child(value: Any, part: str) -> Any:
    """The member or item of that name, ABSENT where there is none."""
    if isinstance(value, dict):
        return value.get(part, ABSENT)
    if isinstance(value, list) and part.isascii() and part.isdigit() and str(int(part)) == part:
        index = int(part)
        return value[index] if index < len(value) else ABSENT
    return ABSENT


def follow(document: Any, text: str) -> Any:
    """The value at a pointer, ABSENT where the document has none."""
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
