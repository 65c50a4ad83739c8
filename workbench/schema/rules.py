"""Which rules of a schema apply to which places of the data, so that either side can mark the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.domain import ABSENT, JSON
from workbench.jsondoc import pointer as pointers
from workbench.schema import refs
from workbench.schema.patterns import can_explode

_VISITED = 20_000
"""Places of the data that are searched; a rule that applies to none of them counts as applying to none."""
_RULES = 64
"""Schemas that may apply to one place; more are not followed."""


def find_rules(schema: JSON, instance: JSON, pointer: str) -> tuple[str, ...]:
    """Pointers of the schemas that apply to the value at ``pointer``, the nearest declaration first.

    A place that is missing in the data has rules too. Empty where no rule applies to it.
    """
    rules = _Rules(schema)
    found, value = rules.start, instance
    for name in pointers.split(pointer):
        found, value = rules.below(found, value, name), pointers.child(value, name)
        if not found:
            return ()
    return found


def find_places(schema: JSON, instance: JSON, rule: str, most: int = 20) -> tuple[str, ...]:
    """Pointers of the places that the rule at the pointer ``rule`` of the schema applies to, at most ``most``.

    ``rule`` may be a schema, a keyword or something inside one; a name within ``required`` leads to that property.
    """
    holder = max((place for place, _ in refs.subschemas(schema) if pointers.covers(place, rule)), key=len, default="")
    nearest, found = -1, list[str]()
    for place, rules in _walk(schema, instance, rule):
        reached = max((len(each) for each in rules if pointers.covers(each, rule)), default=-1)
        if reached > nearest:
            nearest, found = reached, []
        if reached == nearest >= 0 and len(found) < most:
            found.append(place)
        if nearest == len(holder) and len(found) == most:
            break
    return tuple(_member(schema, rule, rule[nearest:], place) for place in found) if nearest >= 0 else ()


def _member(schema: Any, rule: str, rest: str, place: str) -> str:
    """The property that an entry of ``required`` names, the place itself for any other rule."""
    steps = pointers.split(rest)
    if len(steps) == 2 and steps[0] == "required" and isinstance(name := pointers.resolve(schema, rule), str):
        return pointers.join(place, name)
    return place


def _walk(schema: Any, instance: Any, rule: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Places of the data, from the top, each with its rules; without those that ``rule`` cannot apply to."""
    rules = _Rules(schema)
    tangled = any("$ref" in node for _, node in refs.walk(schema) if isinstance(node, dict))
    waiting = [iter([("", instance, rules.start)])]
    for _ in range(_VISITED):
        while waiting and (found := next(waiting[-1], None)) is None:
            waiting.pop()
        if not waiting or found is None:
            return
        place, value, here = found
        yield place, here
        waiting.append(rules.inside(place, value, here, "" if tangled else rule))


class _Rules:
    """The rules of places, worked out once for all places that have the same."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._known: dict[tuple[tuple[str, ...], str | bool], tuple[str, ...]] = {}
        self.start = tuple(_closure(schema, [""]))

    def below(self, rules: tuple[str, ...], value: Any, name: str) -> tuple[str, ...]:
        """The rules of the property or item ``name`` of a value that ``rules`` apply to."""
        key = rules, self._plain_items(rules) if isinstance(value, list) else name
        if key[1] is False:
            return self._below(rules, value, name)
        if key not in self._known:
            self._known[key] = self._below(rules, value, name)
        return self._known[key]

    def inside(
        self, place: str, value: Any, rules: tuple[str, ...], rule: str
    ) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
        """The properties or items with their rules, those that ``rule`` may apply to; all where it is empty."""
        for name, child in _named(value):
            found = self.below(rules, value, name)
            if found and (not rule or any(_related(each, rule) for each in found)):
                yield pointers.join(place, name), child, found

    def _plain_items(self, rules: tuple[str, ...]) -> bool:
        """Whether all items have the same rules: no schema has a list of ``items``."""
        nodes = (pointers.resolve(self._schema, rule) for rule in rules)
        return not any(isinstance(node, dict) and isinstance(node.get("items"), list) for node in nodes)

    def _below(self, rules: tuple[str, ...], value: Any, name: str) -> tuple[str, ...]:
        inner = [place for rule in rules for place in _below(self._schema, rule, value, name)]
        return tuple(_closure(self._schema, inner))


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
        node = pointers.resolve(schema, place)
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
    """The schemas that the one at ``place`` applies to the property or item ``name`` of ``value``."""
    node = pointers.resolve(schema, place)
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
    """Whether a name matches a pattern; never for a pattern that may not end in time."""
    if can_explode(pattern) or len(name) > 1000:
        return False
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False
