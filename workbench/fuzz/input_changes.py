"""The changes of inputs: valid values at the edges of the schema, and values just beyond them."""

import json
from collections.abc import Iterator
from typing import Final

from workbench.compatibility.sample_values import edge_values
from workbench.domain import JSON
from workbench.fuzz.variants import ChangeKind, Variant
from workbench.jsondoc import pointer as pointers
from workbench.schema import is_valid_within
from workbench.schema.refs import follow

_MOST_OF_A_PROPERTY: Final = 24
_TEXTS: Final = ("", " ", "a\x00b", "\u202e\u05d0\u05d1", "\U0001f469\u200d\U0001f467", "'\"<>&;", "x" * 10_000)
"""Texts that a string's schema seldom rules out: empty, blank, with NUL, right-to-left, joined emoji, quotes, long."""


def input_variants(schema: JSON, recorded: JSON) -> Iterator[Variant]:
    """The recorded inputs with one property at an edge of its schema, beyond it, or left out."""
    root = follow(schema, schema)
    if not isinstance(root, dict) or not isinstance(recorded, dict):
        return
    properties = root.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        seen = {json.dumps(recorded.get(name), sort_keys=True)}
        for value in _values(schema, part):
            text = json.dumps(value, sort_keys=True)
            if text not in seen and len(seen) <= _MOST_OF_A_PROPERTY:
                seen.add(text)
                yield Variant(ChangeKind.INPUT, pointer=pointers.join("", name), inputs={**recorded, name: value})
        if name in recorded:
            rest = {other: value for other, value in recorded.items() if other != name}
            yield Variant(ChangeKind.INPUT, pointer=pointers.join("", name), inputs=rest)


def _values(schema: JSON, part: JSON) -> Iterator[JSON]:
    """The valid ones first: those are what the handler must cope with."""
    node = follow(schema, part)
    is_text = isinstance(node, dict) and "string" in (node.get("type"), *_listed(node.get("type")))
    candidates = [*(_TEXTS if is_text else ()), *edge_values(_rooted(schema, node))]
    yield from sorted(candidates, key=lambda value: not is_valid_within(schema, part, value))


def _rooted(schema: JSON, node: JSON) -> JSON:
    """The part as a schema of its own, with the definitions that its references lead to."""
    if not isinstance(node, dict) or not isinstance(schema, dict):
        return node
    return {**{name: schema[name] for name in ("definitions", "$defs") if name in schema}, **node}


def _listed(kind: JSON) -> list[JSON]:
    return kind if isinstance(kind, list) else []
