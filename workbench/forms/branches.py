"""Which branch of a choice a value belongs to: one that it is valid for, else the one that it comes closest to."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.exceptions import UnknownType
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from workbench.domain import JSON
from workbench.forms.keywords import mapping_of, pattern_takes
from workbench.forms.merge import Schema

_ENOUGH = 50
"""Faults that are counted in one branch at most."""


class Judge:
    """Judges values against parts of one schema document. References out of it are not followed."""

    def __init__(self, root: JSON) -> None:
        schema = root if isinstance(root, dict) else {}
        self._validator = _Bounded(schema, registry=Registry())

    def closest(self, branches: Sequence[tuple[int, Schema]], value: JSON) -> int:
        """The index of the branch that ``value`` fits best; the first one on an even tie."""
        return min(branches, key=lambda branch: self._distance(branch[1], value))[0]

    def _distance(self, schema: Schema, value: JSON) -> tuple[int, int, int]:
        """How far ``value`` is from ``schema``: members with another constant first, then faults, then strangers."""
        faults = self._faults(schema, value)
        if not isinstance(value, dict):
            return (0, faults, 0)
        declared = mapping_of(schema, "properties")
        wrong = sum(1 for name, part in declared.items() if _contradicts(part, name, value)) if faults else 0
        return (wrong, faults, -sum(1 for name in value if name in declared))

    def _faults(self, schema: Schema, value: JSON) -> int:
        try:
            errors = self._validator.evolve(schema=schema).iter_errors(value)
            return sum(1 for _ in islice(errors, _ENOUGH))
        except (UnknownType, Unresolvable, TypeError, ValueError, RecursionError, AttributeError):
            return _ENOUGH


def _contradicts(part: JSON, name: str, value: dict[str, JSON]) -> bool:
    return isinstance(part, dict) and "const" in part and value.get(name) != part["const"]


def _pattern(validator: Validator, pattern: str, instance: object, schema: object) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not pattern_takes(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, members: dict[str, JSON], instance: JSON, schema: object
) -> Iterator[ValidationError]:
    named = instance if isinstance(instance, dict) else {}
    for pattern, part in members.items():
        for name, value in named.items():
            if pattern_takes(pattern, name):
                yield from validator.descend(value, part, path=name, schema_path=pattern)


_Bounded = extend(  # type: ignore[no-untyped-call]  # the stubs leave it so
    Draft7Validator, {"pattern": _pattern, "patternProperties": _pattern_properties}
)
