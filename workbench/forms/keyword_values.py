"""The values of keywords in a schema, read so that an invalid one counts as absent."""

from collections.abc import Mapping, Sequence

from workbench.domain import JSON
from workbench.forms.jsontext import dumps
from workbench.forms.merged_schema import Schema
from workbench.jsondoc.types import ARTICLES


def text_of(schema: Schema, key: str) -> str:
    """A keyword that should be a string; empty where it is not one."""
    value = schema.get(key)
    return value if isinstance(value, str) else ""


def mapping_of(schema: Schema, key: str) -> Mapping[str, JSON]:
    """A keyword that should be an object; empty where it is not one."""
    value = schema.get(key)
    return value if isinstance(value, dict) else {}


def names_of(schema: Schema, key: str) -> Sequence[str]:
    """A keyword that should be an array of strings; empty where it is not one."""
    value = schema.get(key)
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def types_of(schema: Schema, warnings: list[str]) -> tuple[str, ...]:
    """The names in ``type``; none where it is absent or invalid. The latter adds to ``warnings``."""
    written = schema.get("type")
    if written is None:
        return ()
    names = written if isinstance(written, list) else [written]
    unknown = [name for name in names if name not in ARTICLES]
    if unknown:
        warnings.append(f"{dumps(unknown[0])} is not a JSON Schema type, so any value is allowed here.")
        return ()
    return tuple(dict.fromkeys(str(name) for name in names))


def implied_types(schema: Schema) -> tuple[str, ...]:
    """The type that other keywords imply where ``type`` itself is missing."""
    if {"properties", "patternProperties"} & schema.keys() or isinstance(schema.get("additionalProperties"), dict):
        return ("object",)
    if {"items", "prefixItems"} & schema.keys():
        return ("array",)
    return ()


def tuple_of(schema: Schema) -> tuple[Sequence[JSON], JSON]:
    """The schemas of an array's first items by position, and that of the others.

    Draft 7 has them as an array in ``items`` with ``additionalItems``. The later ``prefixItems`` enforces nothing
    there, but says what is meant.
    """
    items = schema.get("items", True)
    if isinstance(items, list):
        return items, schema.get("additionalItems", True)
    first = schema.get("prefixItems")
    return (first if isinstance(first, list) else []), items
