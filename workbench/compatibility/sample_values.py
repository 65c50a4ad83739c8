"""Small values at the edges of schemas: candidates for an example of what one accepts and another does not."""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from workbench.domain import ABSENT, JSON, Absent
from workbench.schema import is_valid_within
from workbench.schema.pattern_text import text_for
from workbench.schema.refs import follow

_DEEPEST: Final = 6
_MOST: Final = 300
_MOST_OF_A_PART: Final = 12
_LONGEST: Final = 2_000
_LONGEST_PATH: Final = 100
_PLAIN: Final[tuple[JSON, ...]] = (None, False, True, 0, 1, -1, 0.5, "", "a", [], {})
_ALTERNATIVES: Final = ("allOf", "anyOf", "oneOf")
_OTHERS: Final = ("not", "if", "then", "else")
_OF_OBJECTS: Final = frozenset({"additionalProperties", "patternProperties"})
_EXTRA: Final = "other"


def smallest(schemas: Iterable[JSON], is_wanted: Callable[[JSON], bool]) -> JSON | Absent:
    """The shortest wanted value among those at the edges of ``schemas``; ABSENT if there is none among them."""
    found: dict[str, JSON] = {}
    for schema in schemas:
        for value in islice(edge_values(schema), _MOST):
            found.setdefault(json.dumps(value, sort_keys=True), value)
    ordered = sorted(found, key=lambda text: (len(text), text))
    return next((found[text] for text in ordered if is_wanted(found[text])), ABSENT)


def edge_values(schema: JSON) -> Iterator[JSON]:
    """Values of every type that the keywords of ``schema`` mention, valid or just not; some may be equal."""
    yield from _Sampler(schema).values(schema, 0)


