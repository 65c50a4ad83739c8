"""Lints a schema: its validity, keywords that Draft 7 ignores, references, defaults and limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.domain import ErrorCode, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema import refs
from workbench.schema.closed_objects import conflicts
from workbench.schema.config_codes import ConfigFinding, config_finding
from workbench.schema.decimal_multiples import rejected_multiple
from workbench.schema.diagnose import diagnose
from workbench.schema.patterns import can_explode
from workbench.schema.schema_check import check_schema
from workbench.schema.similarity import similar
from workbench.schema.words import both, describe, quote, types

KEYWORDS = (
    *("$comment", "$id", "$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "const"),
    *("contains", "contentEncoding", "contentMediaType", "default", "definitions", "dependencies", "description"),
    *("else", "enum", "examples", "exclusiveMaximum", "exclusiveMinimum", "format", "if", "items", "maxItems"),
    *("maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf"),
    *("not", "oneOf", "pattern", "patternProperties", "properties", "propertyNames", "readOnly", "required", "then"),
    *("title", "type", "uniqueItems", "writeOnly"),
)
"""Every keyword of Draft 7."""

OWN_WORDS = frozenset({"label", "help_text", "placeholder", "$defs", "order", "group"})
"""Keywords that integrations add for forms; never reported as misspelled."""

_LATER = {
    "prefixItems": "items with an array",
    "dependentRequired": "dependencies",
    "dependentSchemas": "dependencies",
    "unevaluatedProperties": "additionalProperties",
    "unevaluatedItems": "additionalItems",
    "minContains": "contains",
    "maxContains": "contains",
    "$anchor": "$id",
    "$recursiveRef": "$ref",
    "$dynamicRef": "$ref",
    "divisibleBy": "multipleOf",
    "disallow": "not",
    "extends": "allOf",
}
_ANNOTATIONS = frozenset(
    {"$ref", "$comment", "$id", "$schema", "title", "description", "default", "examples", "readOnly", "writeOnly"}
    | {"definitions", "$defs", "label", "help_text"}
)
_RANGES = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)


def lint(schema: Any) -> tuple[ConfigFinding, ...]:
    """The errors and warnings of a schema, with pointers into it."""
    invalid = tuple(_invalid(each) for each in check_schema(schema))
    if any(each.code == "schema-too-deep" for each in invalid):
        return invalid
    odd = [each for at, node in refs.subschemas(schema) if isinstance(node, dict) for each in _odd(schema, at, node)]
    return (*invalid, *dict.fromkeys(odd))  # parts of a part come twice


def _invalid(found: ValidationError) -> ConfigFinding:
    if found.code is ErrorCode.REQUIRED_BOOLEAN:
        actual = found.value.text if found.value else ""
        return config_finding("schema-required-boolean", found.schema_pointer, actual=actual)
    if found.code is ErrorCode.SCHEMA_TOO_DEEP:
        return config_finding("schema-too-deep", "")
    return config_finding("schema-invalid", found.schema_pointer, message=found.message, expected=found.expected)


def _odd(root: Any, at: str, node: dict[str, Any]) -> Iterator[ConfigFinding]:
    if "$ref" in node:
        yield from _references(root, at, node)
        return
    for word in node:
        if word not in _PLAIN:
            yield from _words(at, word, node)
    if "required" in node:
        yield from _required(at, node)
    if "pattern" in node and isinstance(node["pattern"], str) and can_explode(node["pattern"]):
        yield config_finding("schema-pattern-slow", pointers.join(at, "pattern"), actual=quote(node["pattern"]))
    if "default" in node:
        yield from _default(root, at, node)
    if "enum" in node and "type" in node:
        yield from _enum(at, node)
    if rejected := rejected_multiple(node.get("multipleOf")):
        place, step = pointers.join(at, "multipleOf"), repr(node["multipleOf"])
        yield config_finding("schema-multiple-of-decimal", place, value=step, example=rejected)
    yield from _ranges(at, node)
    yield from _closed(root, at, node)


def _closed(root: Any, at: str, node: Mapping[str, Any]) -> Iterator[ConfigFinding]:
    found = list(conflicts(root, at, node))
    certain = {each.pointer for each in found if each.is_certain}
    for each in found:
        if each.is_certain or each.pointer not in certain:
            code = "schema-unsatisfiable" if each.is_certain else "schema-closed"
            yield config_finding(code, each.pointer, name=quote(each.name), closed=each.closed)


_PLAIN = frozenset(KEYWORDS) | OWN_WORDS


def _references(root: Any, at: str, node: Mapping[str, Any]) -> Iterator[ConfigFinding]:
    ref, place = node["$ref"], pointers.join(at, "$ref")
    if not isinstance(ref, str):
        return
    target = refs.target(root, ref)
    leads = target is not None and not refs.has_base(root, at)
    if not leads and "json-schema.org/" not in ref and not refs.resolves(root, at, ref):
        yield config_finding(
            "schema-ref-remote" if refs.is_remote(ref) else "schema-ref-not-found", place, actual=quote(ref)
        )
    if target is not None and _endless(root, target):
        yield config_finding("schema-ref-circular", place, actual=quote(ref))
    ignored = [word for word in node if word in KEYWORDS and word not in _ANNOTATIONS]
    if ignored:
        yield config_finding("schema-ref-siblings", pointers.join(at, ignored[0]), names=both(ignored))


def _endless(root: Any, target: str) -> bool:
    seen: set[str] = set()
    while target not in seen:
        seen.add(target)
        node = pointers.resolve(root, target)
        ref = node.get("$ref") if isinstance(node, dict) else None
        following = refs.target(root, ref) if isinstance(ref, str) else None
        if following is None:
            return False
        target = following
    return True


def _words(at: str, word: str, node: Mapping[str, Any]) -> Iterator[ConfigFinding]:
    place = pointers.join(at, word)
    if word == "nullable":
        if node[word] is True and not _takes_null(node):
            yield config_finding("schema-nullable", place, type=quote(node.get("type", "string")))
    elif word in _LATER:
        yield config_finding("schema-ignored-keyword", place, name=word, hint=_LATER[word])
    elif meant := similar(word, [keyword for keyword in KEYWORDS if len(keyword) > 3 and keyword not in node]):
        yield config_finding("schema-ignored-keyword", place, name=word, hint=meant)


def _takes_null(node: Mapping[str, Any]) -> bool:
    kind = node.get("type")
    return kind is None or kind == "null" or (isinstance(kind, list) and "null" in kind)


def _required(at: str, node: Mapping[str, Any]) -> Iterator[ConfigFinding]:
    declared, names = node.get("properties"), node["required"]
    if not isinstance(declared, dict) or not isinstance(names, list) or "patternProperties" in node:
        return
    for index, name in enumerate(names):
        if isinstance(name, str) and name not in declared:
            meant = similar(name, [other for other in declared if other not in names])
            hint = f" (did you mean {quote(meant)}?)" if meant else ""
            yield config_finding(
                "schema-required-unknown", pointers.join(at, "required", index), actual=quote(name), hint=hint
            )


def _default(root: Any, at: str, node: Mapping[str, Any]) -> Iterator[ConfigFinding]:
    definitions = root.get("definitions") if isinstance(root, dict) else None
    own = {word: value for word, value in node.items() if word != "default"}
    if isinstance(definitions, dict):
        own["definitions"] = definitions
    found = [each for each in diagnose(own, node["default"]).errors if not each.in_schema]
    if found:
        yield config_finding("schema-default-invalid", pointers.join(at, "default"), message=found[0].message)


def _enum(at: str, node: Mapping[str, Any]) -> Iterator[ConfigFinding]:
    if not isinstance(node["enum"], list):
        return
    for index, value in enumerate(node["enum"]):
        if not diagnose({"type": node["type"]}, value).valid:
            yield config_finding(
                "schema-enum-invalid",
                pointers.join(at, "enum", index),
                actual=describe(value),
                type=types(node["type"]),
            )


def _ranges(at: str, node: Mapping[str, Any]) -> Iterator[ConfigFinding]:
    for low, high in _RANGES:
        if low in node and high in node:
            least, most = node[low], node[high]
            if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
                yield config_finding("schema-empty-range", pointers.join(at, low), low=low, high=high)
