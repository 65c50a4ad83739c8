"""Which entries of a long object or list are shown: those near a mark, or the first ones."""

from collections.abc import Iterable

from workbench.domain import JSON

NEAR = 3
"""Neighbours shown on each side of a marked entry of a long object."""
_SHORT = 2 * NEAR + 6
"""Entries up to which all are shown."""
_MARKED = 20
"""Marked entries whose neighbours are shown."""


def windows(value: JSON, tokens: Iterable[str], otherwise: int) -> list[tuple[int, int]]:
    """Stretches ``(start, stop)`` of the entries to show.

    ``tokens`` are the names or indexes of those that are marked or lead to a mark; ``otherwise`` is how many of the
    first entries are shown where none of ``tokens`` is among them.
    """
    length = len(value) if isinstance(value, dict | list) else 0
    if length <= _SHORT:
        return [(0, length)]
    marked = set(tokens)
    keys = {key: spot for spot, key in enumerate(value) if key in marked} if marked and isinstance(value, dict) else {}
    near = sorted(spot for token in marked if (spot := _position(value, keys, token, length)) is not None)
    if not near:
        return [(0, min(length, otherwise))]
    # A list folds tightly around its error; an object keeps more, as keys tell where one is.
    margin = NEAR if isinstance(value, dict) else 0
    return _merged((max(0, spot - margin), min(length, spot + 1 + margin)) for spot in near[:_MARKED])


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in stretches:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _position(value: JSON, keys: dict[str, int], token: str, length: int) -> int | None:
    if isinstance(value, dict):
        return keys.get(token)
    return int(token) if token.isascii() and token.isdigit() and int(token[:10]) < length else None