@dataclass(slots=True)
class _Sampler:
    root: JSON

    def values(self, node: Any, depth: int) -> Iterator[JSON]:
        node = follow(self.root, node)
        if depth > _DEEPEST:
            return
        if not isinstance(node, dict):
            yield from _PLAIN
            return
        enum = node.get("enum")
        yield from ([node["const"]] if "const" in node else []) + (enum if isinstance(enum, list) else [])
        yield from self._objects(node, depth)
        yield from self._arrays(node, depth)
        yield from _texts(node)
        yield from _numbers(node)
        for keyword in _ALTERNATIVES:
            for part in node.get(keyword) or ():
                yield from islice(self.values(part, depth + 1), _MOST_OF_A_PART * 2)
        for keyword in _OTHERS:
            if keyword in node:
                yield from islice(self.values(node[keyword], depth + 1), _MOST_OF_A_PART)
        yield from _PLAIN

    def _objects(self, node: dict[str, Any], depth: int) -> Iterator[JSON]:
        """The required properties alone; then each property with its values, each missing one, an undeclared one."""
        properties, required = node.get("properties"), node.get("required")
        properties = properties if isinstance(properties, dict) else {}
        names = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
        if not properties and not names and node.get("type") != "object" and not _OF_OBJECTS & node.keys():
            return
        others = node.get("additionalProperties", {})
        firsts = {name: self._first(properties.get(name, others), depth) for name in names}
        base: dict[str, JSON] = {name: value for name, value in firsts.items() if value is not ABSENT}
        yield {**base}
        for name, part in properties.items():
            for value in islice(self.values(part, depth + 1), _MOST_OF_A_PART):
                yield {**base, name: value}
        for name in names:
            yield {other: value for other, value in base.items() if other != name}
        for value in islice(self.values(others, depth + 1), _MOST_OF_A_PART):
            yield {**base, _EXTRA: value}
        yield from self._by_pattern(node, base, depth)
        for count in _edges(node, "minProperties", "maxProperties"):
            yield {**base, **{f"{_EXTRA}{number}": 0 for number in range(max(count - len(base), 0))}}

    def _by_pattern(self, node: dict[str, Any], base: dict[str, JSON], depth: int) -> Iterator[JSON]:
        """The object with a property of each pattern, with its values."""
        patterns = node.get("patternProperties")
        for pattern, part in patterns.items() if isinstance(patterns, dict) else ():
            if (name := text_for(pattern)) is not None:
                for value in islice(self.values(part, depth + 1), _MOST_OF_A_PART):
                    yield {**base, name: value}

    def _arrays(self, node: dict[str, Any], depth: int) -> Iterator[JSON]:
        items = node.get("items")
        if items is None and node.get("type") != "array" and "contains" not in node:
            return
        yield []
        if isinstance(items, list):
            yield [one for one in (self._first(part, depth) for part in items) if one is not ABSENT]
            return
        for part in (items if items is not None else {}, node.get("contains", {})):
            values = list(islice(self.values(part, depth + 1), _MOST_OF_A_PART))
            valid = self._first(part, depth)
            values = values if valid is ABSENT else [valid, *values]
            yield from ([value] for value in values)
            for count in _edges(node, "minItems", "maxItems"):
                yield from ([value] * count for value in values[:3])
                yield values[:count]
            if "uniqueItems" in node:
                yield from ([value, value] for value in values[:3])

    def around(self, node: Any, path: tuple[str, ...], value: JSON | Absent) -> JSON | Absent:
        """See :func:`whole_value`."""
        node = follow(self.root, node)
        if not path:
            return value
        if not isinstance(node, dict) or len(path) > _LONGEST_PATH:
            return ABSENT
        if path[0] == "*":
            item = self.around(node.get("items", {}), path[1:], value)
            return ABSENT if item is ABSENT else [item]
        properties = node.get("properties", {})
        names = [name for name in node.get("required", ()) if name != path[0]]
        others = node.get("additionalProperties", {})
        firsts = {name: self._first(properties.get(name, others), 0) for name in names}
        values: dict[str, JSON] = {name: one for name, one in firsts.items() if one is not ABSENT}
        if len(values) < len(firsts):
            return ABSENT
        inner = self.around(properties.get(path[0], others), path[1:], value)
        if inner is ABSENT:
            return {**values} if len(path) == 1 else ABSENT
        return {**values, path[0]: inner}

    def _first(self, node: JSON, depth: int) -> JSON | Absent:
        """A value that is valid in all likelihood: the caller decides."""
        values = islice(self.values(node, depth + 1), _MOST_OF_A_PART * 3)
        return next((value for value in values if is_valid_within(self.root, node, value)), ABSENT)


def _texts(node: dict[str, Any]) -> Iterator[JSON]:
    for count in _edges(node, "minLength", "maxLength"):
        yield "a" * count
    if isinstance(pattern := node.get("pattern"), str) and (text := text_for(pattern)) is not None:
        yield text


def _numbers(node: dict[str, Any]) -> Iterator[JSON]:
    for keyword in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"):
        limit = node.get(keyword)
        if isinstance(limit, int | float) and not isinstance(limit, bool) and math.isfinite(limit):
            yield from (limit, limit + 1, limit - 1)
            if keyword == "multipleOf":
                yield from (limit * 3, limit * 5, limit / 2)
            elif isinstance(limit, float) or node.get("type") == "number":
                yield from (limit + 0.5, limit - 0.5)


def _edges(node: dict[str, Any], least: str, most: str) -> Iterator[int]:
    """The counts around two limits, as far as a value of that size is small."""
    for keyword in (least, most):
        limit = node.get(keyword)
        if isinstance(limit, int) and not isinstance(limit, bool) and 0 <= limit <= _LONGEST:
            yield from (count for count in (limit - 1, limit, limit + 1) if count >= 0)


def whole_value(schema: JSON, path: tuple[str, ...], value: JSON | Absent) -> JSON | Absent:
    """The smallest value of ``schema`` with ``value`` at ``path``; an item of an array stands as ``*``.

    ABSENT as ``value`` means that the last property of ``path`` is missing. ABSENT where the schema has no such place.
    """
    return _Sampler(schema).around(schema, path, value)
