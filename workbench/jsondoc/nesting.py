"""How deeply a JSON document is nested."""

from typing import Any


def depth(value: object, *, most: int = 1_000_000) -> int:
    """How many containers lie within one another at the deepest place; it looks no deeper than ``most``."""
    deepest = 0
    layer: list[Any] = [value]
    while layer and deepest <= most:
        layer = [inner for node in layer for inner in _inside(node)]
        deepest += 1
    return deepest - 1


def _inside(node: Any) -> Any:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()
