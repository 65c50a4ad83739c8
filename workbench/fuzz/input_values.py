"""The values that an input is tried with: what its schema names, the edges of its rules, and what is just beyond.

hypothesis-jsonschema is not used: its last release is of February 2024, and it fails with the hypothesis of today.
"""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from workbench.compatibility.sample_values import edge_values
from workbench.domain import ABSENT, JSON, Absent
from workbench.schema import is_valid_within
from workbench.schema.refs import follow

_MOST_VALID: Final = 24
_MOST_INVALID: Final = 4
_TEXTS: Final = ("", " ", "a\x00b", "\u202e\u05d0\u05d1", "\U0001f469\u200d\U0001f467", "'\"<>&;", "x" * 10_000)
"""Texts that a string's schema seldom rules out: empty, blank, with NUL, right-to-left, joined emoji, quotes, long."""
_NUMBERS: Final = (0, -1, 2**31, 2**53 + 1)
_FRACTIONS: Final = (0.1, 1e300)
_MANY: Final = 100
_FORMATS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "date": ("1970-01-01", "2024-02-29", "0001-01-01", "9999-12-31", "2024-02-30"),
        "date-time": ("2024-02-29T23:59:60Z", "1970-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z", "2024-02-29"),
        "time": ("00:00:00Z", "23:59:60Z", "12:00"),
        "email": ("a+b@example.com", "ü@example.com", '"a b"@example.com', "a@localhost"),
        "uri": ("http://localhost", "https://[::1]:8443/%C3%BC?q=%26#x", "urn:isbn:0451450523", "example.com"),
        "hostname": ("localhost", "xn--bcher-kva.example"),
        "ipv4": ("127.0.0.1", "255.255.255.255"),
        "ipv6": ("::", "::ffff:192.0.2.1"),
        "uuid": ("00000000-0000-0000-0000-000000000000", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"),
    }
)  # fmt: skip
"""Texts at the edges of a format, and just beyond them: the SDK does not check formats."""


def values_at(schema: JSON, part: JSON, recorded: JSON | Absent = ABSENT) -> list[JSON]:
    """Values for a part of ``schema`` other than the recorded one, each once: first the valid ones."""
    node = follow(schema, part)
    valid: list[JSON] = []
    invalid: list[JSON] = []
    seen = set() if recorded is ABSENT else {json.dumps(recorded, sort_keys=True)}
    for value in _candidates(schema, node):
        text = json.dumps(value, sort_keys=True)
        if text not in seen:
            seen.add(text)
            (valid if is_valid_within(schema, part, value) else invalid).append(value)
    return [*valid[:_MOST_VALID], *invalid[:_MOST_INVALID]]


def _candidates(schema: JSON, node: JSON) -> Iterator[JSON]:
    if not isinstance(node, dict):
        yield from edge_values(node)
        return
    yield from _named(node)
    kinds = node.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "string" in kinds:
        yield from _FORMATS.get(str(node.get("format")), ())
        yield from _TEXTS
    edges = list(edge_values(_rooted(schema, node)))
    if "array" in kinds:
        single = [each for each in edges if isinstance(each, list) and len(each) == 1]
        yield from ([*each] * _MANY for each in single[:1])
    yield from edges
    if "integer" in kinds or "number" in kinds:
        yield from _NUMBERS
    if "number" in kinds:
        yield from _FRACTIONS


def _named(node: dict[str, Any]) -> Iterator[JSON]:
    """What the schema names itself: its examples, its default, its constants."""
    for keyword in ("examples", "enum"):
        values = node.get(keyword)
        yield from values if isinstance(values, list) else ()
    for keyword in ("example", "default", "const"):
        if keyword in node:
            yield node[keyword]


def _rooted(schema: JSON, node: dict[str, Any]) -> JSON:
    """The part as a schema of its own, with the definitions that its references lead to."""
    if not isinstance(schema, dict):
        return node
    return {**{name: schema[name] for name in ("definitions", "$defs") if name in schema}, **node}
