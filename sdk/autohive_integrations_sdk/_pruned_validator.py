"""A validator that takes no step into values that are certainly valid: a large value has few that are not.

The errors and their order are those of jsonschema, because it finds each of them: the fast validator only says of a
value within an array or object that there is nothing to find in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from gc import get_referents
from typing import Any

from autohive_integrations_sdk import _fast_validator, _references

_LARGE = 2_000
"""Values from which on it pays to compile a fast validator for parts of a schema."""

_CHUNK = 1024
"""Values that are checked at once; those of a chunk are looked at one by one only where one of them is not valid."""

_DEFINITIONS = "#/definitions/"


def is_large(data: Any) -> bool:
    """Whether the data holds so many values that validating them one by one takes a noticeable time."""
    level, seen = [data], 0
    while level and seen < _LARGE:
        seen += len(level)
        level = get_referents(*(one for one in level if type(one) is dict or type(one) is list))
    return seen >= _LARGE


def pruned(validator_class: Any, root: Any) -> Any:
    """The class of validators for ``root`` that leaves out what is certainly valid."""
    from jsonschema import validators

    keywords = _Keywords(validator_class.VALIDATORS, _Parts(root))
    changed = {
        "items": keywords.items,
        "properties": keywords.properties,
        "additionalProperties": keywords.additional_properties,
    }
    return validators.extend(validator_class, changed)  # type: ignore[no-untyped-call]  # the stubs leave it untyped


class _Keywords:
    """The keywords that apply a schema to many values; where nothing is certain they are jsonschema's."""

    def __init__(self, original: Any, parts: _Parts) -> None:
        self._original = original
        self._parts = parts

    def items(self, validator: Any, items: Any, instance: Any, schema: Any) -> Iterator[Any]:
        """The errors of the items that are not certainly valid."""
        if not isinstance(instance, list) or self._parts.accepts(items) is None:
            yield from self._original["items"](validator, items, instance, schema) or ()
            return
        for index in self._parts.uncertain(items, instance):
            yield from validator.descend(instance[index], items, path=index)

    def properties(self, validator: Any, properties: Any, instance: Any, schema: Any) -> Iterator[Any]:
        """The errors of the properties that are not certainly valid."""
        if not isinstance(instance, dict) or not isinstance(properties, dict):
            yield from self._original["properties"](validator, properties, instance, schema) or ()
            return
        for name, part in properties.items():
            if name in instance:
                value = instance[name]
                accepts = self._parts.accepts(part) if isinstance(value, dict | list) else None
                if accepts is None or not accepts(value):
                    yield from validator.descend(value, part, path=name, schema_path=name)

    def additional_properties(self, validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
        """The errors of the other properties that are not certainly valid."""
        declared = schema.get("properties", {})
        known = isinstance(instance, dict) and isinstance(declared, dict) and "patternProperties" not in schema
        accepts = self._parts.accepts(wanted) if known else None
        if accepts is None:
            yield from self._original["additionalProperties"](validator, wanted, instance, schema) or ()
            return
        names = [name for name in instance if name not in declared]
        for index in self._parts.uncertain(wanted, [instance[name] for name in names]):
            yield from validator.descend(instance[names[index]], wanted, path=names[index])


class _Parts:
    """The fast validators of the parts of a schema, compiled when they are first asked."""

    def __init__(self, root: Any) -> None:
        definitions = root.get("definitions") if isinstance(root, dict) else None
        self._definitions = definitions if isinstance(definitions, dict) else {}
        self._has_only_definitions = all(map(_refers_to_definitions, self._definitions.values()))
        self._compiled: dict[int, tuple[Any, _fast_validator.Accepts | None]] = {}
        self._lists: dict[int, tuple[Any, _fast_validator.Accepts | None]] = {}

    def accepts(self, part: Any) -> _fast_validator.Accepts | None:
        """Whether data is certainly valid under a part, None where only jsonschema can say."""
        known = self._compiled.get(id(part))
        if known is None:
            known = self._compiled[id(part)] = part, self._compile(part)
        return known[1]

    def uncertain(self, part: Any, values: list[Any]) -> Iterator[int]:
        """The indexes of the values that are not certainly valid under a part that :meth:`accepts` knows."""
        accepts = self.accepts(part)
        accepts_all = self._accepts_list(part) if len(values) > _CHUNK else None
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            if accepts_all is None or not accepts_all(chunk):
                yield from (start + at for at, value in enumerate(chunk) if accepts is None or not accepts(value))

    def _accepts_list(self, part: Any) -> _fast_validator.Accepts | None:
        known = self._lists.get(id(part))
        if known is None:
            known = self._lists[id(part)] = part, self._compile({"items": part})
        return known[1]

    def _compile(self, part: Any) -> _fast_validator.Accepts | None:
        if not isinstance(part, dict) or "definitions" in part:
            return None
        if next(_references.within(part), None) is None:
            return _fast_validator.compile_validator(part)
        if not self._has_only_definitions or not _refers_to_definitions(part):
            return None
        return _fast_validator.compile_validator({**part, "definitions": self._definitions})


def _refers_to_definitions(part: Any) -> bool:
    """Whether every reference in it leads to a definition, which a part of a schema can be given along."""
    return all(isinstance(one, str) and one.startswith(_DEFINITIONS) for one in _references.within(part))
