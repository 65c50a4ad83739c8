"""A first schema from recorded values, merged with what is declared."""

from collections.abc import Sequence
from typing import Any

from genson import SchemaBuilder

from workbench.domain import JSON
from workbench.schema.schema_check import is_valid


def infer(samples: Sequence[JSON], declared: JSON = None) -> dict[str, JSON]:
    """A schema under which every sample is valid. ``declared`` is widened as far as the samples need.

    It keeps its words and its order. Properties that only some samples have are optional; what
    ``declared`` requires stays required where all have it.
    """
    builder = SchemaBuilder(schema_uri=None)
    for sample in samples:
        builder.add_object(sample)
    seen: dict[str, Any] = builder.to_schema()
    if not isinstance(declared, dict) or not declared:
        return seen
    merged = _merged(declared, seen)
    if all(is_valid(merged, sample) for sample in samples):
        return merged
    loosened = _merged(_without(declared), seen)
    return loosened if all(is_valid(loosened, sample) for sample in samples) else _annotated(declared, seen)


_SHAPE = frozenset({"type", "properties", "required", "items", "anyOf"})
_WORDS = frozenset({"title", "description", "label", "help_text", "format", "examples", "$comment", "default"})


def _merged(declared: Any, seen: Any) -> dict[str, Any]:
    if not isinstance(declared, dict) or not isinstance(seen, dict):
        return seen if isinstance(seen, dict) else {}
    if "anyOf" in seen or not _SHAPE & declared.keys():
        return _annotated(declared, seen)
    merged = dict(declared)
    if "type" in seen:
        merged["type"] = _types(declared.get("type"), seen["type"])
    if "properties" in seen:
        merged["properties"] = _members(declared.get("properties"), seen["properties"])
    if isinstance(declared.get("required"), list) and "properties" in seen:
        merged["required"] = [name for name in declared["required"] if name in seen.get("required", [])]
    if "items" in seen:
        merged["items"] = _merged(declared["items"], seen["items"]) if declared.get("items") else seen["items"]
    return merged


def _members(declared: Any, seen: dict[str, Any]) -> dict[str, Any]:
    known = declared if isinstance(declared, dict) else {}
    kept = {name: _merged(inner, seen[name]) if name in seen else inner for name, inner in known.items()}
    return kept | {name: inner for name, inner in seen.items() if name not in known}


def _types(declared: Any, seen: Any) -> Any:
    names = [*_listed(declared), *_listed(seen)]
    if "number" in names:
        names = [name for name in names if name != "integer"]
    unique = list(dict.fromkeys(names))
    return unique if len(unique) > 1 else unique[0]


def _listed(names: Any) -> list[Any]:
    return names if isinstance(names, list) else [] if names is None else [names]


def _annotated(declared: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    """What was seen, with the words of what is declared."""
    return {name: value for name, value in declared.items() if name in _WORDS} | seen


def _without(declared: Any) -> Any:
    """The declared schema without limits that samples break: shape and words only."""
    if not isinstance(declared, dict):
        return {}
    kept = {name: value for name, value in declared.items() if name in _SHAPE | _WORDS and name != "anyOf"}
    if isinstance(kept.get("properties"), dict):
        kept["properties"] = {name: _without(inner) for name, inner in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _without(kept["items"])
    return kept
