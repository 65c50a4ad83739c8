"""References within a schema that a check follows in bounded time: to the root, or to what stands below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_LOCAL = re.compile(r"#(?:/[A-Za-z0-9_.$-]+)*", re.ASCII)
"""The root, or what stands below it, with names that every release of jsonschema reads alike."""

_MOST = 1000
"""Schemas that apply to one value, references followed."""

_SAME_VALUE = ("not", "if", "then", "else")
_SAME_VALUE_LISTS = ("allOf", "anyOf", "oneOf")
_BELOW = {"items": "[]", "contains": "[]", "additionalItems": "[]", "additionalProperties": "*"}

type _Places = dict[str, list[str]]
"""For each place below a value (``/blocks[]``) the references that apply to what stands there."""


class _Unbounded(Exception):
    """A reference leads back to itself in place, or too many schemas apply to one value."""


def definition(root: Any, reference: str) -> Any:
    """What a reference leads to; None where it is not one of those that are followed, or leads nowhere."""
    if not _LOCAL.fullmatch(reference):
        return None
    target = root
    for name in reference.split("/")[1:]:
        if not isinstance(target, dict) or "$id" in target:  # which changes what the references below it mean
            return None
        target = target.get(name)
    return target


def within(schema: Any) -> Iterator[str]:
    """The references in a schema; keywords beside a reference are not read, as in draft 7."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            else:
                waiting.extend(child for child, _ in _children(part))


def are_bounded(root: Any, references: set[str]) -> bool:
    """Whether following ``references`` takes no more than a number of steps for each value of the data.

    It does not where one leads back to itself without a step into the data, nor where its work multiplies with every
    level of the data, as two of them lead back from the same place (two kinds of blocks that hold blocks, say).
    """
    try:
        places = {reference: _places(root, definition(root, reference)) for reference in references}
        after = {reference: {each for refs in below.values() for each in refs} for reference, below in places.items()}
        reached = {reference: _reachable(after, reference) for reference in references}
        for reference, below in places.items():
            for refs in below.values():
                if sum(each == reference or reference in reached[each] for each in refs) > 1:
                    return False
            _weight(reference, places, reached, {})
    except _Unbounded:
        return False
    return True


def _places(root: Any, node: Any) -> _Places:
    """The references below a schema. Those that apply to the value itself are followed."""
    found: _Places = {}
    waiting = [(node, "")]
    count = 0
    while waiting:
        part, place = waiting.pop()
        if not isinstance(part, dict):
            continue
        count += 1
        if count > _MOST:
            raise _Unbounded
        if "$ref" in part:
            if place:
                found.setdefault(place, []).append(part["$ref"])
            else:
                waiting.append((definition(root, part["$ref"]), place))
            continue
        waiting.extend((child, place + step) for child, step in _children(part))
    return found


def _children(part: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """The schemas directly within a schema, and the step into the data that leads to what they apply to."""
    yield from ((part[keyword], "") for keyword in _SAME_VALUE if keyword in part)
    lists = (part.get(keyword) for keyword in _SAME_VALUE_LISTS)
    yield from ((child, "") for children in lists if isinstance(children, list) for child in children)
    if isinstance(properties := part.get("properties"), dict):
        yield from ((child, f"/{name}") for name, child in properties.items())
    for keyword, step in _BELOW.items():
        value = part.get(keyword)
        yield from ((child, step) for child in (value if isinstance(value, list) else [value]))


def _reachable(after: dict[str, set[str]], start: str) -> set[str]:
    """What can be reached from a definition by steps into the data."""
    seen: set[str] = set()
    waiting = [*after[start]]
    while waiting:
        reference = waiting.pop()
        if reference not in seen:
            seen.add(reference)
            waiting.extend(after[reference])
    return seen


def _weight(reference: str, places: dict[str, _Places], reached: dict[str, set[str]], known: dict[str, int]) -> int:
    """How many schemas may apply to one value below a definition; what leads back to it adds nothing."""
    if reference not in known:
        known[reference] = 1
        forward = ([each for each in refs if reference not in reached[each]] for refs in places[reference].values())
        known[reference] += max(
            (sum(_weight(each, places, reached, known) for each in refs) for refs in forward), default=0
        )
        if known[reference] > _MOST:
            raise _Unbounded
    return known[reference]
