"""The facts of an error in short texts: what its keyword requires, and what was found. Sentences are made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.domain import ABSENT, Excerpt
from workbench.jsondoc.equality import twins
from workbench.schema.labels import outline
from workbench.schema.words import kind, quote

CHOICES = 8
"""Values of an ``enum``, and names of properties, that are listed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``details`` are what the keyword requires, ``unlisted`` how much of it is left out, ``value`` what was found."""

    details: tuple[str, ...]
    value: Excerpt | None
    unlisted: int = 0


def facts(keyword: str, wanted: Any, instance: Any, schema: Any) -> Facts:
    """The facts of an error of ``keyword``, whose value is ``wanted``."""
    try:
        return _BY_KEYWORD.get(keyword, _other)(wanted, instance, schema)
    except Exception:  # a keyword of the wrong shape or a foreign value: never lose the error over its words
        return _other(wanted, instance, schema)


def difference(wanted: object, instance: object) -> Facts:
    """Those of a place within a container that had to be exactly as the schema gives it; either may be ABSENT."""
    return Facts(() if wanted is ABSENT else (quote(wanted),), excerpt(instance))


def excerpt(value: object) -> Excerpt | None:
    """A value in short, None for none."""
    if value is ABSENT:
        return None
    if isinstance(value, dict | list):
        return Excerpt(kind(value), "", len(value))
    if isinstance(value, str):
        return Excerpt("string", quote(value), len(value))
    plain = value is None or isinstance(value, bool | int | float)
    number = "integer" if isinstance(value, float) and value.is_integer() else kind(value)
    return Excerpt(number, quote(value) if plain else "")


def _types(wanted: Any, instance: Any, schema: Any) -> Facts:
    names = wanted if isinstance(wanted, list) else [wanted]
    return Facts(tuple(name if isinstance(name, str) else quote(name) for name in names), excerpt(instance))


def _enum(wanted: Any, instance: Any, schema: Any) -> Facts:
    values = wanted if isinstance(wanted, list) else [wanted]
    return Facts(tuple(map(quote, values[:CHOICES])), excerpt(instance), max(0, len(values) - CHOICES))


def _missing(wanted: Any, instance: Any, schema: Any) -> Facts:
    return Facts((), None)


def _extra(wanted: Any, instance: Any, schema: Any) -> Facts:
    known = list(schema.get("properties", {}))
    patterns = [f"names matching {quote(pattern)}" for pattern in schema.get("patternProperties", {})]
    return Facts((*map(quote, known[:CHOICES]), *patterns), excerpt(instance), max(0, len(known) - CHOICES))


def _items(wanted: Any, instance: Any, schema: Any) -> Facts:
    return Facts((str(len(schema["items"])),), excerpt(instance))


def _unique(wanted: Any, instance: Any, schema: Any) -> Facts:
    return Facts(tuple(map(str, twins(instance) or ())), excerpt(instance))


def _outlined(wanted: Any, instance: Any, schema: Any) -> Facts:
    return Facts((outline(wanted),), excerpt(instance))


def _false(wanted: Any, instance: Any, schema: Any) -> Facts:
    return Facts((), excerpt(instance))


def _other(wanted: Any, instance: Any, schema: Any) -> Facts:
    return Facts((quote(wanted),), excerpt(instance))


_BY_KEYWORD: Mapping[str, Callable[[Any, Any, Any], Facts]] = {
    "": _false,
    "type": _types,
    "enum": _enum,
    "required": _missing,
    "dependencies": _missing,
    "additionalProperties": _extra,
    "additionalItems": _items,
    "uniqueItems": _unique,
    "contains": _outlined,
    "not": _outlined,
}
