"""Mends: the smallest changes of data or schema that make a error go away, offered only after they were tried."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from genson import SchemaGenerationError

from workbench.domain import JSON, ValidationError
from workbench.jsondoc.patch import Patch, PatchError, apply
from workbench.schema.diagnose import Diagnosis, diagnose
from workbench.schema.fixes import data_fixes, schema_fixes
from workbench.schema.fixes.data_fixes import Candidate
from workbench.schema.schema_check import check_schema, fits

MOST = 4
"""Offers for each target; more would be a menu, not a mend."""


MANY = 1000
"""Errors from which on changes of the data are not tried."""


class Target(StrEnum):
    """What a mend changes."""

    DATA = "data"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Mend:
    """One offer: a JSON Patch for the data or the schema, and in words what it does.

    ``left`` is how many other errors remain; ``recorded`` how many recorded values were tried, ``fitting`` how many of
    them fit once it is applied.
    """

    target: Target
    patch: Patch
    title: str
    left: int = 0
    recorded: int = 0
    fitting: int = 0


def mends(schema: JSON, instance: JSON, error: ValidationError, recorded: Sequence[JSON] = ()) -> tuple[Mend, ...]:
    """Changes that were tried and found to remove ``error`` without making another, the smallest first.

    A change of the schema is offered only where the schema stays valid and refuses no ``recorded`` value that fitted.
    Where a value has thousands of errors only the schema is tried: no change of one place would help it.
    """
    before = diagnose(schema, instance)
    data = (
        ()
        if error.in_schema or len(before.errors) > MANY
        else _tried_on_data(schema, instance, error, before, len(recorded))
    )
    on_schema = _tried_on_schema(schema, instance, error, before, recorded)
    return (*_first(data), *_first(on_schema))


def _first(offers: Iterable[Mend]) -> Iterator[Mend]:
    seen: list[Patch] = []
    for offer in offers:
        if offer.patch not in seen:
            seen.append(offer.patch)
            yield offer
        if len(seen) == MOST:
            return


def _tried_on_data(
    schema: Any, instance: Any, error: ValidationError, before: Diagnosis, recorded: int
) -> Iterator[Mend]:
    for title, patch in _guesses(data_fixes.candidates(schema, instance, error)):
        try:
            after = diagnose(schema, apply(instance, patch))
        except (PatchError, TypeError):  # what cannot be copied cannot be tried
            continue
        if _better(before, after, error):
            left = len(after.errors)
            yield Mend(Target.DATA, patch, title, left)


def _tried_on_schema(
    schema: Any, instance: Any, error: ValidationError, before: Diagnosis, recorded: Sequence[Any]
) -> Iterator[Mend]:
    fitted = [fits(schema, value) for value in recorded]
    for title, patch in _guesses(schema_fixes.candidates(schema, instance, error)):
        try:
            mended = apply(schema, patch)
        except PatchError:
            continue
        broken = check_schema(mended)
        after = diagnose(mended, instance)
        known = {(each.schema_pointer, each.keyword) for each in before.schema_errors}
        if any((each.schema_pointer, each.keyword) not in known for each in broken) or not _better(
            before, after, error
        ):
            continue
        fits_now = [fits(mended, value) for value in recorded]
        if all(now for now, then in zip(fits_now, fitted, strict=True) if then):
            left, fitting = len(after.errors), sum(fits_now)
            yield Mend(Target.SCHEMA, patch, title, left, len(recorded), fitting)


def _guesses(candidates: Iterator[Candidate]) -> Iterator[Candidate]:
    """The candidates as long as they can be made: values that are no JSON, and schemas that are none, end them."""
    try:
        yield from candidates
    except (ArithmeticError, AttributeError, LookupError, RecursionError, SchemaGenerationError, TypeError, ValueError):
        return


def _better(before: Diagnosis, after: Diagnosis, error: ValidationError) -> bool:
    """Whether the error is gone and none has come that was not there."""
    old = {_key(each) for each in before.errors}
    new = {_key(each) for each in after.errors}
    return _key(error) not in new and new < old and not after.more


def _key(error: ValidationError) -> tuple[str, str, str]:
    return error.pointer, error.keyword, error.schema_pointer
