"""Documents of which one part is not what it was: what a file holds that was edited, cut or forged."""

import copy
import random
from collections.abc import Iterator
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 10**400, "", "x", "\ud800", "‹key›", "../../etc/passwd", [], {}, [[]], {"a": None},
)  # fmt: skip


def spoiled(document: Any, count: int, seed: int = 1) -> Iterator[Any]:
    """``count`` copies, in each of which one part is another value, or gone, or there twice."""
    chance = random.Random(seed)
    places = list(_places(document))
    for number in range(count):
        made = copy.deepcopy(document)
        *way, last = places[number % len(places)] if number < len(places) else chance.choice(places)
        holder = made
        for step in way:
            holder = holder[step]
        act = chance.randrange(len(ODD) + 2)
        if act < len(ODD):
            holder[last] = ODD[act]
        elif act == len(ODD):
            del holder[last]
        elif isinstance(holder, list):
            holder.append(holder[last])
        else:
            holder[f"{last}2"] = holder[last]
        yield made


def _places(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*way, key)
        yield from _places(inner, (*way, key))
