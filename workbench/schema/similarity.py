"""Names that were probably meant: the closest of some known ones, and how many two objects share."""

import difflib
from collections.abc import Iterable
from itertools import islice

from workbench.domain import JSON

_COMPARED = 1000
"""Names that one is compared with; among more, a similar one means little."""


def similar(name: object, known: Iterable[str]) -> str:
    """The one of ``known`` that ``name`` was probably meant to be, or ``""``."""
    compared = list(islice(known, _COMPARED + 1))
    if not isinstance(name, str) or len(compared) > _COMPARED:
        return ""
    folded = {_fold(other): other for other in reversed(compared)}
    if _fold(name) in folded:
        return folded[_fold(name)]
    close = difflib.get_close_matches(_fold(name)[:100], folded, n=1, cutoff=0.75) if len(name) > 1 else []
    return folded[close[0]] if close else ""


def shared_names(value: JSON, schema: JSON) -> float:
    """How many of the names of an object and of its schema both have, from 0 to 1."""
    if not isinstance(value, dict) or not isinstance(schema, dict):
        return 0.0
    properties, required = schema.get("properties"), schema.get("required")
    names = set(properties) if isinstance(properties, dict) else set()
    names |= {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
    return len(value.keys() & names) / len(value.keys() | names) if names else 0.0


def _fold(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")
