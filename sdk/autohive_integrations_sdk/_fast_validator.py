"""A fast check by jsonschema-rs, for the schemas and the data on which it is known to agree with jsonschema.

Only the result "valid" is used; in every other case jsonschema decides and explains. The two differ on regular
expressions (Rust's dialect is not Python's), on ``multipleOf`` with floats, on what is equal (``true`` and ``1`` inside
``uniqueItems`` and in the containers of ``const`` and ``enum``), on tuples, ``Decimal``, enum members, NaN and
infinities. Schemas and data with any of these are not checked here; nor are references that lead out of the schema, or
whose work is not bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from gc import get_referents
from typing import Any

from autohive_integrations_sdk import _references

_DEEPEST = 100
_SMALL = 64
"""Containers, and items of one, up to which a loop in Python is faster than going through values level by level."""

_MOST = 10_000_000
"""Values of one level; a list that holds itself twice doubles with each."""

_EXACT = 2**53
"""Below it a float holds every integer."""

_SCALARS = frozenset({str, int, float, bool, type(None)})
_PLAIN = _SCALARS | {dict, list}
_DRAFT_7 = frozenset({"http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema"})

_WITHOUT_PROPERTIES = ("string", "number", "integer", "boolean", "null", "array")
_ABOUT_NUMBERS = frozenset(
    {"contains", "exclusiveMaximum", "exclusiveMinimum", "if", "maximum", "minimum", "not", "oneOf"}
)
"""Keywords under which the two may disagree on NaN and infinities, which jsonschema-rs takes for no numbers."""

_ONE_SCHEMA = frozenset(
    {"additionalItems", "additionalProperties", "contains", "else", "if", "not", "propertyNames", "then"}
)
_NAMED_SCHEMAS = frozenset({"properties"})
_LISTED_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf"})
_LIMITS = frozenset(
    {
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "required",
        "type",
    }
)
_UNSAFE = frozenset(
    {
        "$anchor",
        "$dynamicRef",
        "$id",
        "$recursiveRef",
        "$vocabulary",
        "contentEncoding",
        "contentMediaType",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "divisibleBy",
        "disallow",
        "extends",
        "id",
        "maxContains",
        "minContains",
        "multipleOf",
        "pattern",
        "patternProperties",
        "prefixItems",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    }
)


type Accepts = Callable[[Any], bool]
"""Whether data is certainly valid. False only means that jsonschema must check it."""


def compile_validator(schema: Any) -> Accepts | None:
    """The check of a schema, or None where only jsonschema may decide."""
    if not _is_plain(schema, True) or not _is_safe(schema):
        return None
    references = _references_in(schema)
    if references is None or not _references.are_bounded(schema, references):
        return None
    try:
        import jsonschema_rs

        compiled = jsonschema_rs.Draft7Validator(_without_idle(schema), validate_formats=False, offline=True)
    except ValueError:  # an invalid schema: jsonschema raises only where the data reaches it
        return None
    except (ImportError, TypeError):  # not among an integration's dependencies, or too old
        return None
    return _accepts(compiled.is_valid, finite=_is_about_numbers(schema))


def _accepts(is_valid: Accepts, *, finite: bool) -> Accepts:
    def accepts(data: Any) -> bool:
        try:
            return _is_plain(data, finite) and is_valid(data)
        except ValueError:  # half a surrogate pair, or a key that is not text
            return False

    return accepts


def _is_plain(value: Any, finite: bool) -> bool:
    """Whether a value is made of JSON's own types, not too deep to walk; ``finite`` asks for finite numbers, too.

    Keys are not looked at: jsonschema-rs raises ValueError for those that are not text, wherever it reads them.
    """
    plain = _are_plain((value,), _DEEPEST, finite, [_SMALL])
    return _is_plain_by_levels(value, finite) if plain is None else plain


def _are_plain(values: Iterable[Any], depth: int, finite: bool, left: list[int]) -> bool | None:
    """Whether all of these are plain; None where there are more than a loop in Python is good for."""
    for value in values:
        kind = type(value)
        if kind is str or kind is int or kind is bool or value is None:
            continue
        if kind is float:
            if finite and value - value != 0.0:  # so it is for NaN and the infinities alone
                return False
            continue
        if (kind is not dict and kind is not list) or depth == 0:
            return False
        left[0] -= 1
        if left[0] < 0 or len(value) > _SMALL:
            return None
        plain = _are_plain(value.values() if kind is dict else value, depth - 1, finite, left)
        if not plain:
            return plain
    return True


def _is_plain_by_levels(value: Any, finite: bool) -> bool:
    """The same for a large value: all containers of a level are opened at once, which costs no step in Python each."""
    level = [value]
    for _ in range(_DEEPEST):
        kinds = set(map(type, level))
        if not kinds <= _PLAIN or len(level) > _MOST:
            return False
        if finite and float in kinds and not all(one - one == 0.0 for one in level if type(one) is float):
            return False
        if kinds <= _SCALARS:
            return True
        level = get_referents(*level)
    return False


def _is_safe(schema: Any, *, root: bool = True) -> bool:
    """Whether a schema (of plain values) has only keywords that both libraries read alike."""
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict) or not _UNSAFE.isdisjoint(schema):
        return False
    return all(_keyword_is_safe(keyword, value, root) for keyword, value in schema.items())


def _keyword_is_safe(keyword: str, value: Any, root: bool) -> bool:
    if keyword in _ONE_SCHEMA:
        return _is_safe(value, root=False)
    if keyword in _NAMED_SCHEMAS:
        return isinstance(value, dict) and all(_is_safe(child, root=False) for child in value.values())
    if keyword in _LISTED_SCHEMAS:
        return isinstance(value, list) and all(_is_safe(child, root=False) for child in value)
    if keyword == "items":
        children = value if isinstance(value, list) else [value]
        return all(_is_safe(child, root=False) for child in children)
    if keyword == "enum":
        return isinstance(value, list) and all(map(_is_safe_option, value))
    if keyword == "const":
        return _is_safe_option(value)
    if keyword == "$schema":
        return root and value in _DRAFT_7
    if keyword == "$ref":
        return isinstance(value, str) and value.startswith("#")
    return True


def _is_safe_option(value: Any) -> bool:
    """Whether both libraries read alike what equals this value: text, null, or a number that a float holds exactly."""
    return value is None or type(value) is str or (type(value) in (int, float) and abs(value) < _EXACT)


def _references_in(schema: Any) -> set[str] | None:
    """Every reference that can be reached in a schema, and the root; None where one leads to what is not safe."""
    found = {"#"}
    waiting = [schema]
    while waiting:
        for reference in _references.within(waiting.pop()):
            target = _references.definition(schema, reference)
            if not isinstance(target, (dict, bool)) or not _is_safe(target, root=target is schema):
                return None
            if reference not in found:
                found.add(reference)
                waiting.append(target)
    return found


def _is_about_numbers(node: Any) -> bool:
    """Whether one of :data:`_ABOUT_NUMBERS` stands anywhere in a schema."""
    if isinstance(node, dict):
        return not _ABOUT_NUMBERS.isdisjoint(node) or any(map(_is_about_numbers, node.values()))
    return isinstance(node, list) and any(map(_is_about_numbers, node))


def _without_idle(schema: Any) -> Any:
    """The schema without keywords that its ``type`` leaves nothing to do, such as ``"required": false`` of a string.

    jsonschema never reads them; jsonschema-rs compiles no schema in which one of them is invalid.
    """
    if isinstance(schema, list):
        return [_without_idle(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    is_idle = schema.get("type") in _WITHOUT_PROPERTIES
    return {keyword: _without_idle(value) for keyword, value in schema.items() if not is_idle or keyword != "required"}
