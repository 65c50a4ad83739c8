"""Whether one schema accepts all that another accepts, and a value that shows where it does not.

``jsonschema_rs`` proves or disproves containment on the canonical forms; a value counts as an example only if the
validators of ``schema`` agree.
"""

from functools import lru_cache
from typing import Any, Final

import jsonschema_rs
from jsonschema_rs import CanonicalSchema
from jsonschema_rs.canonical import CanonicalizationError, Containment

from workbench.compatibility.changes import Verdict
from workbench.compatibility.sample_values import smallest
from workbench.domain import JSON, Absent
from workbench.jsondoc.equality import key
from workbench.schema import is_valid

_DRAFT: Final = 7
_UNUSABLE: Final = (
    CanonicalizationError,
    jsonschema_rs.ValidationError,
    jsonschema_rs.ReferencingError,
    TypeError,
    ValueError,
)
_NO_FETCH: Final = "References to other documents are not fetched."


def covers(outer: JSON, inner: JSON) -> Verdict:
    """Whether every value that is valid under ``inner`` is valid under ``outer``."""
    one, other = _canonical(outer), _canonical(inner)
    if one is None or other is None:
        return Verdict.YES if key(outer) == key(inner) else Verdict.UNKNOWN
    try:
        answer = one.covers(other)
    except (CanonicalizationError, ValueError):
        return Verdict.UNKNOWN
    return {Containment.YES: Verdict.YES, Containment.NO: Verdict.NO}.get(answer, Verdict.UNKNOWN)


def example(outer: JSON, inner: JSON) -> JSON | Absent:
    """The smallest value found that is valid under ``inner`` and invalid under ``outer``; ABSENT if none is found."""
    hints = _difference(outer, inner)
    return smallest((inner, *hints, outer), lambda value: is_valid(inner, value) and not is_valid(outer, value))


def _difference(outer: JSON, inner: JSON) -> tuple[Any, ...]:
    """A schema of the values that only ``inner`` accepts, where it can be written."""
    one, other = _canonical(outer), _canonical(inner)
    if one is None or other is None:
        return ()
    try:
        return (other.subtract(one).to_json_schema(),)
    except (CanonicalizationError, ValueError):
        return ()


def _canonical(schema: JSON) -> CanonicalSchema | None:
    """The canonical form; None for what is not a schema or refers to something that is not there."""
    return _canonical_of(_Keyed(schema))


class _Keyed:
    """A schema that can be looked up in a cache by its content."""

    __slots__ = ("_key", "schema")

    def __init__(self, schema: JSON) -> None:
        self.schema: Any = schema
        self._key = key(schema)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self._key == other._key


@lru_cache(maxsize=512)
def _canonical_of(keyed: _Keyed) -> CanonicalSchema | None:
    try:
        return jsonschema_rs.canonicalize(keyed.schema, draft=_DRAFT, validate_formats=False, retriever=_refuse)
    except (
        CanonicalizationError,
        jsonschema_rs.ValidationError,
        jsonschema_rs.ReferencingError,
        ValueError,
        TypeError,
    ):
        return None


def _refuse(uri: str) -> Any:
    raise LookupError(f"{uri}: {_NO_FETCH}")


def forget() -> None:
    """Empty the cache, for measurements."""
    _canonical_of.cache_clear()
