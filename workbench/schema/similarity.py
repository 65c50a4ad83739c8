"""Names that were probably meant: the closest of some known ones."""

import difflib
from collections.abc import Sequence

_COMPARED = 1000
"""Names that one is compared with; among more, a similar one means little."""


def similar(name: object, known: Sequence[str]) -> str:
    """The one of ``known`` that ``name`` was probably meant to be, or ``""``."""
    if not isinstance(name, str) or len(known) > _COMPARED:
        return ""
    folded = {_fold(other): other for other in reversed(known)}
    if _fold(name) in folded:
        return folded[_fold(name)]
    close = difflib.get_close_matches(_fold(name)[:100], folded, n=1, cutoff=0.75) if len(name) > 1 else []
    return folded[close[0]] if close else ""


def _fold(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")
