"""One sentence for each keyword: what is there, what the schema wants."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.domain import ABSENT
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import twins
from workbench.schema.words import both, choices, count, describe, kind, place, quote, types

type Said = tuple[str, str, str]
"""``expected``, ``actual`` and ``message`` of a fault."""


def say(keyword: str, wanted: Any, instance: Any, schema: Any, pointer: str) -> Said:
    """The words for a fault of ``keyword`` (whose value is ``wanted``) at ``pointer``."""
    try:
        expected, actual = _PHRASES.get(keyword, _other)(wanted, instance, schema)
    except Exception:  # a keyword of the wrong shape or a foreign value: never lose the fault over its words
        expected, actual = _other(wanted, instance, schema)
    if keyword in ("required", "dependencies"):
        return expected, actual, f"{place(pointer)} is missing; {_missing(keyword, pointer)}."
    if keyword == "additionalProperties":
        return expected, actual, f"{place(pointer)} is not a member that the schema knows; it allows {expected}."
    if keyword == "additionalItems":
        return expected, actual, f"{place(pointer)} is one item too many; the schema wants {expected}."
    if keyword == "":
        return expected, actual, f"{place(pointer)} is {actual}; the schema allows nothing here."
    return expected, actual, f"{place(pointer)} is {actual}; the schema wants {expected}."


def say_different(wanted: object, instance: object, pointer: str) -> Said:
    """The words for a place within a container that had to be exactly as the schema spells it out."""
    if instance is ABSENT:
        return quote(wanted), "nothing", f"{place(pointer)} is missing; the schema wants {quote(wanted)} there."
    if wanted is ABSENT:
        return "nothing", quote(instance), f"{place(pointer)} is not part of what the schema spells out."
    return quote(wanted), quote(instance), f"{place(pointer)} is {quote(instance)}; the schema wants {quote(wanted)}."


_COMPARED = 1000
"""Names that one is compared with; among more, one that is close says little."""


def similar(name: object, known: Sequence[str]) -> str:
    """The one of ``known`` that ``name`` was probably meant to be, or ``""``."""
    if not isinstance(name, str) or len(known) > _COMPARED:
        return ""
    folded = {_fold(other): other for other in reversed(known)}
    if _fold(name) in folded:
        return folded[_fold(name)]
    close = difflib.get_close_matches(_fold(name)[:100], folded, n=1, cutoff=0.75) if len(name) > 1 else []
    return folded[close[0]] if close else ""


def _fold(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _missing(keyword: str, pointer: str) -> str:
    container = pointers.parent(pointer)
    holder = "the schema requires it" if not container else f"the schema requires it in {place(container)}"
    return holder if keyword == "required" else f"{holder} because of another member that is there"


def _type(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return types(wanted), describe(instance)


def _enum(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return choices(wanted) if isinstance(wanted, list) else quote(wanted), quote(instance)


def _const(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    if kind(wanted) == kind(instance) and isinstance(wanted, dict | list):
        return f"exactly {quote(wanted)} as the schema spells it out", f"{quote(instance)} that differs"
    return f"exactly {quote(wanted)}", quote(instance)


def _required(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return "a member of that name", "nothing"


def _extra(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    known = list(schema.get("properties", {}))
    patterns = [f"names like {quote(pattern)}" for pattern in schema.get("patternProperties", {})]
    if not known and not patterns:
        return "no members", "a member"
    return both(
        [*map(quote, known[:8]), *([f"{len(known) - 8} more"] if len(known) > 8 else []), *patterns]
    ), "a member"


def _limit(words: str) -> Callable[[Any, Any, Any], tuple[str, str]]:
    return lambda wanted, instance, schema: (f"{words} {quote(wanted)}", quote(instance))


def _length(words: str) -> Callable[[Any, Any, Any], tuple[str, str]]:
    def phrase(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
        size = "" if len(instance) > 60 else f" ({count(len(instance), 'character')})"
        return f"{words} {_count(wanted, 'character')}", f"{quote(instance)}{size}"

    return phrase


def _size(words: str, noun: str) -> Callable[[Any, Any, Any], tuple[str, str]]:
    return lambda wanted, instance, schema: (f"{words} {_count(wanted, noun)}", quote(instance))


def _count(number: Any, noun: str) -> str:
    """Limits such as 2.0 are legal."""
    whole = isinstance(number, int | float) and number == int(number)
    return count(int(number), noun) if whole else f"{quote(number)} {noun}s"


def _pattern(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return f"text that matches the pattern {quote(wanted)}", quote(instance)


def _unique(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    found = twins(instance)
    where = f" whose items {found[0]} and {found[1]} are equal" if found else " with equal items"
    return "items that all differ", f"an array{where}"


def _contains(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return f"at least one item that is {outline(wanted)}", f"{quote(instance)} with no such item"


def _not(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return f"anything but {outline(wanted)}", quote(instance)


def _nothing(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return "nothing", describe(instance)


def _other(wanted: Any, instance: Any, schema: Any) -> tuple[str, str]:
    return f"what its keyword asks: {quote(wanted)}", describe(instance)


def outline(schema: Any) -> str:
    """A schema in a few words: its title, or what it asks first."""
    if not isinstance(schema, dict):
        return "nothing" if schema is False else "any value"
    if isinstance(title := schema.get("title"), str) and title:
        return title
    return _asked(schema) or "a value of its own schema"


def _asked(schema: Mapping[str, Any]) -> str:
    if "const" in schema:
        return quote(schema["const"])
    if isinstance(schema.get("enum"), list):
        return choices(schema["enum"], most=4)
    words = types(schema["type"]) if schema.get("type") else ""
    if isinstance(schema.get("required"), list) and schema["required"]:
        names = both(quote(name) for name in schema["required"][:4])
        return f"{words or 'an object'} with {names}"
    if schema.get("type") == "array" and isinstance(items := schema.get("items"), dict) and items.get("type"):
        return f"an array in which each item is {types(items['type'])}"
    if not words and isinstance(schema.get("properties"), dict):
        return f"an object with {both(quote(name) for name in list(schema['properties'])[:4])}"
    for keyword in ("minimum", "maximum", "pattern", "format", "minLength", "maxLength"):
        if keyword in schema:
            return f"{words or 'a value'} with {keyword} {quote(schema[keyword])}"
    return words


_PHRASES: Mapping[str, Callable[[Any, Any, Any], tuple[str, str]]] = {
    "": _nothing,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "dependencies": _required,
    "additionalProperties": _extra,
    "minimum": _limit("at least"),
    "maximum": _limit("at most"),
    "exclusiveMinimum": _limit("more than"),
    "exclusiveMaximum": _limit("less than"),
    "multipleOf": _limit("a multiple of"),
    "minLength": _length("at least"),
    "maxLength": _length("at most"),
    "minItems": _size("at least", "item"),
    "maxItems": _size("at most", "item"),
    "additionalItems": lambda wanted, instance, schema: _size("at most", "item")(
        len(schema["items"]), instance, schema
    ),
    "minProperties": _size("at least", "member"),
    "maxProperties": _size("at most", "member"),
    "pattern": _pattern,
    "uniqueItems": _unique,
    "contains": _contains,
    "not": _not,
}
