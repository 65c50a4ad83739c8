"""Which rules of a schema speak of which places of the data: what moves one side of the picture with the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.domain import ABSENT, JSON
from workbench.schema import pointers, refs
from workbench.schema.patterns import can_explode

_VISITED = 20_000
"""Places of the data that are looked at; a rule that speaks of none of them is said to speak of none."""
_RULES = 64
"""Schemas that may speak of one place; more are not followed."""


def rules_of(schema: JSON, instance: JSON, pointer: str) -> tuple[str, ...]:
    """Pointers of the schemas that speak of the value at ``pointer``, the nearest declaration first.

    A place that is missing in the data has rules too. Empty where the schema says nothing of it.
    """
    found, value = _closure(schema, [""]), instance
    for name in pointers.split(pointer):
        inner = [place for rule in found for place in _below(schema, rule, value, name)]
        found, value = _closure(schema, inner), pointers.child(value, name)
        if not found:
            return ()
    return tuple(found)


def places_of(schema: JSON, instance: JSON, rule: str, most: int = 20) -> tuple[str, ...]:
    """Pointers of the places that the rule at the pointer ``rule`` of the schema speaks of, at most ``most``.

    ``rule`` may be a schema, a keyword or something inside a keyword; a name within ``required`` leads to that member.
    """
    nearest, found = -1, list[str]()
    for place, rules in _walk(schema, instance, rule):
        reached = max((len(each) for each in rules if pointers.covers(each, rule)), default=-1)
        if reached > nearest:
            nearest, found = reached, []
        if reached == nearest >= 0 and len(found) < most:
            found.append(place)
    return tuple(_member(schema, rule, rule[nearest:], place) for place in found) if nearest >= 0 else ()


def _member(schema: Any, rule: str, rest: str, place: str) -> str:
    """The member that an entry of ``required`` names, the place itself for any other rule."""
    steps = pointers.split(rest)
    if len(steps) == 2 and steps[0] == "required" and isinstance(name := pointers.follow(schema, rule), str):
        return pointers.join(place, name)
    return place


def _walk(schema: Any, instance: Any, rule: str) -> Iterator[tuple[str, list[str]]]:
    """Places of the data, from the top, each with its rules; without those that ``rule`` cannot speak of."""
    tangled = any("$ref" in node for _, node in refs.everything(schema) if isinstance(node, dict))
    waiting: list[tuple[str, Any, list[str]]] = [("", instance, _closure(schema, [""]))]
    for _ in range(_VISITED):
        if not waiting:
            return
        place, value, rules = waiting.pop()
        yield place, rules
        inner: list[tuple[str, Any, list[str]]] = []
        for name, child in _named(value):
            below = _closure(schema, [found for each in rules for found in _below(schema, each, value, name)])
            if below and (tangled or any(_related(each, rule) for each in below)):
                inner.append((pointers.join(place, name), child, below))
            if len(inner) > _VISITED:
                break
        waiting.extend(reversed(inner))


def _related(one: str, other: str) -> bool:
    return pointers.covers(one, other) or pointers.covers(other, one)


def _named(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(index), item) for index, item in enumerate(value))


def _closure(schema: Any, starting: Sequence[str]) -> list[str]:
    """Those schemas and all that they apply to the same value, through references and branches."""
    found: dict[str, None] = {}
    waiting = list(reversed(starting))
    while waiting and len(found) < _RULES:
        place = waiting.pop()
        node = pointers.follow(schema, place)
        if place in found or node is ABSENT:
            continue
        found[place] = None
        if isinstance(node, dict):
            waiting.extend(reversed(list(_beside(schema, place, node))))
    return list(found)


def _beside(schema: Any, place: str, node: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(node.get("$ref"), str):
        target = refs.target(schema, node["$ref"])
        if target is not None:
            yield target
        return
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = node.get(keyword)
        for index in range(len(branches) if isinstance(branches, list) else 0):
            yield pointers.join(place, keyword, index)
    for keyword in ("if", "then", "else", "not"):
        if isinstance(node.get(keyword), dict):
            yield pointers.join(place, keyword)


def _below(schema: Any, place: str, value: Any, name: str) -> Iterator[str]:
    """The schemas that the one at ``place`` applies to the member or item ``name`` of ``value``."""
    node = pointers.follow(schema, place)
    if not isinstance(node, dict) or "$ref" in node:
        return
    if isinstance(value, list):
        yield from _of_items(place, node, name)
        return
    declared, patterns = _object(node, "properties"), _object(node, "patternProperties")
    matching = [pattern for pattern in patterns if _matches(pattern, name)]
    if name in declared:
        yield pointers.join(place, "properties", name)
    yield from (pointers.join(place, "patternProperties", pattern) for pattern in matching)
    if name not in declared and not matching and "additionalProperties" in node:
        yield pointers.join(place, "additionalProperties")


def _of_items(place: str, node: Mapping[str, Any], name: str) -> Iterator[str]:
    items = node.get("items")
    if isinstance(items, list):
        if name.isdigit() and int(name) < len(items):
            yield pointers.join(place, "items", name)
        elif "additionalItems" in node:
            yield pointers.join(place, "additionalItems")
    elif items is not None:
        yield pointers.join(place, "items")
    if "contains" in node:
        yield pointers.join(place, "contains")


def _object(node: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    found = node.get(keyword)
    return found if isinstance(found, dict) else {}


def _matches(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern, of those that answer in time."""
    if can_explode(pattern) or len(name) > 1000:
        return False
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False
