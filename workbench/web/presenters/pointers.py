"""JSON Pointers from a URL or a run, followed without raising; the arithmetic is the schema room's."""

from typing import cast

from workbench.domain import ABSENT, JSON, Absent
from workbench.schema.pointers import follow, join, split

__all__ = ["ancestors", "join", "resolve", "split"]


def ancestors(pointer: str) -> tuple[str, ...]:
    """The pointers on the way to ``pointer``, from the whole document to itself."""
    way = [""]
    for token in split(pointer):
        way.append(join(way[-1], token))
    return tuple(way)


def resolve(document: JSON, pointer: str) -> JSON | Absent:
    """The value at ``pointer``; ABSENT where there is none, or ``pointer`` is no JSON Pointer."""
    try:
        return cast("JSON | Absent", follow(document, pointer))
    except ValueError:
        return ABSENT
